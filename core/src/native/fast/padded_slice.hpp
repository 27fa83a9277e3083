// A slice with no_index around it: rows can be read a few voxels beyond their ends, and there is
// one before the first and one behind the last.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "native/structure.hpp"

namespace segpresso::native::fast {

class PaddedSlice {
 public:
  static constexpr std::size_t pad = 8;       // voxels before and behind a row that are no_index
  static constexpr std::size_t overrun = 32;  // more that may be written behind a row

  void resize(const BlockShape& shape) {
    width_ = shape.x;
    stride_ = shape.x + 2 * pad;
    height_ = shape.y;
    voxels_.resize(stride_ * (height_ + 2) + overrun);
    std::fill_n(voxels_.data(), stride_, no_index);
    pad_end();
  }

  [[nodiscard]] std::size_t stride() const noexcept { return stride_; }
  [[nodiscard]] Index* row(std::size_t y) noexcept {
    return voxels_.data() + (y + 1) * stride_ + pad;
  }
  [[nodiscard]] const Index* row(std::size_t y) const noexcept {
    return voxels_.data() + (y + 1) * stride_ + pad;
  }

  // Rows are written in order, so that what overruns one is written again by the next.
  void pad_before(std::size_t y) noexcept { std::fill_n(row(y) - pad, pad, no_index); }
  void pad_behind(std::size_t y) noexcept { std::fill_n(row(y) + width_, pad, no_index); }
  void pad_end() noexcept { std::fill_n(row(height_) - pad, stride_, no_index); }
  // Row y with its pads becomes a copy of another one.
  void copy_row(std::size_t y, const Index* from) noexcept {
    std::copy_n(from - pad, stride_, row(y) - pad);
  }

 private:
  std::vector<Index> voxels_;
  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::size_t stride_ = 0;
};

}  // namespace segpresso::native::fast
