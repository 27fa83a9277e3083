#include "native/small/contexts.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace segpresso::native::small {
namespace {

// Four rows of the slice itself, as wide as `Neighbours` knows them except for the corners.
constexpr std::uint64_t wide_here =
    here(26) | 0xF8 | 0x1FF0ULL << 16 | 0x1FF0ULL << 32 | 0x0FE0ULL << 48;

constexpr std::uint64_t byte(int value) { return static_cast<std::uint8_t>(value); }

constexpr std::uint32_t bit(std::uint64_t mask, unsigned i) {
  return static_cast<std::uint32_t>(mask >> i & 1);
}

}  // namespace

VoxelContexts::VoxelContexts(Scene& scene, const Habits& habits, int x)
    : scene_(scene), x_(x), passage_(scene.passage(x)) {
  const Reference& r = *passage_.reference;
  slice_ = static_cast<std::uint64_t>(std::min(scene.z(), 2));
  agreement_ = static_cast<std::uint64_t>(habits.agreement >> 12);
  phase_ = scene.phase(x);
  passing_ = passage_.kind | byte(passage_.offset) << 3;
  const int deviation = r.shift_before != no_shift
                            ? std::clamp(passage_.offset - r.shift_before, -40, 40)
                            : 50 + passage_.offset;
  deviation_ = passage_.kind | byte(deviation) << 3;
  for (unsigned i = 0; i < 5; ++i) moves_[i] = r.edge.move(i);
  above_ = neighbours(scene, x, scene.row(1)[x]);
  behind_ = neighbours(scene, x, scene.before(0)[x]);
}

void VoxelContexts::decide(Index candidate, std::uint32_t rank, DecisionMaker& maker) {
  const Neighbours near = neighbours(scene_, x_, candidate);
  const std::uint64_t i = std::min(rank, 6U);
  const Reference& r = *passage_.reference;
  const std::uint64_t shift1 = r.edge.shift_class_before(0);

  const std::uint64_t slice_offset = shift_class(r.offset_before);
  const std::uint64_t in_slice = scene_.in_slice(candidate) ? 1 : 0;
  const std::uint64_t phased = i | phase_ << 40;
  const std::uint64_t moves3 = moves_[0] | moves_[1] << 6 | moves_[2] << 12;
  const std::uint64_t moves5 = moves3 | moves_[3] << 18 | moves_[4] << 24;
  const std::uint64_t around = here(10) & ~here(2);

  const std::uint64_t h = near.current;
  const std::uint64_t b = near.before;
  const std::uint64_t t = near.two_before;
  std::size_t c = 0;
  const auto add = [&](std::uint64_t p, std::uint64_t q, std::uint64_t s, std::uint64_t u) {
    maker.context(c++, hash(p, q, s, u));
  };
  add(h & here(4), passing_,
      byte(std::clamp(r.edge.moved(4), -31, 31)) | shift1 << 8 |
          byte(std::clamp(r.edge.moved(8), -63, 63)) << 16,
      i);
  add(h & here(18), 0, 0, i | slice_ << 8);
  add(h & here(6), b & before(9), 0, phased | agreement_ << 8);
  add(h & here(4), b & before(18), t & far_before(18), i);
  add(h & here(10), b & before(5), first_refused_, phased | in_slice << 8);
  add(h & here(6), b & before(5), t & two_before(9), phased);
  add(h & here(14), b & before(13), t & far_before(13), i);
  add(h & here(8), b & before(5), t & two_before(5), i | std::uint64_t{candidate} << 8);
  add(h & here(4), passing_, r.edge.history & 0x7FFF, phased);
  add(h & here(4), b & before(3), deviation_, i | slice_offset << 8 | shift1 << 13);
  add(h & here(4), passing_, moves3, i);
  add(h & here(10), passing_, moves5, i);
  add(h & here(10), b & before(8),
      (above_.current & around) ^ (above_.before & before(8)) * 5 ^
          (behind_.before & before(8)) * 11,
      i);
  add(h & wide_here, 0, 0, i);
  add(h & here(8), b & before(18), t & (two_before(9) | far_before(18)), i);
  if (rank == 0) {
    first_refused_ = h & here(6);
  }

  const auto i3 = static_cast<std::uint32_t>(std::min<std::uint64_t>(i, 3));
  const std::uint32_t beside = bit(h, 7) | bit(h, 23) << 1 | bit(h, 24) << 2 | bit(h, 25) << 3;
  const std::uint32_t behind = bit(b, 7) | bit(b, 8) << 1 | bit(b, 9) << 2 | bit(b, 24) << 3;
  const std::uint32_t below = bit(b, 40);
  const std::uint32_t further = bit(t, 7) | bit(t, 8) << 1 | bit(t, 9) << 2;
  auto& set = maker.decision.set;
  set[0] = set_offsets[0] + i3 * 256 + beside * 16 + behind;
  set[1] = set_offsets[1] + i3 * 256 + (behind | below << 4) * 8 + further;
  set[2] = set_offsets[2] +
           (static_cast<std::uint32_t>(agreement_ >> 1) * 7 + static_cast<std::uint32_t>(i)) * 12 +
           static_cast<std::uint32_t>(slice_) * 4 +
           (candidate == scene_.traits().background ? 2 : 0) + static_cast<std::uint32_t>(in_slice);
  set[3] = set_offsets[3] + (i3 * 5 + passage_.kind) * 50 +
           static_cast<std::uint32_t>(std::clamp(passage_.offset, -14, 10) + 14) * 2 +
           (r.offset_before != no_shift ? 1 : 0);
  set[4] = set_offsets[4] + i3 * known_patterns;
  maker.decision.refinement =
      static_cast<std::uint32_t>(i) * 128 + beside * 8 + bit(b, 8) + bit(b, 9) * 2 + below * 4;
}

void decide_run(const Scene& scene, const Habits& habits, int x, int end, Quiet kind,
                DecisionMaker& maker) {
  const Index index = scene.row(1)[x];
  const int length = end - x;
  const std::uint32_t size = size_of_run(length);
  const std::uint32_t unlike = kind == Quiet::unlike_before ? 1 : 0;
  const auto same = [&](const Index* row, int at) { return row[at] == index; };
  const std::uint64_t stays = same(scene.before(0), x) && same(scene.two_before(0), x) ? 1 : 0;
  const std::uint64_t thick =
      same(scene.row(2), x) && same(scene.row(2), x + length / 2) && same(scene.row(2), end - 1)
          ? 1
          : 0;
  const int gap = distance_after(scene.edges_above(), end, 31);
  const Edge edge = gap < 31 && end + gap < scene.width() ? scene.edge_above(end + gap) : Edge{};
  const auto goes_on = [&](const Index* row) {
    return static_cast<std::uint64_t>(std::countr_one(equal_mask(row + end - 8, index) >> 8));
  };
  const std::uint64_t here_on = goes_on(scene.before(0));
  const std::uint64_t below_on = goes_on(scene.before(1));
  const std::uint64_t shift1 = edge.shift_class_before(0);
  const std::uint64_t shift2 = edge.shift_class_before(1);

  const auto agreement = static_cast<std::uint64_t>(habits.agreement >> 12);
  const auto breaks = static_cast<std::uint64_t>(habits.breaks);
  const std::uint64_t background = index == scene.traits().background ? 1 : 0;
  const auto since_edge = static_cast<std::uint64_t>(std::min(x - scene.last_edge(), 31));
  const auto gap_bits = static_cast<std::uint64_t>(gap);
  const auto first = [](int at) { return static_cast<std::uint64_t>(std::min(at, 2)); };

  const std::uint64_t fine = size | unlike << 4 | 1 << 8;
  const std::uint64_t coarse = std::min(size, 3U) | unlike << 4 | 1 << 8;
  const std::array<std::uint64_t, 16> contexts{
      fine | breaks << 10,
      fine | stays << 10 | thick << 11,
      coarse | static_cast<std::uint64_t>(std::min(length, 63)) << 10,
      fine | background << 10,
      coarse | std::uint64_t{index} << 10,
      fine | (x == 0 ? 1ULL : 0) << 10 | (end == scene.width() ? 1ULL : 0) << 11,
      fine | agreement << 10,
      fine | since_edge << 10,
      fine | first(scene.z()) << 10 | first(scene.y()) << 12,
      coarse | (breaks >> 3) << 10 | agreement << 12 | background << 16,
      coarse | shift1 << 10,
      coarse | shift1 << 10 | shift2 << 15,
      coarse | here_on << 10 | below_on << 14,
      coarse | here_on << 10 | below_on << 14 | shift1 << 18,
      coarse | gap_bits << 10 | shift1 << 15 | background << 20,
      coarse | gap_bits << 10 | std::uint64_t{edge.move(0)} << 15 |
          std::uint64_t{edge.move(1)} << 21 | std::uint64_t{edge.move(2)} << 27};
  for (std::size_t i = 0; i < context_count; ++i) {
    maker.context(i, hash(contexts[i % contexts.size()], 777, i % contexts.size(), 1));
  }
  auto& set = maker.decision.set;
  for (std::size_t i = 0; i < mixed_sets; ++i) set[i] = set_offsets[i] + voxel_sets[i];
  set[0] += unlike * 10 + size;
  set[1] += static_cast<std::uint32_t>(gap);
  set[2] += static_cast<std::uint32_t>(agreement * 4 + (breaks >> 3));
  set[3] += static_cast<std::uint32_t>(shift1);
  maker.decision.refinement = voxel_refinements + unlike * 10 + size;
}

}  // namespace segpresso::native::small
