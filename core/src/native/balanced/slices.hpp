// The last slices of a block, with borders, so that neighbours can be looked at without checks.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/arithmetic.hpp"
#include "base/cpu.hpp"
#include "labels/boundary_row.hpp"
#include "native/balanced/row_ends.hpp"
#include "native/structure.hpp"

namespace segpresso::native::balanced {

// Rows reach so far beyond the slice on both sides: windows of labels begin 8 voxels to the left of
// a voxel and are 32 long.
inline constexpr std::ptrdiff_t row_border = 32;
// Rows above the first and below the last that can be looked at.
inline constexpr std::ptrdiff_t rows_above = 3;
inline constexpr std::ptrdiff_t rows_below = 1;

class Slice {
 public:
  // All voxels of which are `index`.
  void begin(const BlockShape& shape, Index index) {
    width_ = static_cast<std::ptrdiff_t>(shape.x);
    height_ = static_cast<std::ptrdiff_t>(shape.y);
    stride_ = width_ + 2 * row_border;
    words_ = static_cast<std::ptrdiff_t>(divide_up(std::size_t{shape.x}, word_bits)) + 1;
    const auto rows = static_cast<std::size_t>(height_ + rows_above + rows_below);
    indices_.assign(static_cast<std::size_t>(stride_) * rows, index);
    ends_.assign(static_cast<std::size_t>(words_) * rows, 0);
    for (std::ptrdiff_t y = -rows_above; y < height_ + rows_below; ++y) end_row(y);
  }

  [[nodiscard]] std::ptrdiff_t stride() const noexcept { return stride_; }
  [[nodiscard]] Index* row(std::ptrdiff_t y) noexcept {
    return indices_.data() + (y + rows_above) * stride_ + row_border;
  }
  // Of a finished row.
  [[nodiscard]] RowEnds ends(std::ptrdiff_t y) noexcept { return RowEnds(words_of(y)); }

  // Continues a finished row to both sides, and finds its runs.
  void close_row(std::ptrdiff_t y) noexcept {
    Index* const begin = row(y);
    std::fill_n(begin - row_border, row_border, begin[0]);
    std::fill_n(begin + width_, row_border, begin[width_ - 1]);
    find_ends_(begin, nullptr, nullptr, static_cast<std::size_t>(width_), words_of(y));
    end_row(y);
  }

  // The rows above the first: those of another slice's first row while this slice is coded, its own
  // first row afterwards.
  void set_rows_above(Slice& other) noexcept {
    for (std::ptrdiff_t y = -rows_above; y < 0; ++y) copy_row(other, 0, y);
  }

  // Continues a finished slice above and below.
  void close() noexcept {
    set_rows_above(*this);
    copy_row(*this, height_ - 1, height_);
  }

 private:
  static constexpr std::size_t word_bits = 64;

  [[nodiscard]] std::uint64_t* words_of(std::ptrdiff_t y) noexcept {
    return ends_.data() + (y + rows_above) * words_;
  }

  void end_row(std::ptrdiff_t y) noexcept {
    const auto last = static_cast<std::size_t>(width_ - 1);
    words_of(y)[last / word_bits] |= std::uint64_t{1} << (last % word_bits);
  }

  void copy_row(Slice& other, std::ptrdiff_t from, std::ptrdiff_t to) noexcept {
    std::copy_n(other.row(from) - row_border, stride_, row(to) - row_border);
    std::copy_n(other.words_of(from), words_, words_of(to));
  }

  std::vector<Index> indices_;
  std::vector<std::uint64_t> ends_;  // one word more than needed for each row
  std::ptrdiff_t width_ = 0;
  std::ptrdiff_t height_ = 0;
  std::ptrdiff_t stride_ = 0;
  std::ptrdiff_t words_ = 0;
  BoundaryRow<Index> find_ends_ = boundary_row_kernels(active_simd()).get<Index>();
};

}  // namespace segpresso::native::balanced
