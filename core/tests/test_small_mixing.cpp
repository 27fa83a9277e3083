// The arithmetic of the `small` model's predictor: the same bits with every instruction set.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "native/small/contexts.hpp"
#include "native/small/curves.hpp"
#include "native/small/lanes_scalar.hpp"
#include "native/small/mixing.hpp"
#include "native/small/predictor.hpp"
#include "native/small/words.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace segpresso::test {
namespace {

using namespace native::small;
using native::Index;

// All that is done in lanes for one decision about a candidate.
struct Work {
  std::array<Index, 32> rows{};
  Words words{};
  Numbers numbers{};
  std::array<std::uint16_t, 32> table{};  // slots, by `where`
  std::array<std::uint32_t, lanes> where{};
  std::array<Weights, mixed_sets> weights{};
  int error = 0;
  Slots noise{};
  bool bit = false;

  std::uint32_t pair = 0;
  std::uint32_t extracted = 0;
  alignas(32) std::array<std::uint32_t, lanes> located{};
  alignas(32) std::array<std::uint32_t, lanes> located_other{};
  std::uint32_t known = 0;
  int odds = 0;

  bool operator==(const Work& other) const {
    const auto same_weights = [](const Weights& a, const Weights& b) { return a.value == b.value; };
    return pair == other.pair && extracted == other.extracted &&
           std::equal(located.begin(), located.end() - 1, other.located.begin()) &&
           std::equal(located_other.begin(), located_other.end() - 1,
                      other.located_other.begin()) &&
           known == other.known && odds == other.odds && table == other.table &&
           noise.value == other.noise.value &&
           std::equal(weights.begin(), weights.end(), other.weights.begin(), same_weights);
  }
};

}  // namespace
}  // namespace segpresso::test

#if defined(__x86_64__)
// clang-format off: the order of these matters.
#include "base/target_avx2_begin.hpp"
#include "native/small/lanes_avx2.hpp"
// clang-format on

namespace segpresso::test {
namespace {

// Both kinds are compiled for AVX2 here, and called where there is AVX2 only.
template <class Lanes>
void run(Work& work) {
  const typename Lanes::Comparison label(work.rows[0]);
  work.pair = label.pair(&work.rows[8], &work.rows[16]);
  work.extracted = Lanes::extract(work.pair, 0x03018081);
  Lanes::locate(work.words, work.numbers, work.located);
  Lanes::locate(5, work.numbers, work.located_other);
  Slots slots{};
  Inputs inputs{};
  work.known = Lanes::fetch(work.table.data(), work.where, slots, inputs);
  std::array<Weights*, mixed_sets> sets;
  for (std::size_t i = 0; i < mixed_sets; ++i) sets[i] = &work.weights[i];
  work.odds = Lanes::mix(inputs, sets);
  Lanes::train(inputs, sets, work.error);
  Lanes::learn(slots, work.noise, work.bit);
  Lanes::store(work.table.data(), work.where, slots);
}

}  // namespace
}  // namespace segpresso::test

#include "base/target_end.hpp"
#endif

namespace segpresso::test {
namespace {

// A number of type T, often an extreme one.
template <class T>
T any(Random& random, int low, int high) {
  const std::size_t pick = random.below(8);
  if (pick == 0) return static_cast<T>(low);
  if (pick == 1) return static_cast<T>(high);
  return static_cast<T>(low +
                        static_cast<int>(random.below(static_cast<std::size_t>(high - low + 1))));
}

#if defined(__x86_64__)
TEST_CASE("every instruction set finds, mixes and learns the same") {
  if (!simd_available(Simd::avx2)) return;  // nothing to compare
  Random random(7);
  for (int round = 0; round < 5000; ++round) {
    Work work;
    for (Index& index : work.rows) index = any<Index>(random, 0, 3);
    for (auto& word : work.words) word = static_cast<std::uint32_t>(random.next());
    for (auto& number : work.numbers.value) number = static_cast<std::uint32_t>(random.next());
    for (auto& slot : work.table) slot = any<std::uint16_t>(random, 0, 65535);
    for (std::uint32_t i = 0; i < lanes; ++i) work.where[i] = 2 * i + (random.chance(50) ? 1 : 0);
    for (Weights& set : work.weights) {
      for (auto& weight : set.value) weight = any<std::int16_t>(random, -32768, 32767);
    }
    work.error = any<int>(random, -2048, 2048);
    for (auto& value : work.noise.value) value = any<std::uint16_t>(random, 0, 65535);
    work.bit = random.chance(50);
    Work expected = work;
    run<ScalarLanes>(expected);
    run<Avx2Lanes>(work);
    REQUIRE(work == expected);
  }
}
#endif

TEST_CASE("slots approach what they see and never leave their range") {
  Slots slots{};
  Slots noise{};
  std::fill(std::begin(slots.value), std::end(slots.value), std::uint16_t{0x8000});
  for (std::size_t i = 0; i < lanes; ++i) noise.value[i] = static_cast<std::uint16_t>(i * 40503);
  for (int round = 0; round < 5000; ++round) ScalarLanes::learn(slots, noise, true);
  for (const std::uint16_t slot : slots.value) CHECK((slot >> 4) >= 4090);
  for (int round = 0; round < 5000; ++round) ScalarLanes::learn(slots, noise, false);
  for (const std::uint16_t slot : slots.value) CHECK((slot >> 4) <= 5);
}

TEST_CASE("log odds rise with probabilities") {
  CHECK(squash(0) == 32768);
  for (int odds = -max_output; odds < max_output; ++odds) CHECK(squash(odds) <= squash(odds + 1));
  CHECK(squash(-max_output) >= 1);
  CHECK(squash(max_output) <= 65535);
  for (unsigned q = 0; q < 4095; ++q) CHECK(stretch(q) <= stretch(q + 1));
  CHECK(stretch(0) == -max_input - 1);
  CHECK(stretch(4095) == max_input);
}

TEST_CASE("a predictor becomes sure of what always happens") {
  Tables tables = Tables::untrained();
  Predictor<ScalarLanes> predictor(tables);
  Decision decision;
  decide_other<ScalarLanes, 2>(Other::next, {1, 2}, decision);
  CHECK(predictor.predict(decision) > 30000);
  predictor.update(decision, true);
  for (int i = 0; i < 500; ++i) {
    predictor.predict(decision);
    predictor.update(decision, true);
  }
  CHECK(predictor.predict(decision) > 65000);
}

}  // namespace
}  // namespace segpresso::test
