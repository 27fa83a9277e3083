// Slices as the symbols of the `fast` model.
//
// `Coder` takes the symbols with what is known before them: the coder of streams makes contexts of
// that, the one that trains the tables records it.
#pragma once

#include <bit>
#include <cstdlib>
#include <cstring>

#include "native/fast/history.hpp"
#include "native/fast/new_runs.hpp"
#include "native/fast/row_runs.hpp"
#include "native/fast/row_source.hpp"
#include "native/fast/rows.hpp"

namespace segpresso::native::fast {

template <class Lanes, class Coder>
class SliceEncoder : public Rows {
 public:
  explicit SliceEncoder(Coder& coder) : coder_(coder) {}

  // Slices in order. False if there are more indices than fit.
  bool encode_slice(RowSource& rows, std::uint32_t z) {
    if (z > 0 && rows.repeats_slice(z)) {
      coder_.slice(slice_repeated);
      return true;
    }
    const bool related = z > 0 && rows.is_related(z);
    coder_.slice(related ? slice_related : slice_unrelated);
    start_slice(related);
    if (related) find_runs<Lanes>(slices_[1].row(0), shape_.x, reference_);
    for (std::uint32_t y = 0; y < shape_.y; ++y) {
      if (!encode_row(rows, z, y)) return false;
    }
    slices_[0].pad_end();
    return true;
  }

 private:
  bool encode_row(RowSource& rows, std::uint32_t z, std::uint32_t y) {
    PaddedSlice& slice = slices_[0];
    const SliceRows before = slice_rows(y);
    const std::uint32_t feature = row_feature(y, before);
    if (y > 0 && rows.repeats_above(z, y)) {
      slice.copy_row(y, slice.row(y - 1));
      repeat_reference();
      coder_.row(feature, row_as_above);
      note_row(y, row_as_above);
      return true;
    }
    if (!rows.read(z, y, current_)) return false;
    slice.pad_before(y);
    fill_runs<Lanes>(current_, slice.row(y));
    slice.pad_behind(y);
    unsigned symbol = row_as_slice;
    if (before.exist && std::memcmp(slice.row(y), before.here, shape_.x * sizeof(Index)) == 0) {
      coder_.row(feature, row_as_slice);
    } else {
      symbol = row_coded + encode_runs(before, feature);
    }
    note_row(y, symbol);
    std::swap(reference_, current_);
    return true;
  }

  // Codes a row that is like neither neighbour; returns what is special at its ends. That is known
  // last, but its symbol comes first.
  unsigned encode_runs(const SliceRows& before, std::uint32_t feature) {
    const auto row_symbol = coder_.leave_room();
    contexts_.resize(reference_.count());
    find_contexts<Lanes>(before, reference_, contexts_.data(), Coder::edge_context);
    Site site{reference_.begin() + 1, current_.begin(), before, shape_.x, at_start};
    const bool new_start = site.last->label != reference_.begin()->label;
    if (new_start) encode_label(site, 0, 0, site.last->label);
    site.state = state_after_new(site.edge, site.last);
    encode_edges(site);
    const bool new_end = site.last + 1 != current_.end();
    if (new_end) encode_last_runs(site);
    const unsigned ends = (new_start ? 1U : 0U) + (new_end ? 2U : 0U);
    coder_.row_at(row_symbol, feature, row_coded + ends);
    return ends;
  }

  [[gnu::always_inline]] static bool is_move(const Run* edge, const Run* run) noexcept {
    const auto moved = static_cast<unsigned>(distance(edge, run) + longest_move);
    return static_cast<unsigned>(edge->label == run->label) &
           static_cast<unsigned>(moved <= 2 * longest_move);
  }

  static int distance(const Run* edge, const Run* run) noexcept {
    return static_cast<int>(run->start) - static_cast<int>(edge->start);
  }

  // Whether a run is new rather than that the edge has vanished: looks two runs ahead in both rows
  // for the partner that one of them lacks.
  [[nodiscard]] bool is_new(const Run* edge, const Run* run) const noexcept {
    if (run == current_.end()) return false;
    // Bits in this order, and no jumps: which of them holds is hard to foresee.
    const unsigned partners =
        unsigned{is_move(edge, run + 1)} | unsigned{is_move(edge + 1, run)} << 1 |
        unsigned{is_move(edge, run + 2)} << 2 | unsigned{is_move(edge + 2, run)} << 3 | 0x10;
    const auto first = static_cast<unsigned>(std::countr_zero(partners));
    return first < 4 ? first % 2 == 0 : distance(edge, run) < 0;
  }

  void encode_edges(Site& site) {
    while (site.edge != reference_.end()) {
      auto context = contexts_[static_cast<std::size_t>(site.edge - reference_.begin())];
      if (site.state != same) {
        if (site.edge->label == site.last->label) {
          ++site.edge;
          site.state = same;
          continue;
        }
        context = Coder::edge_context(edge_features<Lanes>(site));
      }
      if (is_move(site.edge, site.last + 1)) {
        encode_move(site, context);
      } else if (is_new(site.edge, site.last + 1)) {
        const Run* const edge = site.edge;
        encode_new_run(site, [&](unsigned symbol) { coder_.edge(context, symbol); });
        site.state = state_after_new(edge, site.last);
      } else {
        coder_.edge(context, edge_vanishes);
        ++site.edge;
        site.state = after_vanished;
      }
    }
  }

  [[gnu::always_inline]] void encode_move(Site& site, const typename Coder::EdgeContext& context) {
    const int moved = distance(site.edge, site.last + 1);
    const unsigned symbol = move_symbols[static_cast<unsigned>(moved + longest_move)];
    coder_.edge(context, symbol);
    const Move move = moves[symbol];
    if (move.bits > 0) [[unlikely]]
      coder_.bits(move.bits, static_cast<unsigned>(moved - move.least));
    pass(site, next_history(site.edge->history, symbol));
    ++site.edge;
    site.state = same;
  }

  void encode_last_runs(Site& site) {
    bool first = true;
    while (site.last + 1 != current_.end()) {
      site.state = at_end;
      encode_new_run(site, [&](unsigned symbol) { coder_.end(first, symbol); });
      first = false;
    }
    coder_.end(false, row_ends);
  }

  // The next run is coded.
  void pass(Site& site, std::uint16_t history) noexcept {
    ++site.last;
    current_.begin()[site.last - current_.begin()].history = history;
  }

  // The run behind the last one is new; `code_kind` takes the symbol that says so.
  template <class Kind>
  void encode_new_run(Site& site, Kind&& code_kind) {
    const std::uint32_t x = site.last[1].start;
    const Index label = site.last[1].label;
    const std::uint32_t found = next_in_slice<Lanes>(site);
    const int offset = static_cast<int>(x) - static_cast<int>(found);
    if (found < site.width && site.slice.here[found] == label && std::abs(offset) <= slice_reach) {
      code_kind(new_by_slice);
      coder_.offset(offset_feature(site, found), offset_around<Lanes>(site, found),
                    static_cast<unsigned>(offset + slice_reach));
    } else {
      code_kind(new_run);
      encode_label(site, x, encode_position(site, x), label);
    }
    pass(site, new_history);
  }

  unsigned encode_position(const Site& site, std::uint32_t x) {
    const std::uint32_t feature = position_feature(site);
    const std::uint32_t beside = position_beside<Lanes>(site);
    const int from_edge = static_cast<int>(x) - static_cast<int>(site.edge->start);
    const std::uint32_t ahead = x - site.last->start - 1;
    if (from_edge >= -3 && from_edge <= 2) {
      const auto symbol = static_cast<unsigned>(from_edge + before_edge);
      coder_.position(feature, beside, symbol);
      return symbol;
    }
    if (ahead < near_voxels) {
      coder_.position(feature, beside, ahead);
      return ahead;
    }
    unsigned symbol = near_edge;
    Stretch stretch{last_stretch, last_stretch_bits(site.width)};
    for (const Stretch& nearer : stretches) {
      if (ahead < nearer.begin + (1U << nearer.bits)) {
        stretch = nearer;
        break;
      }
      ++symbol;
    }
    coder_.position(feature, beside, symbol);
    coder_.bits(stretch.bits, ahead - stretch.begin);
    return symbol;
  }

  void encode_label(const Site& site, std::uint32_t x, unsigned position, Index label) {
    const std::uint32_t feature = label_feature(site, position);
    if (label == seen_) {
      ++seen_;
      coder_.label(feature, next_index);
      return;
    }
    const std::array<const Index*, guesses> places = guess_places(site, x);
    for (unsigned number = 0; number < guesses; ++number) {
      if (*places[number] == label) return coder_.label(feature, number);
    }
    coder_.label(feature, any_index);
    coder_.bits(index_bits(seen_), label);
  }

  Coder& coder_;
  std::vector<typename Coder::EdgeContext> contexts_;  // of the edges of the reference
};

}  // namespace segpresso::native::fast
