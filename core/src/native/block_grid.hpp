// How a volume is cut into blocks, in raster order.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/arithmetic.hpp"
#include "native/structure.hpp"
#include "segpresso/native.hpp"

namespace segpresso::native {

// Decoders keep a few slices, encoders the indices of whole blocks, as 32-bit numbers at most.
inline constexpr std::size_t max_block_voxels = std::size_t{1} << 28;

class BlockGrid {
 public:
  BlockGrid() = default;
  // Sizes may be zero, those of blocks not. Blocks are one volume thick along w.
  BlockGrid(const Vector4& sizes, const std::array<std::size_t, 3>& block)
      : sizes_(sizes), block_{block[0], block[1], block[2], 1} {
    for (std::size_t axis = 0; axis < 4; ++axis) {
      counts_[axis] = divide_up(sizes_[axis], block_[axis]);
    }
  }

  [[nodiscard]] const Vector4& sizes() const noexcept { return sizes_; }
  [[nodiscard]] const Vector4& block() const noexcept { return block_; }
  [[nodiscard]] const Vector4& counts() const noexcept { return counts_; }
  [[nodiscard]] std::size_t size() const noexcept {
    return counts_[0] * counts_[1] * counts_[2] * counts_[3];
  }

  // Position of a block in the grid.
  [[nodiscard]] Vector4 place(std::size_t index) const noexcept {
    Vector4 place{};
    for (std::size_t axis = 0; axis < 4; ++axis) {
      place[axis] = index % counts_[axis];
      index /= counts_[axis];
    }
    return place;
  }
  [[nodiscard]] std::size_t index(const Vector4& place) const noexcept {
    return place[0] + counts_[0] * (place[1] + counts_[1] * (place[2] + counts_[2] * place[3]));
  }

  [[nodiscard]] Box box(std::size_t index) const noexcept {
    Box box;
    const Vector4 at = place(index);
    for (std::size_t axis = 0; axis < 4; ++axis) {
      box.begin[axis] = at[axis] * block_[axis];
      box.end[axis] = std::min(sizes_[axis], box.begin[axis] + block_[axis]);
    }
    return box;
  }

 private:
  Vector4 sizes_{};
  Vector4 block_{1, 1, 1, 1};
  Vector4 counts_{};
};

inline BlockShape shape_of(const Box& box) noexcept {
  const auto size = [&](std::size_t axis) {
    return static_cast<std::uint32_t>(box.end[axis] - box.begin[axis]);
  };
  return {size(0), size(1), size(2)};
}

}  // namespace segpresso::native
