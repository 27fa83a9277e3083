#include "labels/components.hpp"

#include <array>
#include <limits>

namespace segpresso {
namespace {

constexpr std::uint32_t unassigned = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::size_t SlabComponents::count_runs(const BitSlab& boundary, std::size_t z_begin,
                                       std::size_t z_end) {
  std::size_t count = 0;
  for (std::size_t z = z_begin; z < z_end; ++z) {
    for (std::size_t y = 0; y < boundary.y(); ++y) {
      std::uint64_t previous = 1;
      const std::uint64_t* row = boundary.row(y, z);
      for (std::size_t i = 0; i < boundary.words_per_row(); ++i) {
        // Padding is clear too: one too many in a row that ends with a boundary voxel.
        count += static_cast<std::size_t>(std::popcount(~row[i] & (row[i] << 1 | previous)));
        previous = row[i] >> 63;
      }
    }
  }
  return count;
}

bool SlabComponents::find(const BitSlab& boundary, std::size_t z_begin, std::size_t z_end,
                          Connectivity connectivity, std::size_t max_components,
                          std::size_t expected_runs) {
  z_begin_ = z_begin;
  z_end_ = z_end;
  size_y_ = boundary.y();
  runs_.clear();
  runs_.reserve(expected_runs);
  row_starts_.assign(1, 0);
  row_starts_.reserve((z_end - z_begin) * size_y_ + 1);
  sets_.clear();
  candidates_.clear();
  for (std::size_t z = z_begin; z < z_end; ++z) {
    for (std::size_t y = 0; y < size_y_; ++y) {
      const std::size_t row = (z - z_begin) * size_y_ + y;
      std::array<std::size_t, 2> neighbours{};
      std::size_t count = 0;
      if (y > 0) neighbours[count++] = row - 1;
      if (connectivity == Connectivity::six && z > z_begin) neighbours[count++] = row - size_y_;
      add_row(boundary.row(y, z), boundary.x(), y, z, {neighbours.data(), count});
      if (sets_.size() > max_components) return false;
    }
  }

  first_voxels_.clear();
  slice_counts_.assign(z_end - z_begin, 0);
  count_ = sets_.number_sets([&](std::uint32_t member) {
    first_voxels_.push_back(candidates_[member]);
    ++slice_counts_[candidates_[member].z - z_begin_];
  });
  for (Run& run : runs_) run.component = sets_.number(run.component);
  return true;
}

void SlabComponents::add_row(const std::uint64_t* bits, std::size_t x, std::size_t y, std::size_t z,
                             std::span<const std::size_t> neighbour_rows) {
  const std::size_t begin = runs_.size();
  for_each_clear_run(bits, x, [&](std::size_t run_begin, std::size_t run_end) {
    runs_.push_back(
        {static_cast<std::uint32_t>(run_begin), static_cast<std::uint32_t>(run_end), unassigned});
  });
  const std::size_t end = runs_.size();
  for (const std::size_t neighbour : neighbour_rows) {
    std::size_t other = row_starts_[neighbour];
    const std::size_t other_end = row_starts_[neighbour + 1];
    for (std::size_t i = begin; i < end; ++i) {
      Run& run = runs_[i];
      while (other < other_end && runs_[other].end <= run.begin) ++other;
      for (std::size_t j = other; j < other_end && runs_[j].begin < run.end; ++j) {
        const std::uint32_t component = runs_[j].component;
        if (run.component == unassigned) {
          run.component = component;
        } else if (run.component != component) {
          run.component = sets_.join(run.component, component);
        }
      }
    }
  }
  for (std::size_t i = begin; i < end; ++i) {
    if (runs_[i].component != unassigned) continue;
    runs_[i].component = sets_.add();
    candidates_.push_back({runs_[i].begin, static_cast<std::uint32_t>(y), z});
  }
  row_starts_.push_back(end);
}

}  // namespace segpresso
