// A row as runs of one index each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "native/structure.hpp"

namespace segpresso::native {

// A run ends where the next one starts. The last three symbols that moved its start from row to
// row, 4 bits each, the latest lowest, are its history, of which the model `fast` knows.
struct Run {
  std::uint32_t start;
  Index label;
  std::uint16_t history;
};

// The first run starts at 0. Behind the last one, and before the first one, are two of no index;
// those behind start where the row ends.
class Runs {
 public:
  // Decoders may place twice as many runs as fit before they notice; 18 more because runs are
  // found a few at a time, and for the ends.
  void resize(std::uint32_t width) {
    runs_.resize(std::size_t{2} * width + 18 + before);
    std::fill_n(runs_.begin(), before, Run{0, no_index, 0});
  }

  void close(std::uint32_t count, std::uint32_t width) noexcept {
    count_ = count;
    end()[0] = end()[1] = {width, no_index, 0};
  }

  [[nodiscard]] std::uint32_t width() const noexcept { return end()->start; }
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

}  // namespace segpresso::native
