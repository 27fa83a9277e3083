// The run-length words of the window section.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/arithmetic.hpp"
#include "base/byte_reader.hpp"
#include "base/thread_team.hpp"
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
               unsigned window_voxels, const WindowWordRules& rules, ThreadTeam& team)
      : start_(words, values, rules.odd_is_run), layer_(grid.layer()) {
    check_values(values, window_voxels);
    const std::uint64_t total = layer_ * grid.z;
    seen_ = count_windows(total, team);
    if (seen_ < total && !rules.may_end_early) {
      words.fail(ErrorKind::truncated, "fewer windows than the volume has", words.size());
    }
    if (seen_ < total && values.size() == 0) {
      values.fail(ErrorKind::corrupt, "no window value for a volume that is not empty", 0);
    }
  }

  [[nodiscard]] WindowCursor at_layer(std::size_t k) const {
    WindowCursor cursor = start_;
    const std::uint64_t window = layer_ * k;
    if (window < seen_) {
      move_to(window, cursor);
    } else {
      cursor.word_ = start_.words_.size();
    }
    return cursor;
  }

 private:
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
  std::uint64_t count_windows(std::uint64_t total, ThreadTeam& team) {
    const std::size_t words = start_.words_.size();
    before_.resize(divide_up(words, part_words));
    constexpr std::size_t task_parts = 64;
    team.for_each(divide_up(before_.size(), task_parts), [&](std::size_t task, unsigned) {
      const std::size_t end = std::min(before_.size(), (task + 1) * task_parts);
      for (std::size_t part = task * task_parts; part < end; ++part) {
        const std::size_t first = part * part_words;
        before_[part] = count_in(start_.words_.slice(first, std::min(part_words, words - first)));
      }
    });
    std::uint64_t seen = 0;
    for (std::size_t part = 0; part < before_.size(); ++part) {
      const std::uint64_t count = std::exchange(before_[part], seen);
      if (count > total - seen) fail_in_part(part, total);
      seen += count;
    }
    return seen;
  }

  // Number of windows of some words, `wrong_words` if one of these cannot be.
  [[nodiscard]] std::uint64_t count_in(const PackedArray& words) const {
    const std::uint64_t indices = start_.values_.size();
    // Larger words are wrong, and sums of the others fit.
    constexpr std::uint64_t largest = std::uint64_t{1} << 53;
    std::uint64_t count = 0;
    std::uint64_t all = 0;
    bool wrong = false;
    words.for_each([&](std::size_t, std::uint64_t word) {  // no branches, no exits
      const std::uint64_t half = word >> 1;
      all |= word;
      wrong |= (half == 0) | (!is_run(word) & (half >= indices));
      count += is_run(word) ? half : 1;
    });
    return wrong || all >= largest ? wrong_words : count;
  }

  // Says what is wrong in a part.
  [[noreturn]] void fail_in_part(std::size_t part, std::uint64_t total) const {
    const PackedArray& words = start_.words_;
    const std::size_t first = part * part_words;
    std::uint64_t left = total - before_[part];
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

  // Moves a cursor to a window, counted from the volume's first.
  void move_to(std::uint64_t window, WindowCursor& cursor) const {
    const auto next_part = std::ranges::upper_bound(before_, window);
    const auto part = static_cast<std::size_t>(next_part - before_.begin()) - 1;
    std::uint64_t end = before_[part];
    cursor.word_ = part * part_words;
    while (end < window) end += length_of(start_.words_[cursor.word_++]);
    cursor.run_ = end - window;
  }

  // Few enough to look through for each layer, enough to keep the list of parts short.
  static constexpr std::size_t part_words = 256;
  static constexpr std::uint64_t wrong_words = std::numeric_limits<std::uint64_t>::max();

  WindowCursor start_;
  std::uint64_t layer_;  // windows
  std::uint64_t seen_ = 0;
  std::vector<std::uint64_t> before_;
};

}  // namespace segpresso::compresso
