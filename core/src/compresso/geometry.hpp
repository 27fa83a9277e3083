// What the streams of the family agree on: shape, windows, connectivity.
#pragma once

#include <cstddef>
#include <string>

#include "labels/boundary_map.hpp"
#include "labels/windows.hpp"
#include "segpresso/compresso.hpp"

namespace segpresso::compresso {

struct Geometry {
  Shape shape;
  Window window;
  Connectivity connectivity = Connectivity::four;
  // Whether codes 4 and 5 may refer to the slices above and below.
  bool codes_across_slices = true;

  [[nodiscard]] WindowGrid grid() const { return {shape, window}; }
};

// Neighbours that location codes refer to; codes 0 to 5 of every stream.
constexpr unsigned neighbour_codes = 6;

constexpr bool is_window(const Window& window) noexcept {
  const bool sizes = window.x >= 1 && window.x <= 64 && window.y >= 1 && window.y <= 64 &&
                     window.z >= 1 && window.z <= 64;
  return sizes && window.x * window.y * window.z <= 64;
}

inline void check_window(const Window& window) {
  if (!is_window(window)) {
    throw Error(ErrorKind::invalid_argument,
                "window (x, y, z) = (" + std::to_string(window.x) + ", " +
                    std::to_string(window.y) + ", " + std::to_string(window.z) +
                    ") must have sizes of at least 1 and a product of at most 64");
  }
}

// Rows are counted in 32 bits, and so are the components of a slice.
inline void check_slice(const Shape& shape) {
  if (shape.x > UINT32_MAX || checked_multiply(shape.x, shape.y, "the slice") > UINT32_MAX) {
    throw Error(ErrorKind::unsupported, "slices of 2^32 voxels or more are not supported");
  }
}

// Slices [begin, end) that are processed together.
struct SlabRange {
  std::size_t begin;
  std::size_t end;
};

// Largest slab in voxels. Small slabs leave threads less to wait for each other; but where codes
// refer to other slices, encoders map the slices next to a slab too.
inline constexpr std::size_t usual_slab = std::size_t{1} << 19;
inline constexpr std::size_t mapped_twice_slab = std::size_t{1} << 21;  // 256 kB of bits

// Cuts [z_begin, z_end) at multiples of `layer` slices into slabs that are large enough to be worth
// a thread's while and small enough that bits and runs stay in the cache.
inline std::vector<SlabRange> cut_slabs(std::size_t slice_voxels, std::size_t z_begin,
                                        std::size_t z_end, std::size_t layer, unsigned threads,
                                        std::size_t largest) {
  constexpr std::size_t smallest = std::size_t{1} << 16;
  const std::size_t share = slice_voxels * (z_end - z_begin) / (std::size_t{4} * threads);
  const std::size_t voxels = std::clamp(share, smallest, largest);
  const std::size_t slices =
      std::max<std::size_t>(1, voxels / std::max<std::size_t>(slice_voxels, 1));
  const std::size_t step = round_up(slices, layer);
  std::vector<SlabRange> slabs;
  for (std::size_t z = z_begin; z < z_end;) {
    const std::size_t next = std::min(z_end, (z / step + 1) * step);
    slabs.push_back({z, next});
    z = next;
  }
  return slabs;
}

}  // namespace segpresso::compresso
