// The contexts of each kind of decision (docs/format_small.md section 8).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "native/small/neighbours.hpp"
#include "native/small/predictor.hpp"
#include "native/small/scene.hpp"

namespace segpresso::native::small {

// Slots of context i: 2 to the power of slot_bits[i].
inline constexpr std::array<unsigned, context_count> slot_bits{17, 16, 17, 17, 16, 17, 17, 18,
                                                               18, 17, 16, 18, 17, 18, 18};
inline constexpr auto slot_offsets = [] {
  std::array<std::uint32_t, context_count + 1> offsets{};
  for (std::size_t i = 0; i < context_count; ++i) {
    offsets[i + 1] = offsets[i] + (std::uint32_t{1} << slot_bits[i]);
  }
  return offsets;
}();
inline constexpr std::size_t slot_total = slot_offsets.back();

// Contexts of which the last set of weights depends on how well they are known.
inline constexpr std::array<std::size_t, 4> telling_contexts{3, 6, 11, 13};

// Sets of weights, by selector: first those of voxels, then of runs, then of the other decisions.
inline constexpr std::uint32_t kinds_of_others = 8;
inline constexpr std::array<std::uint32_t, mixed_sets> voxel_sets{1024, 1024, 672, 1000, 1024};
inline constexpr std::array<std::uint32_t, mixed_sets> run_sets{20, 32, 64, 32, 256};
inline constexpr std::uint32_t known_patterns = 256;
inline constexpr auto set_offsets = [] {
  std::array<std::uint32_t, mixed_sets + 1> offsets{};
  for (std::size_t i = 0; i < mixed_sets; ++i) {
    const std::uint32_t others = i + 1 < mixed_sets ? kinds_of_others : known_patterns;
    offsets[i + 1] = offsets[i] + voxel_sets[i] + run_sets[i] + others;
  }
  return offsets;
}();
inline constexpr std::size_t set_total = set_offsets.back();

inline constexpr std::uint32_t voxel_refinements = 7 * 128;
inline constexpr std::uint32_t run_refinements = 20;
inline constexpr std::uint32_t refinement_total =
    voxel_refinements + run_refinements + kinds_of_others;

constexpr std::uint64_t hash(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  std::uint64_t h = a * 0x9E3779B97F4A7C15 + b * 0xD6E8FEB86659FD93 + c * 0xC2B2AE3D27D4EB4F +
                    d * 0xFF51AFD7ED558CCD;
  h ^= h >> 32;
  return h * 0x94D049BB133111EB;
}

// Running figures that contexts use besides the scene.
struct Habits {
  int agreement = 0;          // how often voxels are as in the slice before, to 65535
  int breaks = 0;             // 0 to 31, high after runs that broke
  int novelty = 0;            // how often escapes are new labels, to 65535
  std::uint32_t escapes = 0;  // kinds of the last two escapes

  void compare(bool same_as_before) {
    agreement += ((same_as_before ? 65535 : 0) - agreement) / 256;
  }
};

// Fills a decision and fetches the slots it needs.
class DecisionMaker {
 public:
  explicit DecisionMaker(const Predictor& predictor) : predictor_(predictor) {}

  void context(std::size_t i, std::uint64_t hashed) {
    const auto slot = static_cast<std::uint32_t>(hashed >> (64 - slot_bits[i])) + slot_offsets[i];
    decision.slot[i] = slot;
    predictor_.prefetch(slot);
  }

  Decision decision;

 private:
  const Predictor& predictor_;
};

// The decisions at a voxel: is it the candidate's?
class VoxelContexts {
 public:
  VoxelContexts(Scene& scene, const Habits& habits, int x);

  // Of the candidate after `rank` refused ones.
  void decide(Index candidate, std::uint32_t rank, DecisionMaker& maker);

 private:
  const Scene& scene_;
  int x_;
  Passage passage_;
  std::uint64_t slice_;      // 0, 1, 2 (and later)
  std::uint64_t agreement_;  // 0 to 15
  std::uint64_t phase_;
  std::uint64_t passing_;    // kind and offset
  std::uint64_t deviation_;  // kind and offset from where the previous slice turns
  std::array<std::uint64_t, 5> moves_{};
  std::uint64_t first_refused_ = 0;
  Neighbours above_;   // of the label above
  Neighbours behind_;  // of the label in the previous slice
};

// Size class of a run.
inline std::uint32_t size_of_run(int length) {
  const auto bits = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(length)));
  return std::min(bits, 9U);
}

// Whether the quiet voxels [x, end) all are as the one above.
void decide_run(const Scene& scene, const Habits& habits, int x, int end, Quiet kind,
                DecisionMaker& maker);

// A decision of another kind, with up to `context_count` contexts of its own that take turns.
enum class Other : std::uint8_t {
  novel = 1,
  background,
  next,
  near,
  number,
  run_break,
  run_break_bits
};
template <std::size_t Count>
void decide_other(Other kind, const std::array<std::uint64_t, Count>& contexts,
                  DecisionMaker& maker) {
  const auto number = static_cast<std::uint32_t>(kind);
  for (std::size_t i = 0; i < context_count; ++i) {
    maker.context(i, hash(contexts[i % Count], number, i % Count, 12345));
  }
  for (std::size_t i = 0; i < mixed_sets; ++i) {
    maker.decision.set[i] =
        set_offsets[i] + voxel_sets[i] + run_sets[i] + (i + 1 < mixed_sets ? number : 0);
  }
  maker.decision.refinement = voxel_refinements + run_refinements + number;
}

}  // namespace segpresso::native::small
