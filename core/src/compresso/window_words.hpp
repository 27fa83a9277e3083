// The run-length words of the window section.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/arithmetic.hpp"
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

// Checks all words and finds where each layer of windows begins, so that layers can be read side
// by side.
class WindowLayers {
 public:
  WindowLayers(const PackedArray& words, const PackedArray& values, const WindowGrid& grid,
               unsigned window_voxels, const WindowWordRules& rules)
      : start_(words, values, rules.odd_is_run) {
    check_values(values, window_voxels);
    const std::uint64_t total = std::uint64_t{grid.layer()} * grid.z;
    const std::uint64_t seen = count_windows(total);
    if (seen < total && !rules.may_end_early) {
      words.fail(ErrorKind::truncated, "fewer windows than the volume has", words.size());
    }
    if (seen < total && values.size() == 0) {
      values.fail(ErrorKind::corrupt, "no window value for a volume that is not empty", 0);
    }
    starts_.reserve(grid.z);
    for (std::size_t k = 0; k < grid.z; ++k) {
      const std::uint64_t window = std::uint64_t{grid.layer()} * k;
      starts_.push_back(window < seen ? find_start(window) : Start{words.size(), 0});
    }
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

  [[nodiscard]] bool is_run(std::uint64_t word) const noexcept {
    return ((word & 1) != 0) == start_.odd_is_run_;
  }
  [[nodiscard]] std::uint64_t length_of(std::uint64_t word) const noexcept {
    return is_run(word) ? word >> 1 : 1;
  }

  // Checks the words part by part; notes how many windows there are before each part and returns
  // how many there are in all.
  std::uint64_t count_windows(std::uint64_t total) {
    const PackedArray& words = start_.words_;
    const std::uint64_t indices = start_.values_.size();
    // Larger words are wrong, and sums of the others fit.
    constexpr std::uint64_t largest = std::uint64_t{1} << 53;
    std::uint64_t seen = 0;
    before_.reserve(divide_up(words.size(), part_words));
    for (std::size_t first = 0; first < words.size(); first += part_words) {
      before_.push_back(seen);
      // No branches, no exits: one thread does this before others can start.
      std::uint64_t all = 0;
      bool wrong = false;
      words.slice(first, std::min(part_words, words.size() - first))
          .for_each([&](std::size_t, std::uint64_t word) {
            const std::uint64_t half = word >> 1;
            all |= word;
            wrong |= (half == 0) | (!is_run(word) & (half >= indices));
            seen += is_run(word) ? half : 1;
          });
      if (wrong || all >= largest || seen > total) fail_in_part(first, total);
    }
    return seen;
  }

  // Says what is wrong in a part.
  [[noreturn]] void fail_in_part(std::size_t first, std::uint64_t total) const {
    const PackedArray& words = start_.words_;
    std::uint64_t left = total - before_.back();
    for (std::size_t i = first; i < words.size(); ++i) {
      const std::uint64_t word = words[i];
      if ((word >> 1) == 0) {
        words.fail(ErrorKind::corrupt, "a word holds an empty run or an index 0", i);
      }
      if (!is_run(word) && (word >> 1) >= start_.values_.size()) {
        words.fail(ErrorKind::corrupt, "window index is not below the number of values", i);
      }
      if (length_of(word) > left) {
        words.fail(ErrorKind::corrupt, "more windows than the volume has", i);
      }
      left -= length_of(word);
    }
    words.fail(ErrorKind::corrupt, "a run is too long", first);
  }

  // Where the words of a window are, counted from the volume's first.
  [[nodiscard]] Start find_start(std::uint64_t window) const {
    const auto next_part = std::ranges::upper_bound(before_, window);
    const auto part = static_cast<std::size_t>(next_part - before_.begin()) - 1;
    std::uint64_t end = before_[part];
    for (std::size_t i = part * part_words;; ++i) {
      if (end == window) return {i, 0};
      end += length_of(start_.words_[i]);
      if (end > window) return {i + 1, end - window};
    }
  }

  // Few enough to look through for each layer, enough to keep the list of parts short.
  static constexpr std::size_t part_words = 256;

  WindowCursor start_;
  std::vector<std::uint64_t> before_;
  std::vector<Start> starts_;
};

}  // namespace segpresso::compresso
