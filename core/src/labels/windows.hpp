// Windows: the boundary map cut into small boxes of at most 64 voxels, one integer each.
//
// Voxel (dx, dy, dz) of a window is bit dx + wx * (dy + wy * dz). Windows of one grid row are
// packed together from the wy * wz voxel rows they cover.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/arithmetic.hpp"
#include "base/cpu.hpp"
#include "segpresso/label_view.hpp"
#include "segpresso/window.hpp"

namespace segpresso {

// How many windows cover a volume along each axis.
struct WindowGrid {
  std::size_t x;
  std::size_t y;
  std::size_t z;

  WindowGrid(const Shape& shape, const compresso::Window& window)
      : x(divide_up(shape.x, std::size_t{window.x})),
        y(divide_up(shape.y, std::size_t{window.y})),
        z(divide_up(shape.z, std::size_t{window.z})) {}

  [[nodiscard]] std::size_t layer() const noexcept { return x * y; }
};

// Width in bytes of the smallest integer (1, 2, 4 or 8) that holds `voxels` bits.
constexpr unsigned window_width(unsigned voxels) noexcept {
  return voxels <= 8 ? 1 : voxels <= 16 ? 2 : voxels <= 32 ? 4 : 8;
}

// Window buffers have room beyond their `count` windows, since kernels work on whole words of 64
// voxels. Unpacking requires the extra windows to be zero.
constexpr std::size_t padded_window_count(std::size_t count) noexcept { return count + 64; }

// Packs bit rows of `words` words each (bits outside the volume clear) into `count` windows that
// are `wx` voxels wide and rows.size() rows high.
void pack_windows(std::span<const std::uint64_t* const> rows, std::size_t words, unsigned wx,
                  std::size_t count, std::uint64_t* windows, Simd simd = active_simd());

// The inverse; overwrites the rows. Returns non-zero iff a window sets a bit behind the last word.
std::uint64_t unpack_windows(const std::uint64_t* windows, std::size_t count, unsigned wx,
                             std::span<std::uint64_t* const> rows, std::size_t words,
                             Simd simd = active_simd());

}  // namespace segpresso
