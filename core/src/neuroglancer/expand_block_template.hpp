// The loop around `expand_row`, compiled once per instruction set.
//
// The including file defines SEGPRESSO_TARGET and, in the anonymous namespace, classes `Row<T>`
// with a constructor from `const T* table` and `template <unsigned Bits> void expand(std::uint32_t
// field, T* out)`, which writes the eight labels whose indices are the low 8 * Bits bits of
// `field`.

template <unsigned Bits, class T>
SEGPRESSO_TARGET void expand_rows(const Row<T>& row, const std::uint8_t* words, T* out,
                                  std::ptrdiff_t y_stride, std::ptrdiff_t z_stride) {
  for (std::ptrdiff_t z = 0; z < 8; ++z) {
    for (std::ptrdiff_t y = 0; y < 8; ++y) {
      std::uint32_t field = 0;
      for (unsigned i = 0; i < Bits; ++i) field |= std::uint32_t{words[i]} << (8 * i);
      row.template expand<Bits>(field, out + y * y_stride + z * z_stride);
      words += Bits;
    }
  }
}

template <class T>
SEGPRESSO_TARGET void expand_block(const T* table, const std::uint8_t* words, unsigned bits, T* out,
                                   std::ptrdiff_t y_stride, std::ptrdiff_t z_stride) {
  const Row<T> row(table);
  if (bits == 1) {
    expand_rows<1>(row, words, out, y_stride, z_stride);
  } else if (bits == 2) {
    expand_rows<2>(row, words, out, y_stride, z_stride);
  } else {
    expand_rows<4>(row, words, out, y_stride, z_stride);
  }
}

constexpr ExpandBlockKernels kernels{expand_block<std::uint32_t>, expand_block<std::uint64_t>};
