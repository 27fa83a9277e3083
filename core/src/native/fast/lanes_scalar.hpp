// The few operations on 6 to 32 lanes that the `fast` model is made of, in portable code.
#pragma once

#include <cstdint>

#include "native/fast/contexts.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

struct ScalarLanes {
  // Which of the voxels from x - 3 to x + 2 equal `left` (bits 0 to 5), which `right` (6 to 11).
  static std::uint32_t match_beside(const Index* row, Index left, Index right) noexcept {
    std::uint32_t bits = 0;
    for (int i = 0; i < 6; ++i) {
      bits |= static_cast<std::uint32_t>(row[i - 3] == left) << i;
      bits |= static_cast<std::uint32_t>(row[i - 3] == right) << (i + 6);
    }
    return bits;
  }

  // The same for the voxels from x - 1 to x + 1 of two rows, those of `above` first.
  static std::uint32_t match_around(const Index* above, const Index* below, Index left,
                                    Index right) noexcept {
    std::uint32_t bits = 0;
    for (int i = 0; i < 6; ++i) {
      const Index index = i < 3 ? above[i - 1] : below[i - 4];
      bits |= static_cast<std::uint32_t>(index == left) << i;
      bits |= static_cast<std::uint32_t>(index == right) << (i + 6);
    }
    return bits;
  }

  // Both at once.
  static Matches match(const Index* row, const Index* above, const Index* below, Index left,
                       Index right) noexcept {
    return {match_beside(row, left, right), match_around(above, below, left, right)};
  }

  // Bit i: does row[i] differ from the voxel before it? For 16 voxels.
  static std::uint32_t edges16(const Index* row) noexcept {
    std::uint32_t bits = 0;
    for (int i = 0; i < 16; ++i) bits |= static_cast<std::uint32_t>(row[i] != row[i - 1]) << i;
    return bits;
  }

  // Bit i: is row[i] not `index`? For 16 voxels.
  static std::uint32_t others16(const Index* row, Index index) noexcept {
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 16; ++i) bits |= static_cast<std::uint32_t>(row[i] != index) << i;
    return bits;
  }

  // 32 voxels of one index.
  static void fill32(Index* row, Index index) noexcept {
    for (unsigned i = 0; i < 32; ++i) row[i] = index;
  }
};

}  // namespace segpresso::native::fast
