// A row as runs of one index each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "native/structure.hpp"

namespace segpresso::native {

// Run i has `label[i]` from `start[i]` up to `start[i + 1]`; start[0] is 0, and a run that is none
// begins where the row ends. The last three symbols that moved an edge, 4 bits each, the latest
// lowest, are its history.
struct Runs {
  std::uint32_t count = 0;
  std::vector<std::uint32_t> start;
  std::vector<Index> label;
  std::vector<std::uint16_t> history;

  void resize(std::uint32_t width) {
    // 17 more: edges are looked for 16 voxels at a time, and the end is an entry too.
    const std::size_t entries = std::size_t{width} + 17;
    start.resize(entries);
    label.resize(entries);
    history.resize(entries);
  }

  void close(std::uint32_t runs, std::uint32_t width) noexcept {
    count = runs;
    start[runs] = width;
    label[runs] = no_index;
  }
};

inline constexpr std::uint16_t unknown_history = 0xDDD;
inline constexpr std::uint16_t new_history = 0xFFF;

// The runs of a padded row.
template <class Lanes>
void find_runs(const Index* row, std::uint32_t width, Runs& runs) {
  runs.start[0] = 0;
  runs.label[0] = row[0];
  std::uint32_t count = 1;
  for (std::uint32_t x = 0; x < width; x += 16) {
    std::uint32_t bits = Lanes::edges16(row + x);
    if (x == 0) bits &= ~1U;
    if (width - x < 16) bits &= (1U << (width - x)) - 1;
    for (; bits != 0; bits &= bits - 1) {
      const std::uint32_t at = x + static_cast<std::uint32_t>(__builtin_ctz(bits));
      runs.start[count] = at;
      runs.label[count] = row[at];
      runs.history[count] = unknown_history;
      ++count;
    }
  }
  runs.close(count, width);
}

// Writes the voxels of the runs; overruns the row by less than 32 voxels.
template <class Lanes>
void fill_runs(const Runs& runs, Index* row) {
  for (std::uint32_t i = 0; i < runs.count; ++i) {
    const std::uint32_t end = runs.start[i + 1];
    std::uint32_t x = runs.start[i];
    // Most runs are shorter than one store; the next run overwrites what is too much.
    do {
      Lanes::fill32(row + x, runs.label[i]);
      x += 32;
    } while (x < end);
  }
}

}  // namespace segpresso::native
