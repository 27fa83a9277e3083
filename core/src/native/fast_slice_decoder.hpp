// Slices from the symbols of the `fast` model: the mirror of fast_slice_encoder.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "native/fast_new_runs.hpp"
#include "native/fast_rows.hpp"
#include "native/lanes.hpp"
#include "native/symbol_coder.hpp"

namespace segpresso::native {

template <class Lanes>
class FastSliceDecoder : public FastRows {
 public:
  void decode(std::span<const std::uint8_t> payload, const BlockInfo& info, std::uint32_t slices,
              const SliceSink& sink) {
    start(info.shape);
    models_ = fast::start_models;
    index_count_ = info.index_count;
    SymbolDecoder coder(payload);
    for (std::uint32_t z = 0; z < slices; ++z) {
      decode_slice(coder, z);
      sink(z, slices_[0].row(0), slices_[0].stride());
    }
  }

 private:
  [[noreturn]] static void fail(const char* message) {
    throw Error(ErrorKind::corrupt, std::string("structure: ") + message, "structure");
  }

  unsigned decode_symbol(SymbolDecoder& coder, unsigned context) {
    SymbolModel& model = models_[context];
    const unsigned symbol = coder.decode<Lanes>(model);
    Lanes::adapt(model, symbol);
    return symbol;
  }

  static std::uint32_t decode_bits(SymbolDecoder& coder, unsigned count) {
    std::uint32_t value = 0;
    for (unsigned at = 0; at < count; at += 4) {
      const unsigned part = std::min(count - at, 4U);
      const unsigned symbol = coder.decode<Lanes>(uniform_models[part]);
      value |= (symbol & ((1U << part) - 1)) << at;
    }
    return value;
  }

  void decode_slice(SymbolDecoder& coder, std::uint32_t z) {
    const unsigned symbol = decode_symbol(coder, fast::slice_model);
    if (symbol > slice_unrelated) fail("a slice is of no known kind");
    if (symbol != slice_unrelated && z == 0) fail("the first slice refers to one before it");
    if (symbol == slice_repeated) return;
    start_slice<Lanes>(symbol == slice_related);
    for (std::uint32_t y = 0; y < shape_.y; ++y) decode_row(coder, y);
  }

  void decode_row(SymbolDecoder& coder, std::uint32_t y) {
    PaddedSlice& slice = slices_[0];
    const SliceRows before = slice_rows(y);
    const unsigned symbol = decode_symbol(coder, row_context(row_feature(y, before)));
    note_row(y, symbol);
    if (symbol == row_as_above) {
      if (y == 0) fail("the first row repeats one above it");
      slice.copy_row(y, slice.row(y - 1));
      repeat_reference();
      return;
    }
    if (symbol == row_as_slice) {
      if (!before.exist) fail("a row repeats one of no slice");
      slice.copy_row(y, before.here);
      find_runs<Lanes>(slice.row(y), shape_.x, current_);
    } else {
      if (symbol >= row_coded + 4) fail("a row is of no known kind");
      decode_runs(coder, before, symbol - row_coded);
      slice.pad_before(y);
      fill_runs<Lanes>(current_, slice.row(y));
      slice.pad_behind(y);
    }
    std::swap(reference_, current_);
  }

  void decode_runs(SymbolDecoder& shared, const SliceRows& before, unsigned ends) {
    SymbolDecoder coder = shared;  // in registers
    NewRunSite site{reference_, current_, before, shape_.x, 1, 0, NewRunSite::at_start};
    current_.start[0] = 0;
    current_.label[0] = reference_.label[0];
    if ((ends & 1) != 0) {
      current_.label[0] = decode_label(coder, site, 0, 0);
      site.state = NewRunSite::after_new;
    }
    site.settle();
    while (site.edge < reference_.count) decode_edge(coder, site);
    if ((ends & 2) != 0) decode_last_runs(coder, site);
    current_.close(site.last + 1, shape_.x);
    shared = coder;
  }

  void decode_edge(SymbolDecoder& coder, NewRunSite& site) {
    if (site.state != NewRunSite::same && site.skips()) return;
    const unsigned symbol = decode_symbol(coder, edge_context(edge_features<Lanes>(site)));
    if (symbol < first_special) {
      const Move move = moves[symbol];
      int distance = move.least;
      if (move.bits > 0) [[unlikely]] {
        distance += static_cast<int>(decode_bits(coder, move.bits));
      }
      place(site, site.edge_position() + static_cast<std::uint32_t>(distance),
            reference_.label[site.edge], next_history(reference_.history[site.edge], symbol));
      ++site.edge;
      site.state = NewRunSite::same;
    } else if (symbol == edge_vanishes) {
      ++site.edge;
      site.state = NewRunSite::after_vanished;
    } else {
      decode_new_run(coder, site, symbol);
      site.settle();
    }
  }

  void decode_last_runs(SymbolDecoder& coder, NewRunSite& site) {
    unsigned symbol = decode_symbol(coder, end_context(true));
    do {
      if (symbol != new_by_slice && symbol != new_run) fail("a row ends in no known way");
      site.state = NewRunSite::at_end;
      decode_new_run(coder, site, symbol);
      symbol = decode_symbol(coder, end_context(false));
    } while (symbol != row_ends);
  }

  void place(NewRunSite& site, std::uint32_t x, Index label, std::uint16_t history) {
    // Negative distances have wrapped.
    if (x - site.position() - 1 >= shape_.x - site.position() - 1) [[unlikely]] {
      fail("a run begins outside its row or before the last one");
    }
    ++site.last;
    current_.start[site.last] = x;
    current_.label[site.last] = label;
    current_.history[site.last] = history;
  }

  void decode_new_run(SymbolDecoder& coder, NewRunSite& site, unsigned kind) {
    if (kind == new_by_slice) {
      const std::uint32_t found = next_in_slice<Lanes>(site);
      if (found >= site.width) fail("a run follows the previous slice where that has none");
      const unsigned offset = decode_symbol(
          coder, offset_context(offset_feature(site, found), offset_around<Lanes>(site, found)));
      const Index label = site.slice.here[found];
      return place(site, found + offset - slice_reach, label, new_history);
    }
    std::uint32_t x = 0;
    const unsigned position = decode_position(coder, site, x);
    if (x >= shape_.x) fail("a run begins outside its row");
    const Index label = decode_label(coder, site, x, position);
    place(site, x, label, new_history);
  }

  unsigned decode_position(SymbolDecoder& coder, const NewRunSite& site, std::uint32_t& x) {
    const unsigned symbol = decode_symbol(
        coder, position_context(position_feature(site), position_beside<Lanes>(site)));
    if (symbol < near_voxels) {
      x = site.position() + 1 + symbol;
    } else if (symbol < near_edge) {
      x = site.edge_position() + symbol - 7;
    } else {
      const unsigned number = symbol - near_edge;
      const bool last = number >= stretches.size();
      const Stretch stretch =
          last ? Stretch{last_stretch, last_stretch_bits(site.width)} : stretches[number];
      x = site.position() + 1 + stretch.begin + decode_bits(coder, stretch.bits);
    }
    return symbol;
  }

  Index decode_label(SymbolDecoder& coder, const NewRunSite& site, std::uint32_t x,
                     unsigned position) {
    const unsigned symbol = decode_symbol(coder, label_context(label_feature(site, position)));
    if (symbol == next_index) {
      if (seen_ >= index_count_) fail("there are more indices than the block has labels");
      return static_cast<Index>(seen_++);
    }
    const std::uint32_t label = symbol == any_index ? decode_bits(coder, index_bits(seen_))
                                                    : guess(site, x, symbol);
    if (label >= seen_) fail("an index occurs that is not known yet");
    return static_cast<Index>(label);
  }

  std::array<SymbolModel, fast::contexts> models_;
  std::uint32_t index_count_ = 0;
};

}  // namespace segpresso::native
