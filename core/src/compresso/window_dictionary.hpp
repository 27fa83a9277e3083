// Numbers distinct window values in the order in which they are met.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "segpresso/error.hpp"

namespace segpresso::compresso {

// Windows of up to 16 voxels are looked up in a table, larger ones by hashing.
class WindowDictionary {
 public:
  explicit WindowDictionary(unsigned window_voxels)
      : direct_(window_voxels <= 16),
        slots_(direct_ ? std::size_t{1} << window_voxels : std::size_t{1} << 10, empty) {}

  std::uint32_t number(std::uint64_t value) {
    if (direct_) {
      std::uint32_t& slot = slots_[value];
      if (slot == empty) slot = add(value);
      return slot;
    }
    std::size_t i = slot_of(value);
    while (slots_[i] != empty) {
      if (values_[slots_[i]] == value) return slots_[i];
      i = (i + 1) & (slots_.size() - 1);
    }
    slots_[i] = add(value);
    const std::uint32_t number = slots_[i];
    if (values_.size() * 2 > slots_.size()) grow();
    return number;
  }

  struct Entry {
    std::uint64_t value;
    std::uint32_t number;
  };

  // Values in ascending order.
  [[nodiscard]] std::vector<Entry> sorted() const {
    std::vector<Entry> entries;
    entries.reserve(values_.size());
    if (direct_) {
      for (std::size_t value = 0; value < slots_.size(); ++value) {
        if (slots_[value] != empty) entries.push_back({value, slots_[value]});
      }
      return entries;
    }
    for (std::uint32_t number = 0; number < values_.size(); ++number) {
      entries.push_back({values_[number], number});
    }
    std::ranges::sort(entries, {}, &Entry::value);
    return entries;
  }

 private:
  static constexpr std::uint32_t empty = std::numeric_limits<std::uint32_t>::max();
  // Leaves a bit of a number free for its users.
  static constexpr std::size_t max_values = std::numeric_limits<std::int32_t>::max();

  std::uint32_t add(std::uint64_t value) {
    if (values_.size() == max_values) {
      throw Error(ErrorKind::unsupported, "more than 2^31 - 1 distinct windows");
    }
    values_.push_back(value);
    return static_cast<std::uint32_t>(values_.size() - 1);
  }

  [[nodiscard]] std::size_t slot_of(std::uint64_t value) const noexcept {
    // Fibonacci hashing; the high bits are the well mixed ones.
    return (value * 0x9E3779B97F4A7C15) >> (64 - static_cast<unsigned>(shift_));
  }

  void grow() {
    ++shift_;
    slots_.assign(std::size_t{1} << shift_, empty);
    for (std::uint32_t number = 0; number < values_.size(); ++number) {
      std::size_t i = slot_of(values_[number]);
      while (slots_[i] != empty) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = number;
    }
  }

  bool direct_;
  int shift_ = 10;
  std::vector<std::uint32_t> slots_;
  std::vector<std::uint64_t> values_;
};

}  // namespace segpresso::compresso
