// Joins the components of neighbouring slabs where 6-connectivity crosses their border.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "labels/components.hpp"
#include "segpresso/error.hpp"

namespace segpresso::compresso {

class ComponentStitcher {
 public:
  // Slabs must come in order; components keep the order of their first voxels.
  void add(const SlabComponents& slab) {
    bases_.push_back(total_);
    total_ += slab.count();
    if (total_ > std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorKind::unsupported, "more than 2^32 - 1 components before joining slabs");
    }
  }

  void join(std::span<const SlabComponents* const> slabs, std::size_t size_y) {
    sets_.reset(total_);
    for (std::size_t s = 1; s < slabs.size(); ++s) {
      for (std::size_t y = 0; y < size_y; ++y) {
        join_rows(slabs[s - 1]->row(y, slabs[s]->z_begin() - 1), bases_[s - 1],
                  slabs[s]->row(y, slabs[s]->z_begin()), bases_[s]);
      }
    }
  }

  // Numbers the joined components; calls `function(slab, component)` with the first part of each.
  template <class Function>
  std::uint32_t number(Function&& function) {
    std::size_t slab = 0;
    return sets_.number_sets([&](std::uint32_t member) {
      while (slab + 1 < bases_.size() && bases_[slab + 1] <= member) ++slab;
      function(slab, static_cast<std::uint32_t>(member - bases_[slab]));
    });
  }

  [[nodiscard]] std::uint32_t number_of(std::size_t slab, std::uint32_t component) const {
    return sets_.number(static_cast<std::uint32_t>(bases_[slab] + component));
  }

 private:
  void join_rows(std::span<const Run> above, std::uint64_t above_base, std::span<const Run> below,
                 std::uint64_t below_base) {
    std::size_t first = 0;
    for (const Run& run : below) {
      while (first < above.size() && above[first].end <= run.begin) ++first;
      for (std::size_t j = first; j < above.size() && above[j].begin < run.end; ++j) {
        sets_.join(static_cast<std::uint32_t>(above_base + above[j].component),
                   static_cast<std::uint32_t>(below_base + run.component));
      }
    }
  }

  std::vector<std::uint64_t> bases_;
  std::uint64_t total_ = 0;
  DisjointSets sets_;
};

}  // namespace segpresso::compresso
