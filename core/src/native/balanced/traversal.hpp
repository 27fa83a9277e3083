// The order in which the voxels of a block are decided, and by what each decision is predicted
// (docs/format.md, "Balanced model"). One description serves encoder, decoder and training: they
// differ in the coder, which knows the voxels or finds them out.
//
// Included once per instruction set, inside of a namespace of its own: see label_window_*.
#pragma once

#if !defined(SEGPRESSO_BALANCED_ISA)
#error "include this through coder_template.hpp"
#endif

namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA {

// Where a label is in the rows around: 32 places of each row from base on, as bits.
struct LabelWindow {
  RowMasks masks;
  std::ptrdiff_t base;
  Index label;

  static constexpr std::ptrdiff_t before = 7;
  static constexpr std::ptrdiff_t ahead = 8;

  [[nodiscard]] bool covers(std::ptrdiff_t x) const noexcept { return x - base <= 32 - ahead; }

  void look(const Rows& rows, Index wanted, std::ptrdiff_t x) noexcept {
    base = x - before;
    label = wanted;
    masks = RowMasks(rows, base, wanted);
  }

  // For each row, how far from x on the label's run ends, if it is there at x; if not, how far back
  // its last run ended. From -7 to 8, as 0 to 15 in the row's four bits.
  [[nodiscard]] std::uint32_t ends(std::ptrdiff_t x) const noexcept {
    return masks.ends(static_cast<unsigned>(x - base));
  }

  // Which voxels next to x have the label: the bits that `near_places` lists.
  [[nodiscard]] std::uint32_t near(std::ptrdiff_t x) const noexcept {
    return masks.near(static_cast<unsigned>(x - base));
  }
};

// The ends of some rows.
constexpr std::uint32_t only(std::initializer_list<Row> rows) {
  std::uint32_t result = 0;
  for (const Row row : rows) result |= 15U << (4 * row);
  return result;
}

// Tells contexts of different kinds apart.
inline std::uint32_t mixed(std::uint32_t ends, std::uint32_t kind) noexcept {
  return ends ^ kind * 0x2545F491U;
}

template <class Coder>
class Traversal {
 public:
  Traversal(Coder& coder, Model& model, Slices& slices, const BlockInfo& info, Index background)
      : coder_(coder),
        model_(model),
        slices_(slices),
        width_(static_cast<std::ptrdiff_t>(info.shape.x)),
        height_(static_cast<std::ptrdiff_t>(info.shape.y)),
        index_count_(info.index_count),
        background_(background) {}

  // Whether the slice before helps.
  bool code_related(bool actual) {
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
               slices_.current.row(y - 3),
               before.row(y),
               before.row(y - 1),
               before.row(y + 1),
               earlier.row(y),
               earlier.row(y - 1)};
      find_quiet(rows_[n], rows_[p], rows_[pn], rows_[ps], width_, slices_.quiet.data());
      code_row(y);
      slices_.current.close_row(y);
      if constexpr (Coder::decodes) coder_.check();
    }
    slices_.current.close();
  }

 private:
  static constexpr std::uint32_t rank_limit = 5;

  void code_row(std::ptrdiff_t y) {
    const Rows& rows = rows_;
    const std::uint8_t* const quiet = slices_.quiet.data();
    Index west = rows[n][0];
    std::ptrdiff_t start = 0;
    std::ptrdiff_t x = 0;
    if (y == 0 && known_ == 0) {  // the first voxel of a block begins the numbering
      row_[0] = 0;
      known_ = 1;
      west = 0;
      largest_ = 0;
      x = 1;
    }
    LabelWindow window;
    window.look(rows, west, x);
    while (x < width_) {
      bool changes = false;
      if (quiet[x] != 0 && rows[n][x] == west) {
        const std::ptrdiff_t length = run_length(quiet + x);
        const std::ptrdiff_t same = code_run(window, west, x, length, quiet[x]);
        std::fill(row_ + x, row_ + x + same, west);
        x += same;
        if (same == length) continue;
        changes = true;
      } else if (window.label != west || !window.covers(x)) {
        window.look(rows, west, x);
      }
      if (!changes) {
        const auto length = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(x - start, 7));
        if (code_label(window, x, 0, rows[n][x] == west, length)) {
          row_[x++] = west;
          continue;
        }
      }
      const auto length = static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(x - start, 7));
      west = code_other(window, x, y, west, length);
      largest_ = std::max<int>(largest_, west);
      start = x;
      row_[x++] = west;
    }
  }

  // Whether a stretch that is the same in the rows around is the same here; else how far. The voxel
  // behind it is another one.
  std::ptrdiff_t code_run(LabelWindow& window, Index west, std::ptrdiff_t x, std::ptrdiff_t length,
                          std::uint32_t kind) {
    const std::ptrdiff_t end = x + length;
    window.look(rows_, west, end);
    const auto log =
        static_cast<std::uint32_t>(std::bit_width(static_cast<std::size_t>(length)) - 1);
    const std::uint32_t log9 = std::min(log, 9U);
    const std::uint32_t ends = window.ends(end);
    const std::uint32_t kinds = kind * 2 + related_;
    const std::uint32_t is_background = west == background_ ? 1 : 0;
    const std::uint32_t log3 = std::min(log9, 3U);
    auto& tables = model_.run;
    SlotVector slots(
        {tables[0].at(mixed(ends & only({n, nn}), (log3 * 2 + is_background) * 8 + kinds)),
         tables[1].at(mixed(ends & only({p, ps}), (log3 * 4 + broken_ / 8) * 8 + kinds)),
         tables[2].at(((log9 * 32 + broken_) * 2 + is_background) * 8 + kinds),
         tables[3].at(mixed(ends & only({n, p, q}), kinds)),
         tables[4].at(mixed(ends & only({n, nn, n3}), std::min(log9, 4U) * 8 + kinds)),
         tables[5].at((static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(length, 63)) * 2 +
                       is_background) *
                          8 +
                      kinds)});
    std::ptrdiff_t same = length;
    const bool whole = slots.code(coder_, [&] {
      same = equal_length(row_ + x, west, length);
      return same == length;
    });
    if (whole) {
      broken_ -= broken_ > 0 ? 1 : 0;
      return length;
    }
    broken_ = std::min(broken_ + 8, 31U);
    // Breaks are near the end of a run: the distance from there, by its logarithm and the bits
    // below.
    auto distance = static_cast<std::uint32_t>(length - 1 - same);
    const auto actual_log = static_cast<std::uint32_t>(std::bit_width(distance + 1) - 1);
    std::uint32_t found = 0;
    while (found < log) {
      const std::array<Slot*, 2> slots_of_log{
          tables[0].at(mixed(ends & only({n, nn}), 0x1000 + found)),
          tables[1].at(0x100000U + found * 16 + std::min(log, 15U))};
      if (!code(coder_, slots_of_log, [&] { return actual_log > found; })) break;
      ++found;
    }
    std::uint32_t low = 0;
    for (std::uint32_t bit = found; bit-- > 0;) {
      const bool one = coder_.code(32768, [&] { return ((distance + 1) >> bit & 1) != 0; });
      low = low << 1 | (one ? 1U : 0U);
    }
    distance = ((1U << found) | low) - 1;
    // A damaged stream can name a place before the run.
    return std::max<std::ptrdiff_t>(length - 1 - static_cast<std::ptrdiff_t>(distance), 0);
  }

  // Whether the voxel has the label of the window; the label has been preceded by `rank` others.
  bool code_label(const LabelWindow& window, std::ptrdiff_t x, std::uint32_t rank, bool like_north,
                  std::uint32_t length) {
    const std::uint32_t ends = window.ends(x);
    const std::uint32_t kind = rank * 2 + related_;
    const std::uint32_t is_background = window.label == background_ ? 1 : 0;
    const std::uint32_t near = window.near(x);
    auto& tables = model_.label;
    SlotVector slots(
        {tables[0].at(near * 12 + kind), tables[1].at(mixed(ends & only({n, nn, n3}), kind)),
         tables[2].at(mixed(ends & only({n, p, ps, q}), kind)),
         tables[3].at(mixed(ends & only({n, nn, p, pn}), kind)),
         tables[4].at(mixed(ends & only({n, pn, q, qn}), kind)),
         tables[5].at((((like_north ? 1U : 0U) * 2 + is_background) * 8 + length) * 12 + kind)});
    return slots.code(coder_, [&] { return row_[x] == window.label; });
  }

  // The label of a voxel that is not `west`: one nearby, or another one.
  Index code_other(LabelWindow& window, std::ptrdiff_t x, std::ptrdiff_t y, Index west,
                   std::uint32_t length) {
    const Rows& rows = rows_;
    const std::array<Index, 9> candidates{rows[n][x],     rows[n][x + 1],  rows[n][x - 1],
                                          rows[p][x],     rows[p][x + 1],  rows[ps][x],
                                          rows[n][x + 2], rows[ps][x + 1], rows[pn][x]};
    Refused refused(west);
    const bool like_north = rows[n][x] == west;
    for (const Index candidate : candidates) {
      if (candidate == no_index || refused.has(candidate)) continue;
      window.look(rows, candidate, x);
      if (code_label(window, x, std::min(refused.count(), rank_limit), like_north, length)) {
        return candidate;
      }
      refused.add(candidate);
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
    for (const Place& place : places) {
      const std::ptrdiff_t px = x + place.x;
      const std::ptrdiff_t py = y + place.y;
      if (px < 0 || px >= width_ || py < 0 || py >= height_) continue;
      for (std::uint32_t which = 0; which < 2; ++which) {
        if (which == 1 && place.y >= 0) continue;
        const Index index = which == 0 ? rows_[p][px + place.y * slices_.current.stride()]
                                       : slices_.current.row(py)[px];
        if (index == no_index || refused.has(index)) continue;
        const std::uint32_t context = (which * 16 + place.radius) * 16 + tried;
        if (rare(0x4000 + context, 0x4000 + which * 16 + tried,
                 0x4000 + place.direction * 16 + tried, [&] { return actual() == index; })) {
          return index;
        }
        refused.add(index);
        if (++tried == most_tried) return code_any(actual);
      }
    }
    return code_any(actual);
  }

  // Any label seen before, all equally probable.
  template <class Actual>
  Index code_any(Actual&& actual) {
    std::uint32_t value = 0;
    const auto bits = static_cast<std::uint32_t>(std::bit_width(known_ - 1));
    for (std::uint32_t bit = bits; bit-- > 0;) {
      const bool one = coder_.code(32768, [&] { return (actual() >> bit & 1) != 0; });
      value = value << 1 | (one ? 1U : 0U);
    }
    return static_cast<Index>(std::min(value, known_ - 1));  // larger only in damaged streams
  }

  template <class Actual>
  bool rare(std::uint32_t a, std::uint32_t b, std::uint32_t c, Actual&& actual) {
    auto& tables = model_.rare;
    return code(coder_,
                std::array<Slot*, rare_contexts>{tables[0].at(a), tables[1].at(b), tables[2].at(c)},
                actual);
  }

  Coder& coder_;
  Model& model_;
  Slices& slices_;
  std::ptrdiff_t width_;
  std::ptrdiff_t height_;
  std::uint32_t index_count_;
  Index background_;
  Index* row_ = nullptr;
  Rows rows_{};
  std::uint32_t known_ = 0;  // labels seen so far: 0 to known - 1
  int largest_ = -1;         // label of this slice
  std::uint32_t related_ = 0;
  std::uint32_t broken_ = 0;     // how many runs have been broken lately
  std::uint32_t new_rate_ = 0;   // how many escapes have been new labels lately
  std::uint32_t next_rate_ = 0;  // how many have been the next of the slice
};

}  // namespace segpresso::native::balanced::SEGPRESSO_BALANCED_ISA
