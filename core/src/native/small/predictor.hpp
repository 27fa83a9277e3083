// Mixes what many contexts say about the next decision (docs/format_small.md sections 5 and 6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/huge_pages.hpp"
#include "native/small/coder.hpp"
#include "native/small/mixing.hpp"

namespace segpresso::native::small {

// Where a decision looks: made by contexts.hpp.
struct Decision {
  std::array<std::uint32_t, context_count> slot;  // positions among all slots
  std::array<std::uint32_t, mixed_sets> set;      // the last one is completed by the predictor
  std::uint32_t refinement;
};

// Tables that learn. They begin as `small_prior` has them.
struct Tables {
  std::vector<std::uint16_t, HugePageAllocator<std::uint16_t>> slots;
  std::vector<Weights> weights;
  std::vector<std::uint16_t> refinements;

  // As without any training.
  static Tables untrained();
};

class Predictor {
 public:
  Predictor();
  explicit Predictor(const MixingKernels& kernels) : kernels_(kernels) {}

  // Forgets everything but the prior.
  void start(const Tables& prior);

  // Probability that the next bit is 1; `decision` says in which contexts.
  Probability predict(const Decision& decision);
  // Tells which it was.
  void update(bool bit);

  // Fetches a slot that the next decision will use.
  void prefetch(std::uint32_t slot) const { __builtin_prefetch(&tables_.slots[slot]); }

  Tables& tables() { return tables_; }

 private:
  const MixingKernels& kernels_;
  Tables tables_;
  Lanes inputs_{};
  Slots slots_{};
  Slots noise_{};
  std::array<std::uint16_t*, context_count> sources_{};
  std::array<Weights*, mixed_sets> sets_{};
  std::array<int, mixed_sets> opinions_{};  // probability by each set
  std::uint16_t* refinement_ = nullptr;     // the nearest of its points
};

}  // namespace segpresso::native::small
