// A row as runs of one index each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "native/structure.hpp"

namespace segpresso::native {

// A run ends where the next one starts. The last three symbols that moved its start from row to
// row, 4 bits each, the latest lowest, are its history.
struct Run {
  std::uint32_t start;
  Index label;
  std::uint16_t history;
};

// The first run starts at 0. Behind the last one, and before the first one, are two of no index;
// those behind start where the row ends.
class Runs {
 public:
  // Decoders may place twice as many runs as fit before they notice; 18 more because edges are
  // looked for 16 voxels at a time, and for the ends.
  void resize(std::uint32_t width) {
    runs_.resize(std::size_t{2} * width + 18 + before);
    std::fill_n(runs_.begin(), before, Run{0, no_index, 0});
  }

  void close(std::uint32_t count, std::uint32_t width) noexcept {
    count_ = count;
    end()[0] = end()[1] = {width, no_index, 0};
  }

  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  [[nodiscard]] Run* begin() noexcept { return runs_.data() + before; }
  [[nodiscard]] const Run* begin() const noexcept { return runs_.data() + before; }
  [[nodiscard]] Run* end() noexcept { return begin() + count_; }
  [[nodiscard]] const Run* end() const noexcept { return begin() + count_; }

 private:
  static constexpr std::uint32_t before = 2;

  std::vector<Run> runs_;
  std::uint32_t count_ = 0;
};

inline constexpr std::uint16_t unknown_history = 0xDDD;
inline constexpr std::uint16_t new_history = 0xFFF;

// The runs of a padded row.
template <class Lanes>
void find_runs(const Index* row, std::uint32_t width, Runs& runs) {
  Run* run = runs.begin();
  *run = {0, row[0], unknown_history};
  for (std::uint32_t x = 0; x < width; x += 16) {
    std::uint32_t bits = Lanes::edges16(row + x);
    if (x == 0) bits &= ~1U;
    if (width - x < 16) bits &= (1U << (width - x)) - 1;
    for (; bits != 0; bits &= bits - 1) {
      const std::uint32_t at = x + static_cast<std::uint32_t>(__builtin_ctz(bits));
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

}  // namespace segpresso::native
