#include "native/small/predictor.hpp"

#include <algorithm>

#include "native/small/contexts.hpp"
#include "native/small/curves.hpp"

namespace segpresso::native::small {
namespace {

constexpr std::int16_t constant_input = 77;  // 0.3 in log odds

// Rate at which the mixer learns: half or twice as much is 0.1 to 0.2 % worse.
constexpr int error_scale = 4;
constexpr int error_shift = 5;

// Refinement: points of a curve over the mixer's log odds.
constexpr int points = 33;
constexpr int point_step = 176;

// How well a slot knows its context.
constexpr std::uint32_t confidence(unsigned slot) {
  const unsigned count = slot & 15;
  return count == 0 ? 0 : count < 3 ? 1 : count < 8 ? 2 : 3;
}

}  // namespace

Tables Tables::untrained() {
  Tables tables;
  tables.slots.assign(slot_total, 0x8000);
  Weights weights{};
  std::fill_n(weights.value.begin(), context_count, std::int16_t{24576 / context_count});
  tables.weights.assign(set_total, weights);
  tables.refinements.resize(std::size_t{refinement_total} * points);
  for (std::size_t i = 0; i < tables.refinements.size(); ++i) {
    const int odds = (static_cast<int>(i % points) - points / 2) * point_step;
    tables.refinements[i] = static_cast<std::uint16_t>(squash(clamp_output(odds)));
  }
  return tables;
}

Predictor::Predictor() : Predictor(mixing_kernels(active_simd())) {}

void Predictor::start(const Tables& prior) {
  tables_ = prior;
  for (std::size_t i = 0; i < lanes; ++i)
    noise_.value[i] = static_cast<std::uint16_t>(i * 40503 + 1);
  inputs_.value[context_count] = constant_input;
}

Probability Predictor::predict(const Decision& decision) {
  for (std::size_t i = 0; i < context_count; ++i) {
    sources_[i] = &tables_.slots[decision.slot[i]];
    slots_.value[i] = *sources_[i];
    inputs_.value[i] = curves.stretch[slots_.value[i] >> 4];
  }
  std::uint32_t known = 0;
  for (const std::size_t i : telling_contexts) known = known << 2 | confidence(slots_.value[i]);
  for (std::size_t i = 0; i < mixed_sets; ++i) sets_[i] = &tables_.weights[decision.set[i]];
  sets_.back() += known;

  std::array<std::int32_t, mixed_sets> sums;
  kernels_.sums(inputs_, sets_.data(), sums.data());
  int total = 0;
  for (std::size_t i = 0; i < mixed_sets; ++i) {
    const int odds = clamp_output(sums[i] >> 14);
    opinions_[i] = squash(odds);
    total += odds;
  }
  const int odds = total / static_cast<int>(mixed_sets);

  const int place = odds + points / 2 * point_step;
  const int part = place % point_step;
  std::uint16_t* point = &tables_.refinements[std::size_t{decision.refinement} * points +
                                              static_cast<std::size_t>(place / point_step)];
  const int refined = (point[0] * (point_step - part) + point[1] * part) / point_step;
  refinement_ = point + (2 * part > point_step ? 1 : 0);
  return static_cast<Probability>(std::clamp((squash(odds) + refined) >> 1, 1, 65535));
}

void Predictor::update(bool bit) {
  kernels_.learn(slots_, noise_, bit);
  for (std::size_t i = 0; i < context_count; ++i) *sources_[i] = slots_.value[i];
  std::array<std::int16_t, mixed_sets> errors;
  for (std::size_t i = 0; i < mixed_sets; ++i) {
    const int error = (bit ? 65536 : 0) - opinions_[i];
    errors[i] = static_cast<std::int16_t>(error * error_scale >> error_shift);
  }
  kernels_.train(inputs_, sets_.data(), errors.data());
  *refinement_ =
      static_cast<std::uint16_t>(*refinement_ + (((bit ? 65535 : 0) - *refinement_) >> 6));
}

}  // namespace segpresso::native::small
