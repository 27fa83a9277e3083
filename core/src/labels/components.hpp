// Connected components of the clear (non-boundary) voxels of a slab.
//
// Works on runs of clear bits instead of voxels: real volumes have one run per 20 to 100 voxels,
// so union-find disappears from the profile and no component image is needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "labels/bit_slab.hpp"
#include "labels/boundary_map.hpp"
#include "labels/disjoint_sets.hpp"

namespace segpresso {

// Voxels [begin, end) of a row belong to `component`.
struct Run {
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t component;
};

class SlabComponents {
 public:
  static constexpr std::size_t default_max_components = UINT32_MAX - 1;

  struct Voxel {
    std::uint32_t x;
    std::uint32_t y;
    std::size_t z;
  };

  // Finds the components of slices [z_begin, z_end) of `boundary`. Components are numbered
  // 0, 1, ... in the raster order (x fastest, z slowest) of their first voxels. With connectivity
  // four a component never spans slices; with six it does not reach beyond the slab.
  // Returns false, with nothing found, if there are more than `max_components` (pieces that are
  // joined later count): a hostile map must not decide how much memory is taken.
  bool find(const BitSlab& boundary, std::size_t z_begin, std::size_t z_end,
            Connectivity connectivity, std::size_t max_components = default_max_components,
            std::size_t expected_runs = 0);

  // Number of runs that `find` will make of these slices, or slightly more. Passed to it as
  // `expected_runs`, they take no more memory than they need.
  static std::size_t count_runs(const BitSlab& boundary, std::size_t z_begin, std::size_t z_end);

  [[nodiscard]] std::size_t z_begin() const noexcept { return z_begin_; }
  [[nodiscard]] std::size_t z_end() const noexcept { return z_end_; }
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }

  // Number of components whose first voxel lies in slice z.
  [[nodiscard]] std::uint32_t count_in_slice(std::size_t z) const noexcept {
    return slice_counts_[z - z_begin_];
  }

  [[nodiscard]] std::span<const Run> row(std::size_t y, std::size_t z) const noexcept {
    const std::size_t i = (z - z_begin_) * size_y_ + y;
    return {runs_.data() + row_starts_[i], runs_.data() + row_starts_[i + 1]};
  }

  // First voxel in raster order of each component.
  [[nodiscard]] std::span<const Voxel> first_voxels() const noexcept { return first_voxels_; }

 private:
  void add_row(const std::uint64_t* bits, std::size_t x, std::size_t y, std::size_t z,
               std::span<const std::size_t> neighbour_rows);

  std::size_t z_begin_ = 0;
  std::size_t z_end_ = 0;
  std::size_t size_y_ = 0;
  std::uint32_t count_ = 0;
  std::vector<Run> runs_;
  std::vector<std::size_t> row_starts_;
  std::vector<std::uint32_t> slice_counts_;
  std::vector<Voxel> first_voxels_;
  DisjointSets sets_;
  std::vector<Voxel> candidates_;  // first voxel of every member of `sets_`
};

}  // namespace segpresso
