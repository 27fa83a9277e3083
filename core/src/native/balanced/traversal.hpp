// The order in which the voxels of a block are decided, and by what each decision is predicted
// (docs/format_balanced.md). One description serves encoder, decoder and training: they
// differ in the coder, which knows the voxels or finds them out.
//
// Included once per instruction set, inside of a namespace of its own.
#pragma once

#if !defined(SEGPRESSO_BALANCED_ISA)
#error "include this through coder_template.hpp"
#endif

namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA {

template <class Decisions>
class Traversal {
 public:
  Traversal(Decisions& decisions, WorkingMemory& memory, const BlockInfo& info, Index background)
      : decisions_(decisions),
        model_(*memory.model),
        slices_(memory.slices),
        runs_(memory.runs),
        width_(static_cast<std::ptrdiff_t>(info.shape.x)),
        height_(static_cast<std::ptrdiff_t>(info.shape.y)),
        index_count_(info.index_count),
        background_(background) {}

  // Whether the slice before helps.
  bool code_related(bool actual) {
    decisions_.begin();
    return rare(0x5000, 0x5001, 0x5002, [&] { return actual; });
  }

  // Codes one slice into `slices.current`; `related` says whether the slice before helps. The
  // decoder calls `take_row(y, runs)` for each row.
  template <class TakeRow>
  void slice(bool related, TakeRow&& take_row) {
    Slice& before = related ? slices_.before : slices_.nothing;
    Slice& earlier = related ? slices_.earlier : slices_.nothing;
    related_ = related ? 1 : 0;
    largest_ = -1;
    slices_.current.set_rows_above(slices_.before);
    for (std::ptrdiff_t y = 0; y < height_; ++y) {
      row_ = slices_.current.row(y);
      rows_ = {slices_.current.row(y - 1),
               slices_.current.row(y - 2),
               before.row(y),
               before.row(y + 1),
               slices_.current.row(y - 3),
               before.row(y - 1),
               earlier.row(y),
               earlier.row(y - 1)};
      if (related) differ_ = slices_.differences(rows_[n], rows_[p]);
      ends_ = {slices_.current.ends(y), slices_.current.ends(y - 1), before.ends(y),
               before.ends(y + 1), before.ends(y - 1)};
      code_row(y);
      if constexpr (Decisions::decodes) {
        runs_.close(static_cast<std::uint32_t>(run_ - runs_.begin()),
                    static_cast<std::uint32_t>(width_));
        take_row(static_cast<std::uint32_t>(y), runs_);
        slices_.current.close_row(y);
        decisions_.check_not_exhausted();
      }
    }
    slices_.current.close();
  }

 private:
  static constexpr std::array<Slot*, 0> none_known{};  // contexts of what is equally probable
  static constexpr std::uint32_t rank_limit = 5;
  static constexpr std::ptrdiff_t no_edge = std::ptrdiff_t{-1} << 20;

  // How the last edge of a row was found: where an edge of the row above is, one voxel to its left,
  // more, one to its right, more, by none, or not at all.
  enum Move : std::uint8_t { stayed, left, further_left, right, further_right, by_itself, none };

  static Move move_of(std::ptrdiff_t by) noexcept {
    constexpr std::array<Move, 5> moves{further_left, left, stayed, right, further_right};
    return moves[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(by, -2, 2) + 2)];
  }

  [[gnu::noinline]] void code_row(std::ptrdiff_t y) {
    const Rows& rows = rows_;
    Index west = rows[n][0];
    std::ptrdiff_t x = 0;
    start_ = 0;
    moved_ = none;
    edge_ = no_edge;
    if (y == 0 && known_ == 0) {  // the first voxel of a block begins the numbering
      row_[0] = 0;
      known_ = 1;
      west = 0;
      largest_ = 0;
      x = 1;
    }
    if constexpr (Decisions::decodes) {
      run_ = runs_.begin();
      *run_++ = {0, west, 0};
    }
    while (x < width_) {
      decisions_.begin();
      bool is_west = true;           // as far as is known
      Index refused_too = no_index;  // known not to be the next label
      if (rows[n][x] == west) {
        const std::ptrdiff_t end = x + ends_.n.length_from(x);
        const std::uint32_t plain = plain_kind(x, end);
        if (plain != 0) {
          const Stretch found = code_stretch(west, x, end, plain);
          if constexpr (Decisions::decodes) fill(row_ + x, found.end - x, west);
          x = found.end;
          if (found.next == Next::east) {
            west = rows[n][end];
            begin(west, x, move_of(x - end));
            row_[x++] = west;
            continue;
          }
          if (x == width_) break;
          edge_ = end;
          if (found.next == Next::unknown) continue;
          if (end < width_) refused_too = rows[n][end];
          is_west = false;
        } else if (const Quiet stretch = find_quiet(west, x, end); stretch.length > 0) {
          const std::ptrdiff_t same = code_quiet(west, x, stretch);
          if constexpr (Decisions::decodes) fill(row_ + x, same, west);
          x += same;
          if (same == stretch.length) continue;
          is_west = false;
        }
      }
      if (is_west && code_west(west, x)) continue;
      west = code_other(x, y, west, refused_too);
      const std::ptrdiff_t by = x - edge_;
      const bool is_near = by < 8 && by > -8;
      const bool is_edge = is_near & (rows[n][is_near ? edge_ : x] == west);
      begin(west, x, is_edge ? move_of(by) : by_itself);
      row_[x++] = west;
    }
  }

  // A label begins at x.
  void begin(Index west, std::ptrdiff_t x, Move moved) noexcept {
    largest_ = std::max<int>(largest_, west);
    if constexpr (Decisions::decodes) {
      run_ = x == 0 ? runs_.begin() : run_;
      *run_++ = {static_cast<std::uint32_t>(x), west, 0};
    }
    start_ = x;
    moved_ = moved;
    edge_ = no_edge;
  }

  // Whether the slice before has nothing to tell about the voxels from x to before `end` that the
  // row above has not: 1 if it has `west` too, but for 3 voxels at both ends, 2 if there is none.
  [[nodiscard]] std::uint32_t plain_kind(std::ptrdiff_t x, std::ptrdiff_t end) const noexcept {
    if (related_ == 0) return 2;
    // The row above has `west` here: where the slice before has it, both do not differ.
    const std::uint64_t differ = differ_.from(x);
    const std::ptrdiff_t length = end - x;
    const std::ptrdiff_t first = std::countr_one(differ);
    const bool begins = first <= std::min<std::ptrdiff_t>(3, length - 1);
    std::ptrdiff_t last = first + std::countr_zero(differ >> (first % 64));
    if (last >= RowBits::most_at_once && length > RowBits::most_at_once && begins) [[unlikely]] {
      last = first + differ_.clear_from(x + first);
    }
    return static_cast<std::uint32_t>(begins & (last + 3 >= length));
  }

  enum class Next : std::uint8_t { east, other, unknown };

  // Where `west` ends, and whether the label behind is the one that follows in the row above.
  struct Stretch {
    std::ptrdiff_t end;
    Next next;
  };

  // Where a stretch of the row above, from x to before `end`, ends in this row. The first decisions
  // are whether it goes on for so long: what speaks for an edge further left or right then adds up.
  // It does not if the question is whether the edge stays: 2.5 % larger.
  [[gnu::always_inline]] Stretch code_stretch(Index west, std::ptrdiff_t x, std::ptrdiff_t end,
                                              std::uint32_t plain) {
    const std::ptrdiff_t length = end - x;
    const bool has_edge = end < width_;
    const Index east = rows_[n][end];
    const LabelEnds ends = label_ends(rows_, end, west);
    const LabelEnds easts = has_edge ? near_label_ends(rows_, end, east) : 0;
    const std::uint32_t kind = plain * 4 + related_ * 2 + (has_edge ? 1 : 0);
    const SlotPointers slots =
        slots_of<stretch::contexts>(model_.stretch, ends | easts << 4, moved_ | kind << 3);
    const auto decided = [&](std::uint32_t step, auto&& actual)
                             __attribute__((always_inline)) { return often(slots, step, actual); };
    std::ptrdiff_t same = 0;  // the encoder's
    const bool is_whole = decided(stretch::is_whole, [&] {
      same = length_of(west, x, length + (has_edge ? most_longer : 0));
      return same >= length;
    });
    std::ptrdiff_t at = end;
    std::uint32_t next = stretch::next_same;
    if (!is_whole) {
      broken_ = std::min(broken_ + 8, 31U);
      std::ptrdiff_t by = 1;
      while (by < most_shorter && by < length &&
             !decided(
                 stretch::shorter_by + static_cast<std::uint32_t>(by),
                 [&] { return same == length - by; })) {
        ++by;
      }
      if (by == most_shorter && by < length) [[unlikely]] {
        by += code_distance(length - most_shorter, length - most_shorter - same, 0x60 + kind,
                            static_cast<std::uint32_t>(ends >> (8 * p) & 255));
      }
      at = end - by;
      next = stretch::next_shorter + (by < 3 ? 0 : 1);
    } else if (has_edge && decided(stretch::is_longer, [&] { return same > length; })) {
      broken_ = std::min(broken_ + 1, 31U);
      const std::ptrdiff_t most = std::min(most_longer, width_ - end);
      std::ptrdiff_t by = 1;
      while (by < most && !decided(
                              stretch::longer_by + static_cast<std::uint32_t>(by),
                              [&] { return same == length + by; })) {
        ++by;
      }
      at = end + by;
      if (by == most) return {at, Next::unknown};
      next = stretch::next_longer + static_cast<std::uint32_t>(by);
    } else {
      broken_ -= broken_ > 0 ? 1 : 0;
    }
    if (!has_edge) [[unlikely]]
      return {at, Next::other};
    return {at, decided(next, [&] { return row_[at] == east; }) ? Next::east : Next::other};
  }
  static constexpr std::ptrdiff_t most_shorter = 4;  // more are told as a distance
  // Beyond so many each voxel is decided by what is around it. With 2 instead of 4 it would be 0.3
  // % smaller, but as many decisions more with contexts of their own.
  static constexpr std::ptrdiff_t most_longer = 4;

  // How many voxels from x on are `west`, at most `most`: the encoder's.
  [[nodiscard]] std::ptrdiff_t length_of(Index west, std::ptrdiff_t x,
                                         std::ptrdiff_t most) const noexcept {
    return row_[x] == west ? std::min(ends_.own.length_from(x), most) : 0;
  }

  // Voxels where the rows around let expect no change, though the slice before has another label
  // somewhere: of kind 1 if not here.
  struct Quiet {
    std::ptrdiff_t length;
    std::uint32_t kind;
  };

  [[nodiscard]] Quiet find_quiet(Index west, std::ptrdiff_t x, std::ptrdiff_t end) const noexcept {
    const Rows& rows = rows_;
    const Index other = rows[p][x];
    const std::ptrdiff_t most = end - x - 1;
    const bool agrees = other == west;
    // Computed in any case: what is found would be guessed wrongly at each step.
    const bool begins =
        (rows[n][x - 1] == west) & (static_cast<int>(agrees) | (rows[p][x - 1] == other));
    std::ptrdiff_t length = std::min(ends_.p.length_from(x) - 1, begins ? most : 0);
    length = std::min(length, rows[ps][x] == other ? ends_.ps.length_from(x) : 0);
    const std::ptrdiff_t above = rows[pn][x] == other ? ends_.pn.length_from(x) : 0;
    return {agrees ? length : std::min(length, above), agrees ? 1U : 2U};
  }

  // Whether a quiet stretch is `west`; else how far. The voxel behind it is another one.
  [[gnu::always_inline]] std::ptrdiff_t code_quiet(Index west, std::ptrdiff_t x, Quiet stretch) {
    const std::ptrdiff_t length = stretch.length;
    const LabelEnds ends = label_ends(rows_, x + length, west);
    const auto log =
        static_cast<std::uint32_t>(std::bit_width(static_cast<std::size_t>(length)) - 1);
    const std::uint32_t kind = stretch.kind * 2 + related_;
    const std::uint32_t numbers =
        std::min(log, 3U) | broken_ << 2 | (west == background_ ? 1U : 0U) << 7 |
        static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(length, 63)) << 8 | kind << 14;
    std::ptrdiff_t same = 0;  // the encoder's
    const SlotPointers slots = slots_of<quiet::contexts>(model_.quiet, ends, numbers);
    if (often(slots, 0, [&] {
          same = length_of(west, x, length);
          return same == length;
        })) {
      broken_ -= broken_ > 0 ? 1 : 0;
      return length;
    }
    broken_ = std::min(broken_ + 8, 31U);
    // Most are broken near their end.
    return length - 1 -
           code_distance(length - 1, length - 1 - same, 0x20 + kind,
                         static_cast<std::uint32_t>(ends & 255));
  }

  // A distance of at most `most`: the logarithm of one more, and the bits below.
  std::ptrdiff_t code_distance(std::ptrdiff_t most, std::ptrdiff_t actual, std::uint32_t kind,
                               std::uint32_t context) {
    const auto value = static_cast<std::uint32_t>(actual + 1);
    const auto log =
        static_cast<std::uint32_t>(std::bit_width(static_cast<std::size_t>(most + 1)) - 1);
    auto& tables = model_.rare;
    std::uint32_t found = 0;
    while (found < log) {
      const std::uint32_t which = 0x10000 + (kind * 32 + found) * 256;
      const std::array<Slot*, 2> slots{tables[0].at(which + log), tables[1].at(which + context)};
      if (!decide(slots, [&] { return value >> (found + 1) != 0; })) break;
      ++found;
    }
    std::ptrdiff_t result = 1;
    for (std::uint32_t bit = found; bit-- > 0;) {
      const bool one = decide(none_known, [&] { return (value >> bit & 1) != 0; });
      result = result * 2 + (one ? 1 : 0);
    }
    return std::min(result - 1, most);  // larger only in damaged streams
  }

  // How many voxels from x on are `west`, by contexts of the first of them: moves x there. False if
  // the voxel there is another one. One at a time would be 0.6 % smaller.
  [[gnu::always_inline]] bool code_west(Index west, std::ptrdiff_t& x) {
    const SlotPointers slots = label_slots(west, x, 0, about(west, x));
    const std::ptrdiff_t end = std::min(x + most_wests, width_);
    for (std::uint32_t step = 0; x < end; ++step) {
      if (!often(slots, step, [&] { return row_[x] == west; })) return false;
      row_[x++] = west;
    }
    return true;
  }
  static constexpr std::ptrdiff_t most_wests = 3;

  // What is known of `west`, the label to the left of x: its length, and whether the voxel above
  // has it too.
  [[nodiscard]] std::uint32_t about(Index west, std::ptrdiff_t x) const noexcept {
    const auto length = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(x - start_, 7));
    return length | (rows_[n][x] == west ? 1U : 0U) << 4;
  }

  // Of the decision whether the voxel has a label; it has been preceded by `rank` others.
  [[nodiscard]] SlotPointers label_slots(Index index, std::ptrdiff_t x, std::uint32_t rank,
                                         std::uint32_t beside) noexcept {
    const std::uint32_t numbers =
        beside | (index == background_ ? 1U : 0U) << 3 | related_ << 5 | rank << 6;
    return slots_of<label::contexts>(model_.label, label_ends(rows_, x, index), numbers);
  }

  // The label of a voxel that is not `west`, nor `refused_too`: one nearby, or another one.
  [[gnu::always_inline]] Index code_other(std::ptrdiff_t x, std::ptrdiff_t y, Index west,
                                          Index refused_too) {
    const std::uint32_t beside = about(west, x);
    const Candidates near(rows_, x);
    const std::uint32_t first =
        Candidates::all & ~near.equal(no_index) & ~near.equal(west) & ~near.equal(refused_too);
    std::uint32_t rank = refused_too == no_index ? 1 : 2;
    for (std::uint32_t remaining = first; remaining != 0; ++rank) {
      const Index candidate = near[static_cast<unsigned>(std::countr_zero(remaining))];
      const SlotPointers slots = label_slots(candidate, x, std::min(rank, rank_limit), beside);
      if (often(slots, 0, [&] { return row_[x] == candidate; })) return candidate;
      remaining &= ~near.equal(candidate);
    }
    // Listed only here, where few voxels get: the loop above is as fast as if there were no list.
    Refused refused(west);
    if (refused_too != no_index) refused.add(refused_too);
    for (std::uint32_t remaining = first; remaining != 0;) {
      const Index candidate = near[static_cast<unsigned>(std::countr_zero(remaining))];
      refused.add(candidate);
      remaining &= ~near.equal(candidate);
    }
    return code_escape(refused, x, y);
  }

  // A label that is not next to the voxel.
  [[gnu::noinline]] Index code_escape(Refused& refused, std::ptrdiff_t x, std::ptrdiff_t y) {
    const auto actual = [&] { return row_[x]; };
    const std::uint32_t west_bg = refused.first() == background_ ? 1 : 0;
    const std::uint32_t p_kind = rows_[p][x] == no_index ? 0 : rows_[p][x] == background_ ? 1 : 2;
    if (known_ < index_count_) {
      const std::uint32_t context = (refused.count() * 2 + related_) * 6 + p_kind * 2 + west_bg;
      if (rare(0x1000 + context, 0x1000 + (broken_ / 4) * 8 + new_rate_ / 2,
               0x1000 + new_rate_ * 2 + related_, [&] { return actual() == known_; })) {
        new_rate_ = std::min(new_rate_ + 3, 15U);
        return static_cast<Index>(known_++);
      }
      new_rate_ -= new_rate_ > 0 ? 1 : 0;
    }
    if (!refused.has(background_) && background_ < known_) {
      if (rare(0x2000 + refused.count() * 2 + west_bg, 0x2000 + refused.first(),
               0x2000 + p_kind * 2 + related_, [&] { return actual() == background_; })) {
        return background_;
      }
      refused.add(background_);
    }
    // Sets that are numbered anew in every slice come in the order of their numbers.
    const auto next = static_cast<std::uint32_t>(largest_ + 1);
    if (next < known_ && !refused.has(static_cast<Index>(next))) {
      const bool is_next = rare(0x3000 + related_, 0x3000 + next_rate_,
                                0x3000 + std::min(refused.count(), 7U) * 2 + related_,
                                [&] { return actual() == next; });
      next_rate_ = is_next ? std::min(next_rate_ + 3, 15U) : next_rate_ - (next_rate_ > 0 ? 1 : 0);
      if (is_next) return static_cast<Index>(next);
      refused.add(static_cast<Index>(next));
    }
    std::uint32_t tried = 0;
    for (std::uint32_t radius = 1; radius <= most_radius; ++radius) {
      const PlaceIndices indices = look_around(x, y, radius);
      PlaceBits refused_places(indices);
      refused_places.add(no_index);
      for (const Index index : refused.all()) refused_places.add(index);
      std::uint32_t open = ~refused_places.bits();
      while (open != 0) {
        const auto i = static_cast<unsigned>(std::countr_zero(open));
        const std::uint32_t here = places[i].here;
        const std::uint32_t context = 0x4000 + tried;
        if (rare(context + (here * 16 + radius) * 16, context + here * 16,
                 context + places[i].direction * 16U, [&] { return actual() == indices[i]; })) {
          return indices[i];
        }
        if (++tried == most_tried) return code_any(actual);
        refused.add(indices[i]);
        refused_places.add(indices[i]);
        open = ~refused_places.bits();
      }
    }
    return code_any(actual);
  }

  // The labels `radius` steps away in the order of `places`; `no_index` outside of the slice.
  [[nodiscard]] PlaceIndices look_around(std::ptrdiff_t x, std::ptrdiff_t y,
                                         std::uint32_t radius) const noexcept {
    const auto r = static_cast<std::ptrdiff_t>(radius);
    const Index* const before = rows_[p] + x;
    const Index* const here = row_ + x;
    const bool has_left = x >= r;
    const bool has_right = x + r < width_;
    const bool has_above = y >= r;
    const bool has_below = y + r < height_;
    PlaceIndices result;
    result.fill(no_index);
    for (unsigned i = 0; i < places.size(); ++i) {
      const Place place = places[i];
      const bool is_inside = (place.x == 0 || (place.x < 0 ? has_left : has_right)) &&
                             (place.y == 0 || (place.y < 0 ? has_above : has_below));
      const std::ptrdiff_t offset = place.x * r + place.y * r * slices_.current.stride();
      if (is_inside) result[i] = (place.here != 0 ? here : before)[offset];
    }
    return result;
  }

  // Any label seen before, all equally probable.
  template <class Actual>
  Index code_any(Actual&& actual) {
    std::uint32_t value = 0;
    const auto bits = static_cast<std::uint32_t>(std::bit_width(known_ - 1));
    for (std::uint32_t bit = bits; bit-- > 0;) {
      const bool one = decide(none_known, [&] { return (actual() >> bit & 1) != 0; });
      value = value << 1 | (one ? 1U : 0U);
    }
    return static_cast<Index>(std::min(value, known_ - 1));  // larger only in damaged streams
  }

  // A frequent decision.
  template <class Actual>
  [[gnu::always_inline]] bool often(const SlotPointers& slots, std::uint32_t step,
                                    Actual&& actual) {
    return decisions_.template decide<frequent>([&](unsigned i) -> Slot& { return slots[i][step]; },
                                                actual);
  }

  template <class Actual>
  bool rare(std::uint32_t a, std::uint32_t b, std::uint32_t c, Actual&& actual) {
    auto& tables = model_.rare;
    return decide(
        std::array<Slot*, rare_contexts>{tables[0].at(a), tables[1].at(b), tables[2].at(c)},
        actual);
  }

  template <std::size_t Count, class Actual>
  bool decide(const std::array<Slot*, Count>& slots, Actual&& actual) {
    return decisions_.template decide<Count>([&](unsigned i) -> Slot& { return *slots[i]; },
                                             actual);
  }

  Decisions& decisions_;
  Model& model_;
  Slices& slices_;
  Runs& runs_;
  Run* run_ = nullptr;  // behind the last one
  std::ptrdiff_t width_;
  std::ptrdiff_t height_;
  std::uint32_t index_count_;
  Index background_;
  Index* row_ = nullptr;
  Rows rows_{};
  struct {
    RowEnds own;  // the encoder's
    RowEnds n;
    RowEnds p;
    RowEnds ps;
    RowEnds pn;
  } ends_;
  RowBits differ_;           // where n and p differ
  std::uint32_t known_ = 0;  // labels seen so far: 0 to known - 1
  int largest_ = -1;         // label of this slice
  std::uint32_t related_ = 0;
  std::uint32_t broken_ = 0;     // how many runs have been broken lately
  std::uint32_t new_rate_ = 0;   // how many escapes have been new labels lately
  std::uint32_t next_rate_ = 0;  // how many have been the next of the slice
  std::ptrdiff_t start_ = 0;     // of the current label in this row
  Move moved_ = none;            // of the last edge
  std::ptrdiff_t edge_ = 0;      // that the row above has here and this row not, or no_edge
};

}  // namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA
