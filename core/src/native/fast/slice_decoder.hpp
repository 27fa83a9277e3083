// Slices from the symbols of the `fast` model: the mirror of slice_encoder.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "native/fast/decoder.hpp"
#include "native/fast/history.hpp"
#include "native/fast/new_runs.hpp"
#include "native/fast/row_runs.hpp"
#include "native/fast/rows.hpp"
#include "native/fast/symbol_decoder.hpp"
#include "segpresso/error.hpp"

namespace segpresso::native::fast {

template <class Lanes>
class SliceDecoder final : public BlockDecoder, private Rows {
 public:
  void decode(std::span<const std::uint8_t> payload, const BlockInfo& info, std::uint32_t slices,
              RowSink& sink) override {
    start(info.shape);
    contexts_.resize(std::size_t{info.shape.x} + 1);
    index_count_ = info.index_count;
    SymbolDecoder coder(payload);
    for (std::uint32_t z = 0; z < slices; ++z) {
      decode_slice(coder, z, sink);
    }
  }

 private:
  static constexpr unsigned all_moved = symbols;  // instead of a symbol

  [[noreturn]] static void fail(const char* message) {
    throw Error(ErrorKind::corrupt, std::string("structure: ") + message, "structure");
  }

  [[noreturn]] static void fail_place() {
    fail("a run begins outside its row or before the last one");
  }

  [[gnu::always_inline]] unsigned decode_symbol(SymbolDecoder& coder, unsigned context) {
    return coder.decode(context);
  }

  [[gnu::always_inline]] static std::uint32_t decode_bits(SymbolDecoder& coder, unsigned count) {
    return coder.bits(count);
  }

  // The coder is a copy that lives in registers.
  void decode_slice(SymbolDecoder& shared, std::uint32_t z, RowSink& sink) {
    SymbolDecoder coder = shared;
    const unsigned symbol = decode_symbol(coder, slice_model);
    if (symbol > slice_unrelated) fail("a slice is of no known kind");
    if (symbol != slice_unrelated && z == 0) fail("the first slice refers to one before it");
    if (symbol == slice_repeated) {
      shared = coder;
      return repeat_slice(z, sink);
    }
    start_slice(symbol == slice_related);
    if (symbol == slice_related) find_runs<Lanes>(slices_[1].row(0), shape_.x, reference_);
    for (std::uint32_t y = 0; y < shape_.y; ++y) decode_row(coder, z, y, sink);
    slices_[0].pad_end();
    shared = coder;
  }

  void repeat_slice(std::uint32_t z, RowSink& sink) {
    for (std::uint32_t y = 0; y < shape_.y; ++y) {
      find_runs<Lanes>(slices_[0].row(y), shape_.x, current_);
      sink.take_row(z, y, current_);
    }
  }

  [[gnu::always_inline]] void decode_row(SymbolDecoder& coder, std::uint32_t z, std::uint32_t y,
                                         RowSink& sink) {
    PaddedSlice& slice = slices_[0];
    const SliceRows before = slice_rows(y);
    const unsigned symbol = decode_symbol(coder, row_context(row_feature(y, before)));
    note_row(y, symbol);
    if (symbol == row_as_above) {
      if (y == 0) fail("the first row repeats one above it");
      slice.copy_row(y, slice.row(y - 1));
      repeat_reference();
      return sink.repeat_row(z, y);
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
    sink.take_row(z, y, current_);
    std::swap(reference_, current_);
  }

  // All of a row's symbols.
  [[gnu::always_inline]] void decode_runs(SymbolDecoder& coder, const SliceRows& slice,
                                          unsigned ends) {
    find_contexts<Lanes>(slice, reference_, contexts_.data(), edge_context);
    const Run* edge = reference_.begin() + 1;
    const Run* const end = reference_.end();
    Run* last = current_.begin();
    *last = {0, reference_.begin()->label, 0};
    const auto site = [&](State state) { return Site{edge, last, slice, shape_.x, state}; };
    if ((ends & 1) != 0) last->label = decode_label(coder, site(at_start), 0, 0);
    State state = state_after_new(edge, last);
    bool first_end = true;
    for (;;) {
      unsigned symbol = row_ends;
      if (edge == end) {
        if ((ends & 2) == 0) break;
        state = at_end;
        symbol = decode_symbol(coder, end_context(first_end));
        if (symbol == row_ends && !first_end) break;
        first_end = false;
        if (symbol < new_by_slice) fail("a row ends in no known way");
      } else if (state == same) {
        symbol = decode_moves(coder, edge, end, last);
        if (symbol == all_moved) continue;
      } else if (edge->label == last->label) {
        ++edge;
        state = same;
        continue;
      } else {
        symbol = decode_symbol(coder, edge_context(edge_features<Lanes>(site(state))));
        if (symbol < first_special) {
          decode_move(coder, symbol, edge, last);
          ++edge;
          state = same;
          continue;
        }
      }
      if (symbol == edge_vanishes) {
        ++edge;
        state = after_vanished;
        continue;
      }
      *++last = decode_new_run(coder, site(state), symbol);
      state = state_after_new(edge, last);
    }
    // Until here only new runs have been checked against the end of the row.
    if (last->start >= shape_.x) fail_place();
    current_.close(static_cast<std::uint32_t>(last - current_.begin()) + 1, shape_.x);
  }

  // Moved edges, one after the other, while the row agrees with the one above. Returns the symbol
  // that ends them, if any.
  [[gnu::always_inline]] unsigned decode_moves(SymbolDecoder& coder, const Run*& edge,
                                               const Run* end, Run*& last) {
    for (; edge != end; ++edge) {
      const unsigned symbol =
          decode_symbol(coder, contexts_[static_cast<std::size_t>(edge - reference_.begin())]);
      if (symbol >= first_special) return symbol;
      decode_move(coder, symbol, edge, last);
    }
    return all_moved;
  }

  [[gnu::always_inline]] void decode_move(SymbolDecoder& coder, unsigned symbol, const Run* edge,
                                          Run*& last) {
    int x = static_cast<int>(edge->start) + moves[symbol].least;
    if (symbol >= first_long_move) [[unlikely]] {
      const unsigned bits = moves[symbol].bits;
      x += static_cast<int>(coder.bits(bits));
    }
    if (x <= static_cast<int>(last->start)) [[unlikely]]
      fail_place();
    *++last = {static_cast<std::uint32_t>(x), edge->label, next_history(edge->history, symbol)};
  }

  [[gnu::always_inline]] Run decode_new_run(SymbolDecoder& coder, const Site& site, unsigned kind) {
    std::uint32_t x = 0;
    Index label = 0;
    if (kind == new_by_slice) {
      const std::uint32_t found = next_in_slice<Lanes>(site);
      if (found >= site.width) fail("a run follows the previous slice where that has none");
      label = site.slice.here[found];
      x = found - slice_reach +
          decode_symbol(coder, offset_context(offset_feature(site, found),
                                              offset_around<Lanes>(site, found)));
    } else {
      const unsigned position = decode_symbol(
          coder, position_context(position_feature(site), position_beside<Lanes>(site)));
      x = decode_position(coder, site, position);
      // Before anything is read there.
      if (x >= site.width) fail_place();
      label = decode_label(coder, site, x, position);
    }
    // Unsigned: negative places have wrapped. The row may have ended before.
    if (x <= site.last->start || x >= site.width) [[unlikely]]
      fail_place();
    return {x, label, new_history};
  }

  [[gnu::always_inline]] std::uint32_t decode_position(SymbolDecoder& coder, const Site& site,
                                                       unsigned symbol) {
    if (symbol < near_voxels) return site.last->start + 1 + symbol;
    if (symbol < near_edge) return site.edge->start + symbol - before_edge;
    const unsigned number = symbol - near_edge;
    const Stretch stretch = number < stretches.size()
                                ? stretches[number]
                                : Stretch{last_stretch, last_stretch_bits(site.width)};
    return site.last->start + 1 + stretch.begin + decode_bits(coder, stretch.bits);
  }

  [[gnu::always_inline]] Index decode_label(SymbolDecoder& coder, const Site& site, std::uint32_t x,
                                            unsigned position) {
    const unsigned symbol = decode_symbol(coder, label_context(label_feature(site, position)));
    std::uint32_t label = seen_;
    if (symbol < guesses) {
      label = *guess_places(site, x)[symbol];
    } else if (symbol == any_index) {
      label = decode_bits(coder, index_bits(seen_));
    } else if (seen_ < index_count_) {
      return static_cast<Index>(seen_++);
    }
    if (label >= seen_) fail("an index occurs that is not known yet");
    return static_cast<Index>(label);
  }

  std::vector<std::uint16_t> contexts_;  // of the edges of the reference
  std::uint32_t index_count_ = 0;
};

}  // namespace segpresso::native::fast
