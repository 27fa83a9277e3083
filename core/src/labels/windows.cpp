#include "labels/windows.hpp"

#include <algorithm>

#include "labels/transpose.hpp"

namespace segpresso {
namespace {

using ReadRows = std::span<const std::uint64_t* const>;
using WriteRows = std::span<std::uint64_t* const>;

constexpr std::uint64_t even_nibbles = 0x0F0F0F0F0F0F0F0F;

std::uint64_t low_bits(unsigned count) noexcept { return ~std::uint64_t{0} >> (64 - count); }

// Windows 8 voxels wide, at most 8 rows: byte i of row r is byte r of window i.
template <class Transpose>
void pack_by_8(ReadRows rows, std::size_t words, std::uint64_t* windows) {
  for (std::size_t w = 0; w < words; ++w) {
    Bytes8x8 bytes{};
    std::uint64_t any = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) any |= bytes[r] = rows[r][w];
    if (any != 0) bytes = Transpose{}(bytes);
    std::ranges::copy(bytes, windows + 8 * w);
  }
}

template <class Transpose>
void unpack_by_8(const std::uint64_t* windows, WriteRows rows, std::size_t words) {
  for (std::size_t w = 0; w < words; ++w) {
    Bytes8x8 bytes;
    std::copy_n(windows + 8 * w, 8, bytes.begin());
    bytes = Transpose{}(bytes);
    for (std::size_t r = 0; r < rows.size(); ++r) rows[r][w] = bytes[r];
  }
}

// Windows 4 voxels wide, at most 16 rows: two rows make the bytes of even and of odd windows.
template <class Transpose>
void pack_by_4(ReadRows rows, std::size_t words, std::uint64_t* windows) {
  for (std::size_t w = 0; w < words; ++w) {
    Bytes8x8 even{};
    Bytes8x8 odd{};
    std::uint64_t any = 0;
    for (std::size_t r = 0; r < rows.size(); r += 2) {
      const std::uint64_t upper = rows[r][w];
      const std::uint64_t lower = r + 1 < rows.size() ? rows[r + 1][w] : 0;
      any |= upper | lower;
      even[r / 2] = (upper & even_nibbles) | ((lower & even_nibbles) << 4);
      odd[r / 2] = ((upper >> 4) & even_nibbles) | (lower & ~even_nibbles);
    }
    if (any != 0) {
      even = Transpose{}(even);
      odd = Transpose{}(odd);
    }
    for (std::size_t i = 0; i < 8; ++i) {
      windows[16 * w + 2 * i] = even[i];
      windows[16 * w + 2 * i + 1] = odd[i];
    }
  }
}

template <class Transpose>
void unpack_by_4(const std::uint64_t* windows, WriteRows rows, std::size_t words) {
  for (std::size_t w = 0; w < words; ++w) {
    Bytes8x8 even;
    Bytes8x8 odd;
    for (std::size_t i = 0; i < 8; ++i) {
      even[i] = windows[16 * w + 2 * i];
      odd[i] = windows[16 * w + 2 * i + 1];
    }
    even = Transpose{}(even);
    odd = Transpose{}(odd);
    for (std::size_t r = 0; r < rows.size(); r += 2) {
      const std::uint64_t e = even[r / 2];
      const std::uint64_t o = odd[r / 2];
      rows[r][w] = (e & even_nibbles) | ((o & even_nibbles) << 4);
      if (r + 1 < rows.size()) rows[r + 1][w] = ((e >> 4) & even_nibbles) | (o & ~even_nibbles);
    }
  }
}

// Any width, bit field by bit field.
void pack_any(ReadRows rows, std::size_t words, unsigned wx, std::size_t count,
              std::uint64_t* windows) {
  std::fill_n(windows, count, 0);
  unsigned shift = 0;
  for (const std::uint64_t* row : rows) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t word = i * wx / 64;
      const unsigned bit = i * wx % 64;
      std::uint64_t field = row[word] >> bit;
      if (bit != 0 && bit + wx > 64 && word + 1 < words) field |= row[word + 1] << (64 - bit);
      windows[i] |= (field & low_bits(wx)) << shift;
    }
    shift += wx;
  }
}

std::uint64_t unpack_any(const std::uint64_t* windows, std::size_t count, unsigned wx,
                         WriteRows rows, std::size_t words) {
  std::uint64_t outside = 0;
  unsigned shift = 0;
  for (std::uint64_t* row : rows) {
    std::fill_n(row, words, 0);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t field = (windows[i] >> shift) & low_bits(wx);
      if (field == 0) continue;
      const std::size_t word = i * wx / 64;
      const unsigned bit = i * wx % 64;
      row[word] |= field << bit;
      if (bit == 0 || bit + wx <= 64) continue;
      (word + 1 < words ? row[word + 1] : outside) |= field >> (64 - bit);
    }
    shift += wx;
  }
  return outside;
}

}  // namespace

void pack_windows(ReadRows rows, std::size_t words, unsigned wx, std::size_t count,
                  std::uint64_t* windows, Simd simd) {
  const bool scalar = simd == Simd::scalar;
  if (wx == 8 && rows.size() <= 8) {
    (scalar ? pack_by_8<ScalarTranspose> : pack_by_8<SimdTranspose>)(rows, words, windows);
  } else if (wx == 4 && rows.size() <= 16) {
    (scalar ? pack_by_4<ScalarTranspose> : pack_by_4<SimdTranspose>)(rows, words, windows);
  } else {
    pack_any(rows, words, wx, count, windows);
  }
}

std::uint64_t unpack_windows(const std::uint64_t* windows, std::size_t count, unsigned wx,
                             WriteRows rows, std::size_t words, Simd simd) {
  const bool scalar = simd == Simd::scalar;
  if (wx == 8 && rows.size() <= 8) {
    (scalar ? unpack_by_8<ScalarTranspose> : unpack_by_8<SimdTranspose>)(windows, rows, words);
    return 0;
  }
  if (wx == 4 && rows.size() <= 16) {
    (scalar ? unpack_by_4<ScalarTranspose> : unpack_by_4<SimdTranspose>)(windows, rows, words);
    return 0;
  }
  return unpack_any(windows, count, wx, rows, words);
}

}  // namespace segpresso
