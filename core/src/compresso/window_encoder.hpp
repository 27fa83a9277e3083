// The windows of a boundary map, as indices of their distinct values and runs of index 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/thread_team.hpp"
#include "compresso/geometry.hpp"
#include "compresso/window_dictionary.hpp"
#include "labels/bit_slab.hpp"

namespace segpresso::compresso {

// Slabs are coded side by side, with a dictionary for each thread; `rank` then gives all of them
// the same indices.
class WindowEncoder {
 public:
  WindowEncoder(const Shape& shape, const Window& window, std::span<const SlabRange> slabs,
                unsigned workers);

  // The windows of a slab, whose slices `bits` holds.
  void code(const BitSlab& bits, std::size_t slab, unsigned worker);

  // To be called when all slabs are coded; what follows is known from then on.
  void rank(ThreadTeam& team);

  // Distinct values, ascending.
  [[nodiscard]] const std::vector<std::uint64_t>& values() const noexcept { return values_; }

  // About as many words as the formats need.
  [[nodiscard]] std::size_t token_count() const noexcept;

  // Window indices in raster order: the index of a value, or with this flag the length of a run of
  // index 0.
  static constexpr std::uint32_t run_flag = std::uint32_t{1} << 31;
  static constexpr bool is_run(std::uint32_t token) noexcept { return token >= run_flag; }

  // After `run` windows of index 0 come `tokens`, which neither begin nor end with such a run.
  struct Part {
    std::uint64_t run = 0;
    std::span<const std::uint32_t> tokens;
  };

  // The windows of each slab, and at the end a part for the run that nothing follows.
  [[nodiscard]] std::vector<Part> parts() const;

  // Calls `on_index(index)` for each index and `on_run(length)` for each maximal run of index 0 but
  // that at the end, which the formats treat differently: its length is returned.
  template <class OnRun, class OnIndex>
  std::uint64_t for_each_run(OnRun&& on_run, OnIndex&& on_index) const {
    const std::vector<Part> all = parts();
    for (const Part& part : std::span(all).first(all.size() - 1)) {
      if (part.run != 0) on_run(part.run);
      for (const std::uint32_t token : part.tokens) {
        if (is_run(token)) {
          on_run(std::uint64_t{token & ~run_flag});
        } else {
          on_index(token);
        }
      }
    }
    return all.back().run;
  }

 private:
  struct Slab {
    SlabRange slices{};
    unsigned worker = 0;
    std::vector<std::uint32_t> tokens;
  };

  struct Worker {
    WindowDictionary dictionary;
    bool empty_window_seen = false;
    std::vector<std::uint64_t> row;
    std::vector<std::uint32_t> ranks;  // of the dictionary's numbers among all values
  };

  void rank_values(ThreadTeam& team);
  void rank_tokens(Slab& slab) const;

  Shape shape_;
  Window window_;
  WindowGrid grid_;
  std::vector<Slab> slabs_;
  std::vector<Worker> workers_;
  std::vector<std::uint64_t> values_;
};

}  // namespace segpresso::compresso
