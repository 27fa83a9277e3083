// Goes through a block, coding it with either coder (docs/format_small.md sections 4 and 9). One
// source for both directions: they cannot differ.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "native/small/contexts.hpp"
#include "native/small/escapes.hpp"
#include "native/small/lookahead.hpp"
#include "native/small/mixing.hpp"
#include "native/small/predictor.hpp"
#include "native/small/scene.hpp"
#include "native/small/workspace.hpp"
#include "native/structure.hpp"

namespace segpresso::native::small {

template <class Coder, class Lanes>
class Model {
 public:
  Model(Coder& coder, Workspace& workspace, const BlockInfo& info)
      : coder_(coder),
        predictor_(workspace.tables),
        scene_(workspace.scene),
        info_(info),
        ahead_(scene_, predictor_, facts_of_row_) {}

  // Codes all that comes before the slices. Returns what it codes: a decoder may pass anything.
  BlockTraits code_traits(const BlockTraits& wanted);

  // Codes a slice. An encoder is given its indices, dense.
  void code_slice(int z, const Index* indices);

 private:
  bool code_bit(const Decision& decision, bool wanted) { return code_bit_inline(decision, wanted); }
  // For the one place that makes most decisions.
  [[gnu::always_inline]] bool code_bit_inline(const Decision& decision, bool wanted) {
    const bool bit = coder_.code(predictor_.predict(decision), wanted);
    predictor_.update(decision, bit);
    return bit;
  }
  template <std::size_t Count>
  bool code_other(Other kind, const std::array<std::uint32_t, Count>& contexts, bool wanted) {
    decide_other<Lanes>(kind, contexts, decision_);
    return code_bit(decision_, wanted);
  }
  std::uint32_t code_plain(unsigned bits, std::uint32_t wanted) {
    std::uint32_t value = 0;
    for (unsigned i = bits; i-- > 0;) {
      value = value << 1 | (coder_.code(32768, (wanted >> i & 1) != 0) ? 1 : 0);
    }
    return value;
  }

  // By which labels are spread in numbers of contexts.
  static constexpr std::uint32_t label_factor = 0x9E3779B1;

  void code_voxel(int x);
  int code_run(int x, Quiet kind);
  int code_break(int x, int end, int at);
  void code_escape(int x, Refused& refused, bool breaks);
  bool code_near(int x, Refused& refused);
  void code_number(int x);
  [[nodiscard]] Index wanted(int x) const { return Coder::encoding ? row_[x] : Index{0}; }
  void take(int x, Index index, std::uint32_t kind) {
    habits_.escapes = habits_.escapes * 4 % 16 + kind;
    scene_.put(x, index);
  }

  Coder& coder_;
  Predictor<Lanes> predictor_;
  Scene& scene_;
  BlockInfo info_;
  Habits habits_;
  RowFacts facts_of_row_;
  Lookahead<Lanes> ahead_;
  Decision decision_;
  std::uint32_t known_ = 0;     // indices that have appeared
  const Index* row_ = nullptr;  // what an encoder wants
};

template <class Coder, class Lanes>
BlockTraits Model<Coder, Lanes>::code_traits(const BlockTraits& wanted) {
  constexpr Probability is_first = 61440;
  constexpr Probability has_periods = 1024;
  BlockTraits traits;
  if (!coder_.code(is_first, wanted.background == 0)) {
    const std::uint32_t background = code_plain(16, wanted.background);
    traits.background = static_cast<Index>(std::min(background, info_.index_count - 1));
  }
  const bool any = std::any_of(wanted.axes.begin(), wanted.axes.end(),
                               [](const auto& axis) { return axis.period != 0; });
  if (coder_.code(has_periods, any)) {
    for (std::size_t i = 0; i < 3; ++i) {
      traits.axes[i].period = code_plain(4, wanted.axes[i].period);
      traits.axes[i].origin = code_plain(4, wanted.axes[i].origin);
      if (traits.axes[i].period != 0) traits.axes[i].origin %= traits.axes[i].period;
    }
  }
  return traits;
}

template <class Coder, class Lanes>
void Model<Coder, Lanes>::code_slice(int z, const Index* indices) {
  scene_.begin_slice(z);
  for (int y = 0; y < scene_.height(); ++y) {
    scene_.begin_row(y);
    facts_of_row_.find(scene_, habits_);
    ahead_.forget();
    if constexpr (Coder::encoding) row_ = indices + static_cast<std::ptrdiff_t>(y) * scene_.width();
    const Index* current = scene_.row(0);
    const Index* above = scene_.row(1);
    int x = 0;
    while (x < scene_.width()) {
      const Quiet quiet = current[x - 1] == above[x] ? scene_.quiet(x) : Quiet::no;
      if (quiet != Quiet::no) {
        x = code_run(x, quiet);
      } else {
        code_voxel(x++);
      }
    }
    scene_.end_row();
  }
  scene_.end_slice();
}

template <class Coder, class Lanes>
void Model<Coder, Lanes>::code_voxel(int x) {
  const Candidate* candidate = ahead_.first(x);
  while (candidate != nullptr) {
    ahead_.foresee();
    const bool bit = code_bit_inline(candidate->decision, wanted(x) == candidate->index);
    ahead_.learn(bit);
    if (bit) {
      habits_.compare(candidate->index == scene_.before(0)[x]);
      scene_.put(x, candidate->index);
      return;
    }
    candidate = ahead_.after_refusal();
  }
  Refused refused = ahead_.refused();
  code_escape(x, refused, false);
  ahead_.forget();
}

// Returns where to go on.
template <class Coder, class Lanes>
int Model<Coder, Lanes>::code_run(int x, Quiet kind) {
  const int end = scene_.quiet_end(x, kind);
  const Index index = scene_.row(1)[x];
  int broken = end;
  if constexpr (Coder::encoding) {
    broken = static_cast<int>(
        std::find_if(row_ + x, row_ + end, [&](Index other) { return other != index; }) - row_);
  }
  decide_run<Lanes>(scene_, facts_of_row_, habits_, x, end, kind, decision_);
  if (code_bit(decision_, broken == end)) {
    scene_.repeat_above(x, end);
    habits_.breaks = std::max(habits_.breaks - 1, 0);
    return end;
  }
  habits_.breaks = std::min(habits_.breaks + 8, 31);
  const int at = code_break(x, end, broken);
  scene_.repeat_above(x, at);
  Refused refused;
  refused.add(index);
  code_escape(at, refused, true);
  ahead_.forget();
  return at + 1;
}

// Where the run [x, end) breaks: mostly near its end.
template <class Coder, class Lanes>
int Model<Coder, Lanes>::code_break(int x, int end, int at) {
  const Index index = scene_.row(1)[x];
  const auto most = static_cast<std::uint32_t>(end - 1 - x);
  const std::uint32_t distance = Coder::encoding ? static_cast<std::uint32_t>(end - 1 - at) : 0;
  const int gap_length = distance_after(scene_.edges_above(), end, 31);
  const auto gap = static_cast<std::uint32_t>(gap_length);
  const Edge edge =
      gap < 31 && end + gap_length < scene_.width() ? scene_.edge_above(end + gap_length) : Edge{};
  const auto goes_on = static_cast<std::uint32_t>(
      std::countr_one(equal_mask(scene_.before(0) + end - 8, index) >> 8));
  const std::uint32_t size = size_of_run(end - x);

  std::uint32_t width = 0;  // of the distance in bits
  for (const auto limit = static_cast<std::uint32_t>(std::bit_width(most)); width < limit;
       ++width) {
    const bool stops =
        code_other<4>(Other::run_break,
                      {width | gap << 8 | edge.shift_class_before(0) << 16, width | size << 8,
                       width | goes_on << 8, width | edge.move(0) << 8 | gap << 16},
                      static_cast<std::uint32_t>(std::bit_width(distance)) == width);
    if (stops) break;
  }
  std::uint32_t value = width == 0 ? 0 : 1;
  for (std::uint32_t i = width; i-- > 1;) {
    const bool bit =
        code_other<2>(Other::run_break_bits, {width << 8 | (i - 1), width << 8 | value},
                      (distance >> (i - 1) & 1) != 0);
    value = value << 1 | (bit ? 1 : 0);
  }
  return end - 1 - static_cast<int>(std::min<std::uint32_t>(value, most));
}

template <class Coder, class Lanes>
void Model<Coder, Lanes>::code_escape(int x, Refused& refused, bool breaks) {
  const Index left = scene_.row(0)[x - 1];
  const Index above = scene_.row(1)[x];
  const Index before = scene_.before(0)[x];
  const Index background = scene_.traits().background;
  const std::uint32_t fate = before == no_index                               ? 2
                             : scene_.in_slice(before) || refused.has(before) ? 1
                                                                              : 0;
  const std::uint32_t facts = (breaks ? 1U : 0) | fate << 1 | (left == background ? 1U : 0) << 3 |
                              (above == background ? 1U : 0) << 4 | (left == above ? 1U : 0) << 5;
  const std::uint32_t last = habits_.escapes;
  const auto novelty = static_cast<std::uint32_t>(habits_.novelty);

  if (known_ < info_.index_count) {
    const auto slice = static_cast<std::uint32_t>(std::min(scene_.z(), 2));
    const bool novel =
        known_ == 0 ||
        code_other<6>(Other::novel,
                      {facts | novelty >> 12 << 8, novelty >> 11, facts, last | facts << 4,
                       last | novelty >> 13 << 4,
                       slice | fate << 2 | std::uint32_t{std::min(known_, 15U)} << 8},
                      wanted(x) == known_);
    habits_.novelty += ((novel ? 65535 : 0) - habits_.novelty) / 16;
    if (novel) return take(x, static_cast<Index>(known_++), 1);
  }
  if (background < known_ && !refused.has(background)) {
    if (code_other<4>(Other::background,
                      {facts, std::uint32_t{left} | facts << 16, last | facts << 4,
                       fate | (breaks ? 1U : 0) << 4},
                      wanted(x) == background)) {
      return take(x, background, 2);
    }
    refused.add(background);
  }
  const std::uint32_t next = scene_.next_in_slice();
  if (next < known_ && !refused.has(static_cast<Index>(next))) {
    if (code_other<4>(Other::next, {facts, last, novelty >> 12, last | facts << 4},
                      wanted(x) == next)) {
      return take(x, static_cast<Index>(next), 3);
    }
    refused.add(static_cast<Index>(next));
  }
  if (!code_near(x, refused)) code_number(x);
}

// Labels that lie near, in the slice before or in this one, from the nearest on.
template <class Coder, class Lanes>
bool Model<Coder, Lanes>::code_near(int x, Refused& refused) {
  constexpr std::uint32_t most = 10;
  std::uint32_t rank = 0;
  for (const NearPlace& place : near_places) {
    const int at_x = x + place.x;
    const int at_y = scene_.y() + place.y;
    if (at_x < 0 || at_x >= scene_.width() || at_y < 0 || at_y >= scene_.height()) continue;
    const Index index = (place.before ? scene_.previous() : scene_.current()).row(at_y)[at_x];
    if (index == no_index || refused.has(index)) continue;
    const std::uint32_t in_slice = scene_.in_slice(index) ? 1 : 0;
    const std::uint32_t before = place.before ? 1 : 0;
    const std::uint32_t radius = place.radius;
    const auto side = [](int d) -> std::uint32_t { return d < 0 ? 0 : d == 0 ? 1 : 2; };
    if (code_other<6>(
            Other::near,
            {rank, radius | before << 4, std::uint32_t{index}, in_slice | rank << 1 | before << 5,
             side(place.y) | side(place.x) << 2 | before << 4 | radius << 5,
             rank | radius << 4 | in_slice << 8 | habits_.escapes << 9},
            wanted(x) == index)) {
      take(x, index, 0);
      return true;
    }
    refused.add(index);
    if (++rank == most) break;
  }
  return false;
}

// Any label that has appeared, as the path to it in a binary tree over their numbers.
template <class Coder, class Lanes>
void Model<Coder, Lanes>::code_number(int x) {
  const std::uint32_t left = scene_.row(0)[x - 1];
  const std::uint32_t above = scene_.row(1)[x];
  const std::uint32_t before = scene_.before(0)[x];
  const auto label = [](std::uint32_t index) { return index * label_factor; };
  const auto depth = static_cast<unsigned>(std::bit_width(known_ - 1));
  std::uint32_t node = 1;
  for (unsigned level = depth; level-- > 0;) {
    const std::uint32_t middle = (2 * node + 1 - (std::uint32_t{1} << (depth - level))) << level;
    bool upper = false;
    if (middle < known_) {
      upper = code_other<6>(Other::number,
                            {node, node + label(left), node + label(above), node + label(before),
                             node + label(left + label(above)), node | depth << 20},
                            (wanted(x) >> level & 1) != 0);
    }
    node = 2 * node + (upper ? 1 : 0);
  }
  take(x, static_cast<Index>(node - (std::uint32_t{1} << depth)), 0);
}

}  // namespace segpresso::native::small
