// Mixes what many contexts say about the next decision (docs/format_small.md sections 5 and 6).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "native/range_coder.hpp"
#include "native/small/curves.hpp"
#include "native/small/mixing.hpp"

namespace segpresso::native::small {

template <class Lanes>
class Predictor {
 public:
  explicit Predictor(Tables& tables)
      : slots_in_(tables.slots.data()),
        weights_(tables.weights.data()),
        refinements_(tables.refinements.data()) {
    for (std::size_t i = 0; i < lanes; ++i)
      noise_.value[i] = static_cast<std::uint16_t>(i * 40503 + 1);
  }

  // Fetches what a decision will look at.
  [[gnu::always_inline]] void prefetch(const Decision& decision) const {
#pragma GCC unroll 15
    for (std::size_t i = 0; i < context_count; ++i)
      __builtin_prefetch(slots_in_ + decision.slot[i]);
  }

  // Probability that the next bit is 1; `decision` says in which contexts.
  [[gnu::always_inline]] Probability predict(const Decision& decision) {
    const std::uint32_t known = Lanes::fetch(slots_in_, decision.slot, slots_, inputs_);
    for (std::size_t i = 0; i < mixed_sets; ++i) sets_[i] = weights_ + decision.set[i];
    sets_.back() += known;

    std::array<std::int32_t, mixed_sets> odds;
    Lanes::mix(inputs_, sets_, odds);
    int total = 0;
    for (std::size_t i = 0; i < mixed_sets; ++i) {
      opinions_[i] = squash(odds[i]);
      total += odds[i];
    }
    const int mean = total / static_cast<int>(mixed_sets);

    const int place = mean + points / 2 * (1 << point_shift);
    const int part = place & ((1 << point_shift) - 1);
    std::uint16_t* point = refinements_ + std::size_t{decision.refinement} * points +
                           static_cast<std::size_t>(place >> point_shift);
    const int refined = point[0] + ((point[1] - point[0]) * part >> point_shift);
    refinement_ = point + (part >> (point_shift - 1));
    return static_cast<Probability>(std::clamp((squash(mean) + refined) >> 1, 1, 65535));
  }

  // Tells which it was.
  [[gnu::always_inline]] void update(const Decision& decision, bool bit) {
    Lanes::learn(slots_, noise_, bit);
    Lanes::store(slots_in_, decision.slot, slots_);
#pragma GCC unroll 5
    for (std::size_t i = 0; i < mixed_sets; ++i) {
      const int error = (bit ? 65536 : 0) - opinions_[i];
      Lanes::train(inputs_, *sets_[i], error >> error_shift);
    }
    *refinement_ =
        static_cast<std::uint16_t>(*refinement_ + (((bit ? 65535 : 0) - *refinement_) >> 6));
  }

 private:
  // Rate at which the mixer learns: half or twice as much is 0.1 to 0.2 % worse.
  static constexpr int error_shift = 4;

  std::uint16_t* slots_in_;
  Weights* weights_;
  std::uint16_t* refinements_;
  Inputs inputs_{};
  Slots slots_{};
  Slots noise_{};
  std::array<Weights*, mixed_sets> sets_{};
  std::array<int, mixed_sets> opinions_{};  // probability by each set
  std::uint16_t* refinement_ = nullptr;     // the nearest of its points
};

}  // namespace segpresso::native::small
