#include "compresso/cpso_words.hpp"

#include <cstring>
#include <limits>

#include "base/arithmetic.hpp"
#include "segpresso/label_view.hpp"

namespace segpresso::compresso {
namespace {

constexpr std::uint32_t run_flag = WindowEncoder::run_flag;

// Longer runs take several words, all but the last of this length.
template <class Word>
constexpr std::uint64_t longest = std::numeric_limits<Word>::max() >> 1;

template <class Word>
bool is_long_run(std::uint32_t token) noexcept {
  return token > run_flag + longest<Word>;
}

template <class Word>
std::size_t count_words(const WindowEncoder::Part& part) {
  std::uint64_t count = divide_up(part.run, longest<Word>) + part.tokens.size();
  for (const std::uint32_t token : part.tokens) {
    if (is_long_run<Word>(token)) {
      count += divide_up(std::uint64_t{token % run_flag}, longest<Word>) - 1;
    }
  }
  return count;
}

template <class Word>
void write_words(const WindowEncoder::Part& part, std::uint8_t* to) {
  const auto add = [&](std::uint64_t word) {
    const auto narrow = static_cast<Word>(word);
    std::memcpy(to, &narrow, sizeof narrow);
    to += sizeof narrow;
  };
  const auto add_run = [&](std::uint64_t run) {
    for (; run >= longest<Word>; run -= longest<Word>) add(2 * longest<Word> + 1);
    if (run > 0) add(2 * run + 1);
  };
  add_run(part.run);
  for (const std::uint32_t token : part.tokens) {
    if (is_long_run<Word>(token)) [[unlikely]] {
      add_run(token % run_flag);
    } else {
      // Runs and indices take turns as they like: no branch between them.
      add(std::uint64_t{2} * (token % run_flag) + token / run_flag);
    }
  }
}

}  // namespace

std::size_t count_cpso_words(const WindowEncoder::Part& part, unsigned width) {
  return with_label_type(static_cast<LabelType>(width),
                         [&]<class Word>() { return count_words<Word>(part); });
}

void write_cpso_words(const WindowEncoder::Part& part, unsigned width, std::uint8_t* to) {
  with_label_type(static_cast<LabelType>(width),
                  [&]<class Word>() { write_words<Word>(part, to); });
}

}  // namespace segpresso::compresso
