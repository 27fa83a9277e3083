// The loop around `differ64`, compiled once per instruction set.
//
// The including file defines SEGPRESSO_TARGET (function attribute, may be empty) and, in the
// anonymous namespace, overloads `std::uint64_t differ64(const T* a, const T* b)` that compare 64
// labels and set bit i iff a[i] != b[i]. Loading `row` twice (once against its own shift, once
// against the row below) costs nothing: the second load hits L1, and memory is the bottleneck.

template <class T>
SEGPRESSO_TARGET void boundary_row(const T* row, const T* below, const T* behind, std::size_t n,
                                   std::uint64_t* bits) {
  std::size_t x = 0;
  // row[x + 64] must exist: it is the last voxel's right neighbour.
  for (; x + 64 < n; x += 64) {
    std::uint64_t word = differ64(row + x, row + x + 1);
    if (below != nullptr) word |= differ64(row + x, below + x);
    if (behind != nullptr) word |= differ64(row + x, behind + x);
    bits[x / 64] = word;
  }
  std::uint64_t word = 0;
  const std::size_t begin = x;
  if (n > 64) {
    // The last 64 voxels, some of them again; the very last has no right neighbour.
    const std::size_t last = n - 64;
    const std::size_t again = begin - last;
    word = differ64(row + last - 1, row + last) >> 1 >> again;
    if (below != nullptr) word |= differ64(row + last, below + last) >> again;
    if (behind != nullptr) word |= differ64(row + last, behind + last) >> again;
    x = n;
  }
  for (; x < n; ++x) {
    const bool differs = (x + 1 < n && row[x] != row[x + 1]) ||
                         (below != nullptr && row[x] != below[x]) ||
                         (behind != nullptr && row[x] != behind[x]);
    word |= static_cast<std::uint64_t>(differs) << (x - begin);
  }
  if (begin < n) bits[begin / 64] = word;
}

template <class T>
SEGPRESSO_TARGET void differ_row(const T* a, const T* b, std::size_t n, std::uint64_t* bits) {
  std::size_t x = 0;
  for (; x + 64 <= n; x += 64) bits[x / 64] = differ64(a + x, b + x);
  if (x == n) return;
  std::uint64_t word = 0;
  if (n > 64) {
    // The last 64 voxels, some of them again.
    bits[x / 64] = differ64(a + n - 64, b + n - 64) >> (64 - (n - x));
    return;
  }
  for (std::size_t i = 0; x + i < n; ++i) {
    word |= static_cast<std::uint64_t>(a[x + i] != b[x + i]) << i;
  }
  bits[x / 64] = word;
}

constexpr BoundaryRowKernels kernels{boundary_row<std::uint8_t>, boundary_row<std::uint16_t>,
                                     boundary_row<std::uint32_t>, boundary_row<std::uint64_t>};
constexpr DifferRowKernels differ_kernels{differ_row<std::uint8_t>, differ_row<std::uint16_t>,
                                          differ_row<std::uint32_t>, differ_row<std::uint64_t>};
