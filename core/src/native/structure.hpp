// The structure of a block: which local index each voxel has. Models code it; docs/format.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace segpresso::native {

// Labels of a block are numbered by their first appearance in z, y, x raster order: 0, 1, 2, ...
using Index = std::uint16_t;

// A block that a model codes has 2 to this many labels, so that `no_index` is never one of them.
inline constexpr std::uint32_t max_indices = 65535;
inline constexpr Index no_index = 65535;

struct BlockShape {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t z = 0;

  [[nodiscard]] constexpr std::size_t slice() const noexcept { return std::size_t{x} * y; }
  [[nodiscard]] constexpr std::size_t voxels() const noexcept { return slice() * z; }
  constexpr bool operator==(const BlockShape&) const = default;
};

// What models are told of a block besides its voxels. It is stored outside the model's bytes.
struct BlockInfo {
  BlockShape shape;
  std::uint32_t index_count = 0;
};

// Takes the slices of a block in order while they are decoded: rows of `shape.x` indices that lie
// `stride` indices apart. The memory is the decoder's and is written again after the call.
using SliceSink = std::function<void(std::uint32_t z, const Index* slice, std::size_t stride)>;

}  // namespace segpresso::native
