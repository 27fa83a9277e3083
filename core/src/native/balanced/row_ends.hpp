// Bits that tell of each voxel of a row: mostly, where its runs end.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace segpresso::native::balanced {

// A bit for each voxel of a row.
class RowBits {
 public:
  // So many bits are there in any case of a word that begins with any one.
  static constexpr std::ptrdiff_t most_at_once = 57;

  RowBits() = default;
  // `bits` go on for 8 bytes behind the row's last one.
  explicit RowBits(const std::uint64_t* bits) noexcept
      : bytes_(reinterpret_cast<const std::byte*>(bits)) {}

  // The bits from that of voxel x on.
  [[nodiscard]] std::uint64_t from(std::ptrdiff_t x) const noexcept {
    return word_at(x / 8) >> (x % 8);
  }

  // How many bits from x on are clear. One behind them is not.
  [[nodiscard]] std::ptrdiff_t clear_from(std::ptrdiff_t x) const noexcept {
    const std::uint64_t bits = from(x);
    if (bits != 0) [[likely]]
      return std::countr_zero(bits);
    for (std::ptrdiff_t byte = x / 8 + 8;; byte += 8) {
      const std::uint64_t more = word_at(byte);
      if (more != 0) return byte * 8 + std::countr_zero(more) - x;
    }
  }

 private:
  [[nodiscard]] std::uint64_t word_at(std::ptrdiff_t byte) const noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes_ + byte, sizeof word);
    return word;
  }

  const std::byte* bytes_ = nullptr;
};

// A bit for each voxel whose right neighbour differs, and for the last one. How long a run is can
// mostly be read off one word: comparing voxels, the processor must guess after how many it stops.
class RowEnds : public RowBits {
 public:
  RowEnds() = default;
  explicit RowEnds(const std::uint64_t* bits) noexcept : RowBits(bits) {}

  // How many voxels are like the one at x, from there on.
  [[nodiscard]] std::ptrdiff_t length_from(std::ptrdiff_t x) const noexcept {
    return clear_from(x) + 1;
  }
};

}  // namespace segpresso::native::balanced
