// Slices as the symbols of the `fast` model.
//
// `Coder` takes the symbols with what is known before them: the coder of streams makes contexts of
// that, the one that trains the tables records it.
#pragma once

#include <cstdlib>
#include <cstring>

#include "native/fast_new_runs.hpp"
#include "native/fast_rows.hpp"
#include "native/lanes.hpp"

namespace segpresso::native {

template <class Lanes, class Coder>
class FastSliceEncoder : public FastRows {
 public:
  explicit FastSliceEncoder(Coder& coder) : coder_(coder) {}

  // Slices in order; rows lie shape.x apart.
  void encode_slice(const Index* indices, std::uint32_t z) {
    const std::size_t voxels = shape_.slice();
    if (z > 0 && std::memcmp(indices, indices - voxels, voxels * sizeof(Index)) == 0) {
      coder_.slice(slice_repeated);
      return;
    }
    const bool related = z > 0 && is_related(indices);
    coder_.slice(related ? slice_related : slice_unrelated);
    start_slice<Lanes>(related);
    for (std::uint32_t y = 0; y < shape_.y; ++y) {
      encode_row(indices + std::size_t{y} * shape_.x, y);
    }
  }

 private:
  // Whether edges of a quarter of the rows are mostly where the previous slice has some, too.
  [[nodiscard]] bool is_related(const Index* indices) const noexcept {
    const std::size_t voxels = shape_.slice();
    std::size_t edges = 0;
    std::size_t found = 0;
    for (std::uint32_t y = 0; y < shape_.y; y += 4) {
      const Index* row = indices + std::size_t{y} * shape_.x;
      const Index* before = row - voxels;
      for (std::uint32_t x = 2; x + 1 < shape_.x; ++x) {
        if (row[x] == row[x - 1]) continue;
        ++edges;
        found += before[x - 2] != before[x - 1] || before[x - 1] != before[x] ||
                 before[x] != before[x + 1];
      }
    }
    return found * 4 >= edges;
  }

  void encode_row(const Index* indices, std::uint32_t y) {
    PaddedSlice& slice = slices_[0];
    Index* row = slice.row(y);
    slice.pad_before(y);
    std::memcpy(row, indices, shape_.x * sizeof(Index));
    slice.pad_behind(y);

    const SliceRows before = slice_rows(y);
    const std::uint32_t feature = row_feature(y, before);
    const std::size_t bytes = shape_.x * sizeof(Index);
    if (y > 0 && std::memcmp(row, slice.row(y - 1), bytes) == 0) {
      repeat_reference();
      coder_.row(feature, row_as_above);
      return note_row(y, row_as_above);
    }
    find_runs<Lanes>(row, shape_.x, current_);
    unsigned symbol = row_as_slice;
    if (!before.exist || std::memcmp(row, before.here, bytes) != 0) {
      symbol = row_coded + encode_runs(before, feature);
    } else {
      coder_.row(feature, row_as_slice);
    }
    note_row(y, symbol);
    std::swap(reference_, current_);
  }

  // Codes a row that is like neither neighbour; returns what is special at its ends.
  unsigned encode_runs(const SliceRows& before, std::uint32_t feature) {
    const bool new_start = current_.label[0] != reference_.label[0];
    const bool new_end = plan();
    const unsigned ends = (new_start ? 1U : 0U) + (new_end ? 2U : 0U);
    coder_.row(feature, row_coded + ends);

    NewRunSite site{reference_, current_, before, shape_.x, 1, 0, NewRunSite::at_start};
    if (new_start) encode_first_run(site);
    encode_edges(site);
    if (new_end) encode_last_runs(site);
    return ends;
  }

  void encode_first_run(NewRunSite& site) {
    // The site's own label is the one that it does not have.
    const Index label = current_.label[0];
    current_.label[0] = reference_.label[0];
    encode_label(site, 0, 0, label);
    current_.label[0] = label;
    site.state = NewRunSite::after_new;
  }

  void encode_edges(NewRunSite& site) {
    const std::int8_t* step = steps_.data();
    site.settle();
    while (site.edge < reference_.count) {
      if (site.state != NewRunSite::same && site.skips()) continue;
      const EdgeFeatures features = edge_features<Lanes>(site);
      if (*step == appears) {
        encode_new_run(site, [&](unsigned symbol) { coder_.edge(features, symbol); });
      } else if (*step == vanishes) {
        coder_.edge(features, edge_vanishes);
        ++site.edge;
        site.state = NewRunSite::after_vanished;
      } else {
        const unsigned symbol = symbol_of(*step);
        coder_.edge(features, symbol);
        const Move move = moves[symbol];
        if (move.bits > 0) coder_.bits(move.bits, static_cast<unsigned>(*step - move.least));
        ++site.last;
        current_.history[site.last] = next_history(reference_.history[site.edge], symbol);
        ++site.edge;
        site.state = NewRunSite::same;
      }
      ++step;
    }
  }

  void encode_last_runs(NewRunSite& site) {
    site.state = NewRunSite::at_end;
    bool first = true;
    while (site.last + 1 < current_.count) {
      encode_new_run(site, [&](unsigned symbol) { coder_.end(first, symbol); });
      site.state = NewRunSite::at_end;
      first = false;
    }
    coder_.end(false, row_ends);
  }

  // The run behind the last one is new; `code_kind` takes the symbol that says so.
  template <class Kind>
  void encode_new_run(NewRunSite& site, Kind&& code_kind) {
    const std::uint32_t x = current_.start[site.last + 1];
    const Index label = current_.label[site.last + 1];
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
    ++site.last;
    current_.history[site.last] = new_history;
    site.settle();
  }

  unsigned encode_position(const NewRunSite& site, std::uint32_t x) {
    const std::uint32_t feature = position_feature(site);
    const std::uint32_t beside = position_beside<Lanes>(site);
    const std::int64_t from_edge = std::int64_t{x} - site.edge_position();
    const std::uint32_t ahead = x - site.position() - 1;
    unsigned symbol = 0;
    if (from_edge >= -3 && from_edge <= 2) {
      symbol = static_cast<unsigned>(from_edge + 7);
      coder_.position(feature, beside, symbol);
    } else if (ahead < near_voxels) {
      symbol = ahead;
      coder_.position(feature, beside, symbol);
    } else {
      symbol = near_edge;
      std::uint32_t begin = last_stretch;
      unsigned bits = last_stretch_bits(site.width);
      for (const Stretch& stretch : stretches) {
        if (ahead < stretch.begin + (1U << stretch.bits)) {
          begin = stretch.begin;
          bits = stretch.bits;
          break;
        }
        ++symbol;
      }
      coder_.position(feature, beside, symbol);
      coder_.bits(bits, ahead - begin);
    }
    return symbol;
  }

  void encode_label(const NewRunSite& site, std::uint32_t x, unsigned position, Index label) {
    const std::uint32_t feature = label_feature(site, position);
    if (label == seen_) {
      ++seen_;
      coder_.label(feature, next_index);
      return;
    }
    for (unsigned number = 0; number < guesses; ++number) {
      if (guess(site, x, number) == label) {
        coder_.label(feature, number);
        return;
      }
    }
    coder_.label(feature, any_index);
    coder_.bits(index_bits(seen_), label);
  }

  Coder& coder_;
  std::vector<std::int8_t> steps_;

  // What happens at each edge of the reference, in order: a move, or one of these.
  static constexpr std::int8_t vanishes = 100;
  static constexpr std::int8_t appears = 101;

  // Plans the steps from the reference to the current row. Returns whether runs remain to be coded
  // when the reference has no more edges.
  bool plan() {
    steps_.clear();
    std::uint32_t run = 0;
    for (std::uint32_t edge = 1; edge < reference_.count;) {
      if (reference_.label[edge] == current_.label[run]) {
        ++edge;
        continue;
      }
      const std::int8_t step = next_step(edge, run + 1);
      steps_.push_back(step);
      if (step != appears) ++edge;
      if (step != vanishes) ++run;
    }
    return run + 1 < current_.count;
  }

  [[nodiscard]] bool is_move(std::uint32_t edge, std::uint32_t run) const noexcept {
    return edge < reference_.count && run < current_.count &&
           reference_.label[edge] == current_.label[run] &&
           std::abs(distance(edge, run)) <= longest_move;
  }

  [[nodiscard]] int distance(std::uint32_t edge, std::uint32_t run) const noexcept {
    return static_cast<int>(current_.start[run]) - static_cast<int>(reference_.start[edge]);
  }

  // Looks two runs ahead in both rows for the partner that one of them lacks.
  [[nodiscard]] std::int8_t next_step(std::uint32_t edge, std::uint32_t run) const noexcept {
    if (run >= current_.count) return vanishes;
    if (is_move(edge, run)) return static_cast<std::int8_t>(distance(edge, run));
    for (std::uint32_t ahead = 1; ahead <= 2; ++ahead) {
      if (is_move(edge, run + ahead)) return appears;
      if (is_move(edge + ahead, run)) return vanishes;
    }
    return distance(edge, run) < 0 ? appears : vanishes;
  }
};

}  // namespace segpresso::native
