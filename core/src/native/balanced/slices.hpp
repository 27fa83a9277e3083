// The last slices of a block, with borders, so that neighbours can be looked at without checks.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

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
  void resize(const BlockShape& shape) {
    width_ = static_cast<std::ptrdiff_t>(shape.x);
    height_ = static_cast<std::ptrdiff_t>(shape.y);
    stride_ = width_ + 2 * row_border;
    indices_.resize(static_cast<std::size_t>(stride_ * (height_ + rows_above + rows_below)));
  }

  [[nodiscard]] std::ptrdiff_t stride() const noexcept { return stride_; }
  [[nodiscard]] Index* row(std::ptrdiff_t y) noexcept {
    return indices_.data() + (y + rows_above) * stride_ + row_border;
  }

  void fill(Index index) { std::ranges::fill(indices_, index); }

  // Continues a finished row to both sides.
  void close_row(std::ptrdiff_t y) noexcept {
    Index* const begin = row(y);
    std::fill(begin - row_border, begin, begin[0]);
    std::fill(begin + width_, begin + width_ + row_border, begin[width_ - 1]);
  }

  // The rows above the first: those of another slice's first row while this slice is coded, its own
  // first row afterwards.
  void set_rows_above(Slice& other) noexcept {
    const Index* const from = other.row(0) - row_border;
    for (std::ptrdiff_t y = -rows_above; y < 0; ++y) {
      std::copy(from, from + stride_, row(y) - row_border);
    }
  }

  // Continues a finished slice above and below.
  void close() noexcept {
    set_rows_above(*this);
    const Index* const last = row(height_ - 1) - row_border;
    std::copy(last, last + stride_, row(height_) - row_border);
  }

 private:
  std::vector<Index> indices_;
  std::ptrdiff_t width_ = 0;
  std::ptrdiff_t height_ = 0;
  std::ptrdiff_t stride_ = 0;
};

}  // namespace segpresso::native::balanced
