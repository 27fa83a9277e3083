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
  Traversal(Decisions& decisions, Model& model, Slices& slices, const BlockInfo& info,
            Index background)
      : decisions_(decisions),
        model_(model),
        slices_(slices),
        width_(static_cast<std::ptrdiff_t>(info.shape.x)),
        height_(static_cast<std::ptrdiff_t>(info.shape.y)),
        index_count_(info.index_count),
        background_(background) {}

  // Whether the slice before helps.
  bool code_related(bool actual) {
    decisions_.begin();
    return rare(0x5000, 0x5001, 0x5002, [&] { return actual; });
  }

  // Codes one slice into `slices.current`; `related` says whether the slice before helps.
  void slice(bool related) {
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
      ends_ = {slices_.current.ends(y), slices_.current.ends(y - 1), before.ends(y),
               before.ends(y + 1), before.ends(y - 1)};
      code_row(y);
      if constexpr (Decisions::decodes) {
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

  void code_row(std::ptrdiff_t y) {
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
    while (x < width_) {
      decisions_.begin();
      bool is_west = true;           // as far as is known
      Index refused_too = no_index;  // known not to be the next label
      if (rows[n][x] == west) {
        const std::ptrdiff_t end = x + ends_.n.length_from(x);
        const std::uint32_t plain = plain_kind(west, x, end);
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
      const auto length = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(x - start_, 7));
      const std::uint32_t beside = length | (rows[n][x] == west ? 1U : 0U) << 4;
      if (is_west && code_label(west, x, 0, beside)) {
        row_[x++] = west;
        continue;
      }
      west = code_other(x, y, west, refused_too, beside);
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
    start_ = x;
    moved_ = moved;
    edge_ = no_edge;
  }

  // Whether the slice before has nothing to tell about the voxels from x to before `end` that the
  // row above has not: 1 if it has `west` too, but for 3 voxels at both ends, 2 if there is none.
  [[nodiscard]] std::uint32_t plain_kind(Index west, std::ptrdiff_t x,
                                         std::ptrdiff_t end) const noexcept {
    const Index* const row = rows_[p];
    if (row[x] == no_index) return 2;
    const std::ptrdiff_t last = std::min(x + 3, end - 1);
    const std::ptrdiff_t first = x + first_equal(row + x, west);
    const std::ptrdiff_t from = std::min(first, last);
    return static_cast<std::uint32_t>((first <= last) &
                                      (from + ends_.p.length_from(from) + 3 >= end));
  }

  // The first of four indices that is `index`, 4 if none is.
  static int first_equal(const Index* indices, Index index) noexcept {
    constexpr std::uint64_t ones = 0x0001000100010001ULL;
    constexpr std::uint64_t highest = 0x8000 * ones;
    std::uint64_t word = 0;
    std::memcpy(&word, indices, sizeof word);
    word ^= ones * index;
    const std::uint64_t differ =
        ((word & ~highest) + ~highest) | word;  // in the highest bit of each
    return std::countr_zero(~differ & highest) / 16;
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
  Stretch code_stretch(Index west, std::ptrdiff_t x, std::ptrdiff_t end, std::uint32_t plain) {
    const std::ptrdiff_t length = end - x;
    const bool has_edge = end < width_;
    const Index east = rows_[n][end];
    const LabelEnds ends = label_ends(rows_, end, west);
    const LabelEnds easts = has_edge ? near_label_ends(rows_, end, east) : 0;
    const std::uint32_t kind = plain * 4 + related_ * 2 + (has_edge ? 1 : 0);
    const auto decided = [&](std::uint32_t step, auto&& actual) {
      return often<stretch::contexts>(model_.stretch, ends | easts << 4,
                                      moved_ | kind << 3 | step << 7, actual);
    };
    std::ptrdiff_t same = 0;  // the encoder's
    const bool is_whole = decided(0, [&] {
      same = length_of(west, x, length + (has_edge ? 1 : 0));
      return same >= length;
    });
    std::ptrdiff_t at = end;
    if (!is_whole) {
      broken_ = std::min(broken_ + 8, 31U);
      std::ptrdiff_t by = 1;
      while (by < most_steps && by < length &&
             !decided(1 + static_cast<std::uint32_t>(by), [&] { return same == length - by; })) {
        ++by;
      }
      if (by == most_steps && by < length) {
        by += code_distance(length - most_steps, length - most_steps - same, 0x60 + kind,
                            static_cast<std::uint32_t>(ends >> (8 * p) & 255));
      }
      at = end - by;
    } else if (has_edge && decided(1, [&] { return same > length; })) {
      broken_ = std::min(broken_ + 1, 31U);
      return {end + 1, Next::unknown};
    } else {
      broken_ -= broken_ > 0 ? 1 : 0;
    }
    if (!has_edge) return {at, Next::other};
    const std::uint32_t which = is_whole ? 1 : end - at < 3 ? 2 : 3;
    return {at, code_east(at, east, ends, easts, which * 16 + kind) ? Next::east : Next::other};
  }
  static constexpr std::ptrdiff_t most_steps = 4;

  // Whether the label behind a stretch is the one that follows in the row above.
  bool code_east(std::ptrdiff_t at, Index east, LabelEnds ends, LabelEnds easts,
                 std::uint32_t kind) {
    auto& tables = model_.rare;
    const std::array<Slot*, 2> slots{
        tables[0].at(mixed(easts & only({n, p, ps}), kind)),
        tables[1].at(mixed((ends & only({p, ps})) | broken_ >> 2, kind))};
    return decide(slots, [&] { return row_[at] == east; });
  }

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
  std::ptrdiff_t code_quiet(Index west, std::ptrdiff_t x, Quiet stretch) {
    const std::ptrdiff_t length = stretch.length;
    const LabelEnds ends = label_ends(rows_, x + length, west);
    const auto log =
        static_cast<std::uint32_t>(std::bit_width(static_cast<std::size_t>(length)) - 1);
    const std::uint32_t kind = stretch.kind * 2 + related_;
    const std::uint32_t numbers =
        std::min(log, 3U) | broken_ << 2 | (west == background_ ? 1U : 0U) << 7 |
        static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(length, 63)) << 8 | kind << 14;
    std::ptrdiff_t same = 0;  // the encoder's
    if (often<quiet::contexts>(model_.quiet, ends, numbers, [&] {
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

  // Whether the voxel has a label; it has been preceded by `rank` others. `beside` tells about the
  // label to the left: its length, and whether the voxel above has it too.
  bool code_label(Index index, std::ptrdiff_t x, std::uint32_t rank, std::uint32_t beside) {
    const std::uint32_t numbers =
        beside | (index == background_ ? 1U : 0U) << 3 | related_ << 5 | rank << 6;
    return often<label::contexts>(model_.label, label_ends(rows_, x, index), numbers,
                                  [&] { return row_[x] == index; });
  }

  // The label of a voxel that is not `west`, nor `refused_too`: one nearby, or another one.
  Index code_other(std::ptrdiff_t x, std::ptrdiff_t y, Index west, Index refused_too,
                   std::uint32_t beside) {
    Refused refused(west);
    if (refused_too != no_index) refused.add(refused_too);
    const Candidates near(rows_, x);
    std::uint32_t remaining =
        Candidates::all & ~near.equal(no_index) & ~near.equal(west) & ~near.equal(refused_too);
    while (remaining != 0) {
      const Index candidate = near[static_cast<unsigned>(std::countr_zero(remaining))];
      if (code_label(candidate, x, std::min(refused.count(), rank_limit), beside)) {
        return candidate;
      }
      refused.add(candidate);
      remaining &= ~near.equal(candidate);
    }
    return code_escape(refused, x, y);
  }

  // A label that is not next to the voxel.
  Index code_escape(Refused& refused, std::ptrdiff_t x, std::ptrdiff_t y) {
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
  template <const Contexts& Of, class Actual>
  bool often(Tables& tables, LabelEnds ends, std::uint32_t numbers, Actual&& actual) {
    const SlotNumbers at{slot_of<Of, 0>(ends, numbers), slot_of<Of, 1>(ends, numbers),
                         slot_of<Of, 2>(ends, numbers), slot_of<Of, 3>(ends, numbers)};
    Slot* const slots = tables.data();
    return decisions_.template decide<frequent>([&](unsigned i) -> Slot& { return slots[at[i]]; },
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
