// Rows of voxels to runs and back.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "native/fast/history.hpp"
#include "native/runs.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

// The runs of a padded row.
template <class Lanes>
void find_runs(const Index* row, std::uint32_t width, Runs& runs) {
  Run* run = runs.begin();
  *run = {0, row[0], unknown_history};
  // 64 voxels at once, because the processor foresees a loop's end badly.
  for (std::uint32_t x = 0; x < width; x += 64) {
    std::uint64_t bits = 0;
    const std::uint32_t rest = std::min(width - x, 64U);
    for (std::uint32_t i = 0; i < rest; i += 16) {
      bits |= std::uint64_t{Lanes::edges16(row + x + i)} << i;
    }
    if (x == 0) bits &= ~std::uint64_t{1};
    bits &= ~std::uint64_t{0} >> (64 - rest);
    for (; bits != 0; bits &= bits - 1) {
      const std::uint32_t at = x + static_cast<std::uint32_t>(std::countr_zero(bits));
      *++run = {at, row[at], unknown_history};
    }
  }
  runs.close(static_cast<std::uint32_t>(run - runs.begin()) + 1, width);
}

// Writes the voxels of the runs; overruns the row by less than 32 voxels.
template <class Lanes>
void fill_runs(const Runs& runs, Index* row) {
  for (const Run& run : runs) {
    const std::uint32_t stop = (&run)[1].start;
    // Most runs are shorter than one store; the next run overwrites what is too much.
    for (std::uint32_t x = run.start; x < stop; x += 32) Lanes::fill32(row + x, run.label);
  }
}

}  // namespace segpresso::native::fast
