// Where the runs of a finished row end.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace segpresso::native::balanced {

// A bit for each voxel whose right neighbour differs, and for the last one. How long a run is can
// mostly be read off one word: comparing voxels, the processor must guess after how many it stops.
class RowEnds {
 public:
  RowEnds() = default;
  // `bits` go on for 8 bytes behind the row's last one.
  explicit RowEnds(const std::uint64_t* bits) noexcept
      : bytes_(reinterpret_cast<const std::byte*>(bits)) {}

  // How many voxels are like the one at x, from there on.
  [[nodiscard]] std::ptrdiff_t length_from(std::ptrdiff_t x) const noexcept {
    const std::uint64_t bits = word_at(x / 8) >> (x % 8);
    if (bits != 0) [[likely]]
      return std::countr_zero(bits) + 1;
    for (std::ptrdiff_t byte = x / 8 + 8;; byte += 8) {
      const std::uint64_t more = word_at(byte);
      if (more != 0) return byte * 8 + std::countr_zero(more) + 1 - x;
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

}  // namespace segpresso::native::balanced
