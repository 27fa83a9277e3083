// Location words: a neighbour code, or the label itself.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "segpresso/error.hpp"

namespace segpresso::compresso {

// v1 and v2: label + 6 in 64 bits, which wraps onto the codes for the six largest labels.
struct OffsetLocations {
  using Word = std::uint64_t;
  static constexpr std::uint64_t offset = 6;

  bool wrap = false;

  void add_label(std::vector<Word>& words, std::uint64_t label) const {
    if (label > std::numeric_limits<std::uint64_t>::max() - offset && !wrap) {
      throw Error(ErrorKind::unsupported,
                  "label " + std::to_string(label) +
                      " cannot be stored: this format holds labels below 2^64 - 6 only; cpso holds "
                      "all");
    }
    words.push_back(label + offset);
  }
};

// cpso: label + 7, or 6 followed by the label where that would not fit.
template <class T>
struct EscapedLocations {
  using Word = T;
  static constexpr T escape = 6;
  static constexpr T offset = 7;

  T first_escaped = std::numeric_limits<T>::max() - 6;

  void add_label(std::vector<Word>& words, T label) const {
    if (label >= first_escaped) {
      words.push_back(escape);
      words.push_back(label);
    } else {
      words.push_back(static_cast<T>(label + offset));
    }
  }
};

}  // namespace segpresso::compresso
