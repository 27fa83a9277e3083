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

    const int odds = Lanes::mix(inputs_, sets_);
    mixed_ = squash(odds);

    const int place = odds + points / 2 * (1 << point_shift);
    const int part = place & ((1 << point_shift) - 1);
    std::uint16_t* point = refinements_ + std::size_t{decision.refinement} * points +
                           static_cast<std::size_t>(place >> point_shift);
    const int refined = point[0] + ((point[1] - point[0]) * part >> point_shift);
    refinement_ = point + (part >> (point_shift - 1));
    return static_cast<Probability>(std::clamp((mixed_ + refined) >> 1, 1, 65535));
  }

  // Tells which it was.
  [[gnu::always_inline]] void update(const Decision& decision, bool bit) {
    Lanes::learn(slots_, noise_, bit);
    Lanes::store(slots_in_, decision.slot, slots_);
    Lanes::train(inputs_, sets_, ((bit ? 65536 : 0) - mixed_) >> error_shift);
    *refinement_ =
        static_cast<std::uint16_t>(*refinement_ + (((bit ? 65535 : 0) - *refinement_) >> 6));
  }

 private:
  // Rate at which the mixer learns: half of it is 0.3 % worse, twice as much 0.1 %.
  static constexpr int error_shift = 5;

  std::uint16_t* slots_in_;
  Weights* weights_;
  std::uint16_t* refinements_;
  Inputs inputs_{};
  Slots slots_{};
  Slots noise_{};
  std::array<Weights*, mixed_sets> sets_{};
  int mixed_ = 0;                        // probability before the refinement
  std::uint16_t* refinement_ = nullptr;  // the nearest of its points
};

}  // namespace segpresso::native::small
