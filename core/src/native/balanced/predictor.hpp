// Predicts decisions by sums: each of several contexts adds its own logarithm of the odds.
//
// The contexts of a decision are learned together, as the weights of a logistic regression whose
// inputs are all zeros and ones. A sum takes one addition per context where mixing the
// probabilities of contexts takes a multiplication and two table look-ups, and is no larger:
// within 1 % of mixing by learned weights on real volumes, 3 to 5 % smaller than the mean.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "native/balanced/contexts.hpp"

namespace segpresso::native::balanced {

// What a context has learned, and how fast it still learns: a logit in 1/4096 and a rate in
// 1/32768. One number: for all that compilers know, storing anything smaller could change the
// coder's state, which they then keep in memory.
class Slot {
 public:
  Slot() = default;
  constexpr Slot(int logit, int rate) noexcept
      : packed_((static_cast<std::uint32_t>(logit) & 0xFFFFU) | static_cast<std::uint32_t>(rate)
                                                                    << 16) {}
  constexpr explicit Slot(std::uint32_t packed) noexcept : packed_(packed) {}

  [[nodiscard]] constexpr std::uint32_t packed() const noexcept { return packed_; }
  [[nodiscard]] constexpr int logit() const noexcept { return static_cast<std::int16_t>(packed_); }
  [[nodiscard]] constexpr int rate() const noexcept { return static_cast<int>(packed_ >> 16); }

 private:
  std::uint32_t packed_ = 0;
};

inline constexpr int logit_limit = 11 * 4096;  // sums beyond are as good as this
inline constexpr unsigned squash_shift = 8;    // 16 steps per unit: finer ones gain nothing
// No sum of four logits is larger; a table for all of them saves comparing with the limit.
inline constexpr int largest_sum = 4 * 32768;
inline constexpr std::size_t squash_size = 2 * largest_sum >> squash_shift;
inline constexpr int least_rate = 1024;  // 1/32: half of it gains 0.1 %, twice as much loses 0.2 %
inline constexpr int first_rate = 16384;

namespace tables {

// exp(1/32), multiplied up: exact to far more digits than are used, and the same everywhere. Entry
// size / 2 + i stands for the logit (i + 1/2) / 16; the lower half follows by symmetry.
constexpr std::array<std::uint16_t, squash_size> make_squash() {
  std::array<std::uint16_t, squash_size> result{};
  constexpr double step = 1.0644944589178593;  // exp(1/16)
  double odds = 1.0317434074991028;            // exp(1/32)
  constexpr std::size_t limit = logit_limit >> squash_shift;
  constexpr std::size_t half = squash_size / 2;
  for (std::size_t i = 0; i < half; ++i) {
    if (i < limit) {
      const double probability = odds / (1 + odds);
      const auto twice = static_cast<std::uint32_t>(probability * 2 * 65536);
      const std::uint32_t scaled = (twice + 1) / 2;  // rounded
      result[half + i] = static_cast<std::uint16_t>(scaled > 65504 ? 65504 : scaled);
      odds *= step;
    } else {
      result[half + i] = result[half + i - 1];
    }
    result[half - 1 - i] = static_cast<std::uint16_t>(65536 - result[half + i]);
  }
  return result;
}

}  // namespace tables

inline constexpr auto squash = tables::make_squash();
// The probability of a one in 1/65536, of a sum of logits.
inline std::uint32_t probability_of(int sum) noexcept {
  return squash[static_cast<std::size_t>(sum + largest_sum) >> squash_shift];
}

// How wrong a prediction was, and the variance of what it predicted, in 1/32768.
inline int error_of(std::uint32_t probability, bool bit) noexcept {
  return ((bit ? 65536 : 0) - static_cast<int>(probability)) >> 1;
}
inline int variance_of(std::uint32_t probability) noexcept {
  return static_cast<int>(probability * (65536 - probability) >> 17);
}

// The product of two fractions of 32768, rounded; what vector units call mulhrs.
inline int times(int a, int b) noexcept { return (a * b + 0x4000) >> 15; }

// One step of Newton's method for the logit; the rate is one over the sum of variances so far, and
// follows from the one before without a division.
inline void learn(Slot& slot, int error, int variance) noexcept {
  const int rate = slot.rate();
  const int step = times(times(error, rate), 4096);
  slot = Slot(std::clamp(slot.logit() + step, -32768, 32767),
              std::max(rate - times(rate, times(rate, variance)), least_rate));
}

// Decisions that have the same contexts differ in their step, which is added to where the slots
// are: for all but the first nothing is hashed, and most slots are in the cache already.
inline constexpr std::size_t step_count = 16;

// For each context of a group of frequent decisions a table of 2^Bits slots, and for the last of
// them the steps that follow.
template <unsigned Bits>
struct Tables {
  static constexpr unsigned bits = Bits;
  static constexpr std::size_t size = (std::size_t{1} << Bits) + step_count;
  std::array<Slot, context_count * size> slots;
};
using SlotPointers = std::array<Slot*, context_count>;

inline constexpr std::uint64_t hash_multiplier = 0x9E3779B97F4A7C15ULL;
inline constexpr std::uint64_t number_multiplier = 0xD6E8FEB86659FD93ULL;

// Tells contexts of different kinds apart.
constexpr std::uint64_t mixed(std::uint64_t ends, std::uint64_t number) noexcept {
  return ends ^ number * number_multiplier;
}

// Where the slots of all contexts are, for step 0.
template <const Contexts& Of, class Tables>
SlotPointers slots_of(Tables& tables, std::uint64_t ends, std::uint32_t numbers) noexcept {
  const auto slot = [&](std::size_t i) {
    const std::uint64_t context = mixed(ends & Of.ends[i], numbers & Of.numbers[i]);
    return tables.slots.data() + (context * hash_multiplier >> (64 - Tables::bits)) +
           i * Tables::size;
  };
  return {slot(0), slot(1), slot(2), slot(3)};
}

// A table of 2^Bits slots, looked up by a hash of the context.
template <unsigned Bits>
struct SlotTable {
  static constexpr std::size_t size = std::size_t{1} << Bits;
  std::array<Slot, size> slots;

  Slot* at(std::uint64_t context) noexcept {
    return &slots[context * hash_multiplier >> (64 - Bits)];
  }
};

}  // namespace segpresso::native::balanced
