// How decisions are coded, and what is learned of them. Encoder and decoder ask in the same way:
// `decide<Count>(slot, actual)`, where `slot(i)` is the slot of the i-th context and `actual()` is
// what only the encoder knows.
//
// Included once per instruction set, inside of a namespace of its own.
#pragma once

#if !defined(SEGPRESSO_BALANCED_ISA)
#error "include this through coder_template.hpp"
#endif

namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA {

// Frequent decisions have so many contexts, rare ones fewer, and some none: then both answers are
// equally probable.
inline constexpr std::size_t frequent = context_count;

// For a voxel: 69 if a stretch is cut short there, of which a distance of 32 bits takes 64; three
// for the label to the left, 12 for those nearby and the next ones, 12 for places, 16 for an index.
inline constexpr std::size_t most_at_once = 128;

// Codes one decision by `code(probability)`.
template <std::size_t Count, class SlotOf, class Code>
[[gnu::always_inline]] inline bool decide_by(const SlotOf& slot, Code&& code) {
  if constexpr (Count == 0) return code(even_odds);
  int sum = 0;
  for (unsigned i = 0; i < Count; ++i) sum += slot(i).logit();
  const std::uint32_t probability = probability_of(sum);
  const bool bit = code(probability);
  const int error = error_of(probability, bit);
  const int variance = variance_of(probability);
  if constexpr (Count == frequent) {
    learn_all(slot, error, variance);
  } else {
    for (unsigned i = 0; i < Count; ++i) learn(slot(i), error, variance);
  }
  return bit;
}

// The encoder knows all answers. It lists the decisions of a row or so first, and codes them in
// a loop that has no branch which depends on them: with what else is here, 1.1 (fib25) to 1.3 times
// (pinky40) as fast as coding each when it comes up, where every wrong guess of the processor also
// throws away what it had begun of the next decision.
class DecisionEncoder {
 public:
  static constexpr bool decodes = false;

  explicit DecisionEncoder(RangeEncoder& coder) noexcept : coder_(coder) {}

  // Before each `most_at_once` decisions, or fewer.
  void begin() {
    if (count_ >= enough) finish();
  }

  template <std::size_t Count, class SlotOf, class Actual>
  bool decide(const SlotOf& slot, Actual&& actual) {
    Decision& decision = list_[count_++];
    for (unsigned i = 0; i < Count; ++i) {
      decision.slots[i] = &slot(i);
      __builtin_prefetch(decision.slots[i]);
    }
    decision.contexts = Count;
    decision.bit = actual();
    return decision.bit;
  }

  // Codes what is in the list.
  void finish() {
    for (std::size_t i = 0; i < count_; ++i) {
      const Decision& decision = list_[i];
      const auto slot = [&](unsigned k) -> Slot& { return *decision.slots[k]; };
      const auto code = [&](std::uint32_t probability) {
        return coder_.code(probability, decision.bit);
      };
      switch (decision.contexts) {
        case frequent:
          decide_by<frequent>(slot, code);
          break;
        case 3:
          decide_by<3>(slot, code);
          break;
        case 2:
          decide_by<2>(slot, code);
          break;
        default:
          decide_by<0>(slot, code);
      }
    }
    count_ = 0;
  }

 private:
  struct Decision {
    std::array<Slot*, frequent> slots;
    std::uint8_t contexts;
    bool bit;
  };
  static constexpr std::size_t enough = 64;  // whose slots fit into the first cache

  RangeEncoder& coder_;
  std::array<Decision, enough + most_at_once> list_;
  std::size_t count_ = 0;
};

class DecisionDecoder {
 public:
  static constexpr bool decodes = true;

  explicit DecisionDecoder(const RangeDecoder& coder) : coder_(coder) {}

  void begin() const noexcept {}

  template <std::size_t Count, class SlotOf, class Actual>
  [[gnu::always_inline]] bool decide(const SlotOf& slot, Actual&& /*actual*/) {
    return decide_by<Count>(slot,
                            [&](std::uint32_t probability) { return coder_.code(probability); });
  }

  void check_not_exhausted() const { coder_.check_not_exhausted(); }
  void check_all_used() const { coder_.check_all_used(); }

 private:
  RangeDecoder coder_;  // a reference would be one load more for each decision
};

}  // namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA
