// The contexts of each kind of decision (docs/format_small.md section 8).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "native/small/masks.hpp"
#include "native/small/mixing.hpp"
#include "native/small/scene.hpp"
#include "native/small/words.hpp"

namespace segpresso::native::small {

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

// What is the same for all candidates of a row.
struct RowFacts {
  std::uint32_t circumstances;  // of word 4
  std::uint32_t agreement;      // 0 to 15
  std::uint32_t set;            // of the third selector

  void find(const Scene& scene, const Habits& habits) {
    agreement = static_cast<std::uint32_t>(habits.agreement >> 12);
    const auto slice = static_cast<std::uint32_t>(std::min(scene.z(), 2));
    circumstances = slice << slice_shift | agreement << agreement_shift;
    set = set_offsets[2] + (agreement >> 1) * 84 + slice * 4;
  }
};

// What is the same for all candidates of a voxel.
struct VoxelFacts {
  std::uint32_t circumstances;  // word 4 but for the candidate's bits
  std::uint32_t deviation;      // word 5 likewise
  std::uint32_t edges;          // word 6 likewise
  std::uint32_t set;            // of the fourth selector, but for the rank
  Numbers numbers;

  [[gnu::always_inline]] void find(Scene& scene, const RowFacts& row, int x, Index left) {
    const Passage passage = scene.passage(x, left);
    const Reference& r = *passage.reference;
    const auto offset = static_cast<std::uint32_t>(passage.offset + 32);
    circumstances = row.circumstances | std::uint32_t{passage.kind} << case_shift |
                    offset << offset_shift | scene.phase(x) << phase_shift;
    deviation = static_cast<std::uint32_t>(
        64 + (r.shift_before != no_shift ? std::clamp(passage.offset - r.shift_before, -40, 40)
                                         : 50 + passage.offset));
    const auto six = [&](BitRow bits) {
      return static_cast<std::uint32_t>(bits.from(x - 2)) & 0x3F;
    };
    edges = six(scene.edges_above()) | six(scene.edges_before(0)) << 8 | six(scene.unlike()) << 17 |
            six(scene.steps_before()) << 26;
    set = set_offsets[3] + passage.kind * 50U +
          static_cast<std::uint32_t>(std::clamp(passage.offset, -14, 10) + 14) * 2 +
          (r.offset_before != no_shift ? 1 : 0);
    numbers = r.numbers;
  }
};

// The decision at voxel x: is it the candidate's, after `refused` others? `first` is of the first
// candidate, found if it is this one.
template <class Lanes>
[[gnu::always_inline]] inline void decide_candidate(const Scene& scene, const RowFacts& row,
                                                    const VoxelFacts& voxel, int x, Index candidate,
                                                    std::uint32_t refused, std::uint32_t& first,
                                                    Decision& decision) {
  constexpr Words far = before(places_before.size());
  constexpr std::uint32_t near_lower = [] {
    std::uint32_t bits = 0;
    for (const Place p : places_before) {
      if (p.y == 1) bits |= first_of_pair(p.x);
      if (p.y == 2) bits |= second_of_pair(p.x);
    }
    return bits;
  }();
  constexpr std::uint32_t near_upper = far[2] & ~(near_lower >> lower_shift);
  constexpr Words far_two = two_before(9);
  constexpr std::uint32_t two_lower =
      first_of_pair(-1) | first_of_pair(0) | first_of_pair(1) | second_of_pair(0);
  constexpr std::uint32_t two_upper = far_two[3] & ~(two_lower << upper_shift);
  static_assert(((near_lower >> lower_shift) & near_upper) == 0);
  static_assert((far_two[3] | far[3]) == (two_upper | two_lower << upper_shift));

  const typename Lanes::Comparison label(candidate);
  const std::uint32_t here0 = label.pair(scene.row(0) + x, scene.row(1) + x);
  const std::uint32_t here1 = label.pair(scene.row(2) + x, scene.row(3) + x);
  const std::uint32_t before0 = label.pair(scene.before(0) + x, scene.before(-1) + x);
  const std::uint32_t before1 = label.pair(scene.before(1) + x, scene.before(2) + x);
  const std::uint32_t two0 = label.pair(scene.two_before(0) + x, scene.two_before(-1) + x);
  const std::uint32_t two1 = label.pair(scene.two_before(1) + x, scene.before(-2) + x);

  const std::uint32_t i = std::min(refused, 6U);
  const std::uint32_t in_rows = scene.in_rows_above(candidate) ? 1 : 0;
  const Words words{here0,
                    here1,
                    (before0 & near_upper) | (before1 & near_lower) >> lower_shift,
                    (two0 & two_upper) | (two1 & two_lower) << upper_shift,
                    voxel.circumstances | i | in_rows << seen_shift,
                    voxel.deviation | std::uint32_t{candidate} << candidate_shift,
                    voxel.edges | first};
  Lanes::locate(words, voxel.numbers, decision.slot);
  if (refused == 0) first = (here0 & surroundings[0]) | (here1 & surroundings[1]);

  const std::uint32_t i3 = std::min(i, 3U);
  const std::uint32_t beside = Lanes::extract(
      here0, first_of_pair(-1) | second_of_pair(-1) | second_of_pair(0) | second_of_pair(1));
  const std::uint32_t behind = Lanes::extract(
      before0, first_of_pair(-1) | first_of_pair(0) | first_of_pair(1) | second_of_pair(0));
  const std::uint32_t below = before1 >> 16 & 1;
  const std::uint32_t further =
      Lanes::extract(two0, first_of_pair(-1) | first_of_pair(0) | first_of_pair(1));
  decision.set[0] = set_offsets[0] + i3 * 256 + beside * 16 + behind;
  decision.set[1] = set_offsets[1] + i3 * 256 + (behind | below << 4) * 8 + further;
  decision.set[2] = row.set + i * 12 + (candidate == scene.traits().background ? 2 : 0) + in_rows;
  decision.set[3] = voxel.set + i3 * 250;
  decision.set[4] = set_offsets[4] + i3 * known_patterns;
  decision.refinement = i * 128 + beside * 8 + (before0 >> 16 & 3) + below * 4;
}

// Size class of a run.
inline std::uint32_t size_of_run(int length) {
  const auto bits = static_cast<unsigned>(std::bit_width(static_cast<unsigned>(length)));
  return std::min(bits, 9U);
}

// Whether the quiet voxels [x, end) all are as the one above.
template <class Lanes>
[[gnu::always_inline]] inline void decide_run(const Scene& scene, const RowFacts& row,
                                              const Habits& habits, int x, int end, Quiet kind,
                                              Decision& decision) {
  const Index index = scene.row(1)[x];
  const int length = end - x;
  const std::uint32_t size = size_of_run(length);
  const std::uint32_t unlike = kind == Quiet::unlike_before ? 1 : 0;
  const auto same = [&](const Index* at, int place) { return at[place] == index; };
  const std::uint32_t stays = same(scene.before(0), x) && same(scene.two_before(0), x) ? 1 : 0;
  const std::uint32_t thick =
      same(scene.row(2), x) && same(scene.row(2), x + length / 2) && same(scene.row(2), end - 1)
          ? 1
          : 0;
  const int gap = distance_after(scene.edges_above(), end, 31);
  const Edge edge = gap < 31 && end + gap < scene.width() ? scene.edge_above(end + gap) : Edge{};
  const auto goes_on = [&](const Index* at) {
    return static_cast<std::uint32_t>(std::countr_one(equal_mask(at + end - 8, index) >> 8));
  };
  const std::uint32_t here_on = goes_on(scene.before(0));
  const std::uint32_t below_on = goes_on(scene.before(1));
  const std::uint32_t shift1 = edge.shift_class_before(0);
  const std::uint32_t shift2 = edge.shift_class_before(1);

  const auto breaks = static_cast<std::uint32_t>(habits.breaks);
  const std::uint32_t background = index == scene.traits().background ? 1 : 0;
  const auto since_edge = static_cast<std::uint32_t>(std::min(x - scene.last_edge(), 31));
  const auto gap_bits = static_cast<std::uint32_t>(gap);
  const auto first = [](int at) { return static_cast<std::uint32_t>(std::min(at, 2)); };

  const std::uint32_t fine = size | unlike << 4 | 1 << 8;
  const std::uint32_t coarse = std::min(size, 3U) | unlike << 4 | 1 << 8;
  const Numbers numbers{{fine | breaks << 10, fine | stays << 10 | thick << 11,
                         coarse | static_cast<std::uint32_t>(std::min(length, 63)) << 10,
                         fine | background << 10, coarse | std::uint32_t{index} << 10,
                         fine | (x == 0 ? 1U : 0) << 10 | (end == scene.width() ? 1U : 0) << 11,
                         fine | row.agreement << 10, fine | since_edge << 10,
                         fine | first(scene.z()) << 10 | first(scene.y()) << 12,
                         coarse | (breaks >> 3) << 10 | row.agreement << 12 | background << 16,
                         coarse | shift1 << 10, coarse | shift1 << 10 | shift2 << 15,
                         coarse | here_on << 10 | below_on << 14,
                         coarse | here_on << 10 | below_on << 14 | shift1 << 18,
                         coarse | gap_bits << 10 | shift1 << 15 | background << 20, 0}};
  Lanes::locate(0, numbers, decision.slot);
  auto& set = decision.set;
  for (std::size_t i = 0; i < mixed_sets; ++i) set[i] = set_offsets[i] + voxel_sets[i];
  set[0] += unlike * 10 + size;
  set[1] += static_cast<std::uint32_t>(gap);
  set[2] += row.agreement * 4 + (breaks >> 3);
  set[3] += shift1;
  decision.refinement = voxel_refinements + unlike * 10 + size;
}

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
template <class Lanes, std::size_t Count>
void decide_other(Other kind, const std::array<std::uint32_t, Count>& contexts,
                  Decision& decision) {
  const auto number = static_cast<std::uint32_t>(kind);
  Numbers numbers;
  for (std::size_t i = 0; i < lanes; ++i) numbers.value[i] = contexts[i % Count];
  Lanes::locate(number, numbers, decision.slot);
  for (std::size_t i = 0; i < mixed_sets; ++i) {
    decision.set[i] =
        set_offsets[i] + voxel_sets[i] + run_sets[i] + (i + 1 < mixed_sets ? number : 0);
  }
  decision.refinement = voxel_refinements + run_refinements + number;
}

}  // namespace segpresso::native::small
