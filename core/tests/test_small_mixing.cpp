// The arithmetic of the `small` model's predictor: the same bits with every instruction set.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "native/small/contexts.hpp"
#include "native/small/curves.hpp"
#include "native/small/mixing.hpp"
#include "native/small/predictor.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

using namespace native::small;

template <class T>
bool same(const T& a, const T& b) {
  return std::equal(std::begin(a.value), std::end(a.value), std::begin(b.value));
}

// A number of type T, often an extreme one.
template <class T>
T any(Random& random, int low, int high) {
  const std::size_t pick = random.below(8);
  if (pick == 0) return static_cast<T>(low);
  if (pick == 1) return static_cast<T>(high);
  return static_cast<T>(low +
                        static_cast<int>(random.below(static_cast<std::size_t>(high - low + 1))));
}

TEST_CASE("every instruction set mixes and learns the same") {
  Random random(7);
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    const MixingKernels& kernels = mixing_kernels(simd);
    for (int round = 0; round < 2000; ++round) {
      Lanes inputs{};
      std::array<Weights, mixed_sets> weights{};
      for (auto& input : inputs.value) input = any<std::int16_t>(random, -max_input, max_input);
      for (Weights& set : weights) {
        for (auto& weight : set.value) weight = any<std::int16_t>(random, -32768, 32767);
      }
      std::array<Weights, mixed_sets> expected = weights;
      std::array<Weights*, mixed_sets> sets;
      std::array<Weights*, mixed_sets> expected_sets;
      std::array<std::int16_t, mixed_sets> errors;
      for (std::size_t i = 0; i < mixed_sets; ++i) {
        sets[i] = &weights[i];
        expected_sets[i] = &expected[i];
        errors[i] = any<std::int16_t>(random, -8192, 8191);
      }
      std::array<std::int32_t, mixed_sets> sums;
      std::array<std::int32_t, mixed_sets> expected_sums;
      kernels.sums(inputs, sets.data(), sums.data());
      mixing_scalar.sums(inputs, expected_sets.data(), expected_sums.data());
      REQUIRE(sums == expected_sums);
      kernels.train(inputs, sets.data(), errors.data());
      mixing_scalar.train(inputs, expected_sets.data(), errors.data());
      for (std::size_t i = 0; i < mixed_sets; ++i) REQUIRE(same(weights[i], expected[i]));

      Slots slots{};
      Slots noise{};
      for (auto& slot : slots.value) slot = any<std::uint16_t>(random, 0, 65535);
      for (auto& value : noise.value) value = any<std::uint16_t>(random, 0, 65535);
      Slots expected_slots = slots;
      Slots expected_noise = noise;
      const bool bit = random.chance(50);
      kernels.learn(slots, noise, bit);
      mixing_scalar.learn(expected_slots, expected_noise, bit);
      REQUIRE(same(slots, expected_slots));
      REQUIRE(same(noise, expected_noise));
    }
  }
}

TEST_CASE("slots approach what they see and never leave their range") {
  Slots slots{};
  Slots noise{};
  std::fill(std::begin(slots.value), std::end(slots.value), std::uint16_t{0x8000});
  for (std::size_t i = 0; i < lanes; ++i) noise.value[i] = static_cast<std::uint16_t>(i * 40503);
  for (int round = 0; round < 5000; ++round) mixing_scalar.learn(slots, noise, true);
  for (const std::uint16_t slot : slots.value) CHECK((slot >> 4) >= 4090);
  for (int round = 0; round < 5000; ++round) mixing_scalar.learn(slots, noise, false);
  for (const std::uint16_t slot : slots.value) CHECK((slot >> 4) <= 5);
}

TEST_CASE("log odds rise with probabilities") {
  CHECK(squash(0) == 32768);
  for (int odds = -max_output; odds < max_output; ++odds) CHECK(squash(odds) <= squash(odds + 1));
  CHECK(squash(-max_output) >= 1);
  CHECK(squash(max_output) <= 65535);
  CHECK(std::is_sorted(curves.stretch.begin(), curves.stretch.end()));
  CHECK(curves.stretch.front() == -max_input);
  CHECK(curves.stretch.back() == max_input);
}

TEST_CASE("a predictor becomes sure of what always happens") {
  Predictor predictor;
  predictor.start(Tables::untrained());
  DecisionMaker maker(predictor);
  decide_other<2>(Other::next, {1, 2}, maker);
  CHECK(predictor.predict(maker.decision) > 30000);
  predictor.update(true);
  for (int i = 0; i < 500; ++i) {
    predictor.predict(maker.decision);
    predictor.update(true);
  }
  CHECK(predictor.predict(maker.decision) > 65000);
}

}  // namespace
}  // namespace segpresso::test
