// What encoder and decoder of the `fast` model share: the rows around the one that is coded.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "native/fast/contexts.hpp"
#include "native/fast/history.hpp"
#include "native/fast/padded_slice.hpp"
#include "native/runs.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

// Symbols of a slice, and of a row.
inline constexpr unsigned slice_related = 0;
inline constexpr unsigned slice_repeated = 1;
inline constexpr unsigned slice_unrelated = 2;
inline constexpr unsigned row_as_above = 0;
inline constexpr unsigned row_as_slice = 1;
inline constexpr unsigned row_coded = 2;  // + 1 if its first run is new, + 2 if its last ones are
// Symbols where the row above has no more edges, besides new_by_slice and new_run.
inline constexpr unsigned row_ends = 0;

// Row y of the previous slice; those above and below lie `stride` away. All voxels are no_index if
// there is no such slice or it is unrelated.
struct SliceRows {
  const Index* here = nullptr;
  std::size_t stride = 0;
  bool exist = false;

  [[nodiscard]] const Index* above() const noexcept { return here - stride; }
  [[nodiscard]] const Index* below() const noexcept { return here + stride; }
};

class Rows {
 public:
  void start(const BlockShape& shape) {
    shape_ = shape;
    for (std::size_t i = 0; i < 2; ++i) {
      slices_[i].resize(shape);
      as_above_[i].assign(shape.y, 0);
    }
    nothing_.assign(shape.x + 2 * PaddedSlice::pad + PaddedSlice::overrun, no_index);
    reference_.resize(shape.x);
    current_.resize(shape.x);
    seen_ = 1;
  }

  // Begins a slice that is not repeated. Its first row refers to the first one of the previous
  // slice, which the caller puts into the reference, or else to a row of index 0.
  void start_slice(bool related) {
    std::swap(slices_[0], slices_[1]);
    std::swap(as_above_[0], as_above_[1]);
    related_ = related;
    row_class_ = 2;
    *reference_.begin() = {0, 0, unknown_history};
    reference_.close(1, shape_.x);
  }

  [[nodiscard]] SliceRows slice_rows(std::uint32_t y) const noexcept {
    if (!related_) return {nothing_.data() + PaddedSlice::pad, 0, false};
    return {slices_[1].row(y), slices_[1].stride(), true};
  }

  // What is known of a row before its symbol.
  [[nodiscard]] std::uint32_t row_feature(std::uint32_t y, const SliceRows& slice) const noexcept {
    const unsigned related = related_ ? 1U + as_above_[1][y] : 0U;
    const std::uint32_t runs = reference_.count();
    const unsigned edges = (runs > 1) + (runs > 3) + (runs > 7);
    const unsigned first = slice.here[0] == reference_.begin()->label;
    const unsigned last = slice.here[shape_.x - 1] == reference_.end()[-1].label;
    return (((row_class_ * 3 + related) * 4 + edges) * 2 + first) * 2 + last;
  }

  void note_row(std::uint32_t y, unsigned symbol) noexcept {
    row_class_ = std::min(symbol, 2U);
    if (symbol != row_as_above) row_repeats_ = 0;
    as_above_[0][y] = symbol == row_as_above;
  }

 protected:
  // The reference is the row above, and so it stays; its edges have not moved.
  void repeat_reference() noexcept {
    constexpr unsigned moves_in_history = 3;
    if (row_repeats_ == moves_in_history) return;  // they are all zero
    ++row_repeats_;
    for (Run& run : reference_) run.history = next_history(run.history, 0);
  }

  BlockShape shape_;
  std::array<PaddedSlice, 2> slices_;  // this one and the previous one
  std::array<std::vector<std::uint8_t>, 2> as_above_;
  std::vector<Index> nothing_;
  Runs reference_;
  Runs current_;
  std::uint32_t seen_ = 1;  // indices that have occurred
  bool related_ = false;
  unsigned row_class_ = 2;
  unsigned row_repeats_ = 0;  // since the last row that is not the one above, at most three
};

}  // namespace segpresso::native::fast
