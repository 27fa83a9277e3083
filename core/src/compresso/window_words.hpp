// The run-length words of the window section.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/byte_reader.hpp"
#include "labels/windows.hpp"

namespace segpresso::compresso {

// How a format writes run lengths and indices.
struct WindowWordRules {
  bool odd_is_run;     // v1 and cpso: odd words are runs of index 0; v2: even words are
  bool may_end_early;  // v1: a run that reaches the end of the volume is not written
};

// Reads window values from a place in the middle of the words on.
class WindowCursor {
 public:
  WindowCursor(const PackedArray& words, const PackedArray& values, bool odd_is_run)
      : words_(words), values_(values), odd_is_run_(odd_is_run) {
    smallest_ = values.size() > 0 ? values[0] : 0;
  }

  // The next `count` values, in raster order. Words were checked by `WindowLayers`.
  void read(std::uint64_t* windows, std::size_t count) {
    for (std::size_t i = 0; i < count;) {
      if (run_ > 0) {
        const std::size_t length = std::min<std::uint64_t>(run_, count - i);
        std::fill_n(windows + i, length, smallest_);
        i += length;
        run_ -= length;
      } else if (word_ == words_.size()) {
        std::fill(windows + i, windows + count, smallest_);
        i = count;
      } else {
        const std::uint64_t word = words_[word_++];
        if (((word & 1) != 0) == odd_is_run_) {
          run_ = word >> 1;
        } else {
          windows[i++] = values_[word >> 1];
        }
      }
    }
  }

 private:
  friend class WindowLayers;

  PackedArray words_;
  PackedArray values_;
  bool odd_is_run_;
  std::uint64_t smallest_ = 0;
  std::size_t word_ = 0;
  std::uint64_t run_ = 0;
};

// Checks all words and remembers where each layer of windows begins, so that layers can be read
// side by side.
class WindowLayers {
 public:
  WindowLayers(const PackedArray& words, const PackedArray& values, const WindowGrid& grid,
               unsigned window_voxels, const WindowWordRules& rules)
      : start_(words, values, rules.odd_is_run) {
    check_values(values, window_voxels);
    const std::uint64_t total = std::uint64_t{grid.layer()} * grid.z;
    std::uint64_t seen = 0;
    starts_.reserve(grid.z);
    words.for_each([&](std::size_t i, std::uint64_t word) {
      const bool is_run = ((word & 1) != 0) == rules.odd_is_run;
      const std::uint64_t length = is_run ? word >> 1 : 1;
      if ((word >> 1) == 0)
        words.fail(ErrorKind::corrupt, "a word holds an empty run or an index 0", i);
      if (!is_run && (word >> 1) >= values.size()) {
        words.fail(ErrorKind::corrupt, "window index is not below the number of values", i);
      }
      if (length > total - seen) {
        words.fail(ErrorKind::corrupt, "more windows than the volume has", i);
      }
      seen += length;
      while (starts_.size() < grid.z && starts_.size() * grid.layer() < seen) {
        const std::uint64_t rest = seen - starts_.size() * grid.layer();
        starts_.push_back(rest == length ? Start{i, 0} : Start{i + 1, rest});
      }
    });
    if (seen < total && !rules.may_end_early) {
      words.fail(ErrorKind::truncated, "fewer windows than the volume has", words.size());
    }
    if (seen < total && values.size() == 0) {
      values.fail(ErrorKind::corrupt, "no window value for a volume that is not empty", 0);
    }
    starts_.resize(grid.z, Start{words.size(), 0});
  }

  [[nodiscard]] WindowCursor at_layer(std::size_t k) const {
    WindowCursor cursor = start_;
    cursor.word_ = starts_[k].word;
    cursor.run_ = starts_[k].run;
    return cursor;
  }

 private:
  struct Start {
    std::size_t word;
    std::uint64_t run;
  };

  static void check_values(const PackedArray& values, unsigned window_voxels) {
    const std::uint64_t allowed = ~std::uint64_t{0} >> (64 - window_voxels);
    std::uint64_t previous = 0;
    values.for_each([&](std::size_t i, std::uint64_t value) {
      if (value > allowed) {
        values.fail(ErrorKind::corrupt, "window value has more bits than the window voxels", i);
      }
      if (i > 0 && value <= previous) {
        values.fail(ErrorKind::corrupt, "window values do not ascend", i);
      }
      previous = value;
    });
  }

  WindowCursor start_;
  std::vector<Start> starts_;
};

}  // namespace segpresso::compresso
