// How cpso stores windows: the length of a run of index 0 and a set bit, or an index and a clear
// bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "base/arithmetic.hpp"

namespace segpresso::compresso {

// Words of a type, for the windows of a ModelEncoder.
template <class Model, class Word>
class CpsoWords {
 public:
  using Part = typename Model::WindowPart;

  // Longer runs take several words, all but the last of this length.
  static constexpr std::uint64_t longest = std::numeric_limits<Word>::max() >> 1;

  // Number of words of a part.
  static std::size_t count(const Part& part) {
    std::uint64_t count = divide_up(part.run, longest) + part.tokens.size();
    for (const std::uint32_t token : part.tokens) {
      if (is_long_run(token)) {
        count += divide_up(std::uint64_t{token % Model::run_flag}, longest) - 1;
      }
    }
    return count;
  }

  // Writes them to memory that need not be aligned.
  static void write(const Part& part, std::uint8_t* to) {
    const auto add = [&](std::uint64_t word) {
      const auto narrow = static_cast<Word>(word);
      std::memcpy(to, &narrow, sizeof narrow);
      to += sizeof narrow;
    };
    const auto add_run = [&](std::uint64_t run) {
      for (; run >= longest; run -= longest) add(2 * longest + 1);
      if (run > 0) add(2 * run + 1);
    };
    add_run(part.run);
    for (const std::uint32_t token : part.tokens) {
      if (is_long_run(token)) [[unlikely]] {
        add_run(token % Model::run_flag);
      } else {
        // Runs and indices take turns as they like: no branch between them.
        add(std::uint64_t{2} * (token % Model::run_flag) + token / Model::run_flag);
      }
    }
  }

 private:
  static bool is_long_run(std::uint32_t token) noexcept {
    return token > Model::run_flag + longest;
  }
};

}  // namespace segpresso::compresso
