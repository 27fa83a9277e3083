// A slice of indices with margins, and where its neighbours differ (docs/format_small.md section
// 4). Models look at 16 voxels around a place, at three rows above and two below it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "native/small/masks.hpp"
#include "native/structure.hpp"

namespace segpresso::native::small {

// One bit per voxel of a row, with room for unaligned reads around it.
class BitRow {
 public:
  static constexpr int margin = 64;

  BitRow() = default;
  explicit BitRow(std::uint64_t* words) : words_(words) {}

  static std::size_t words_for(int size) { return static_cast<unsigned>(size / 64 + 4); }

  // Bits x to x + 63, which may begin `margin` before the row.
  [[nodiscard]] std::uint64_t from(int x) const {
    const auto at = static_cast<unsigned>(x + margin);
    const std::uint64_t* word = words_ + at / 64;
    const unsigned shift = at % 64;
    return word[0] >> shift | word[1] << 1 << (63 - shift);
  }
  void set(int x) const {
    const auto at = static_cast<unsigned>(x + margin);
    words_[at / 64] |= std::uint64_t{1} << at % 64;
  }
  // The aligned words of the row itself.
  [[nodiscard]] std::uint64_t* words() const { return words_ + margin / 64; }

 private:
  std::uint64_t* words_ = nullptr;
};

class Slice {
 public:
  static constexpr int margin = 16;      // voxels left and right of a row, at least
  static constexpr int margin_rows = 4;  // rows above and below

  void reshape(int width, int height) {
    width_ = width;
    height_ = height;
    stride_ = static_cast<std::size_t>(width + 3 * margin - 1) / margin * margin + margin;
    indices_.assign(stride_ * static_cast<std::size_t>(height + 2 * margin_rows), no_index);
    words_ = BitRow::words_for(width);
    edges_.assign(words_ * static_cast<std::size_t>(height + 2), 0);
    steps_.assign(words_ * static_cast<std::size_t>(height + 2), 0);
  }

  [[nodiscard]] std::size_t stride() const { return stride_; }
  // Rows from -margin_rows to height + margin_rows - 1.
  [[nodiscard]] Index* row(int y) {
    return &indices_[stride_ * static_cast<std::size_t>(y + margin_rows) + margin];
  }
  // Bit x: the voxel differs from its left neighbour. Rows from -1 to height.
  [[nodiscard]] BitRow edges(int y) { return bit_row(edges_, y); }
  // Bit x: the voxel differs from the one below. Rows from -1 to height - 1.
  [[nodiscard]] BitRow steps(int y) { return bit_row(steps_, y); }

  // Makes the rows above from the first row of the slice before.
  void begin(Slice& before) {
    for (int y = -margin_rows; y < 0; ++y) copy_row(row(y), before.row(0));
    std::copy_n(before.edges(0).words() - 1, words_, edges(-1).words() - 1);
    std::fill(edges_.begin() + static_cast<std::ptrdiff_t>(words_), edges_.end(), 0);
  }
  // Row y begins; the voxels left of it are as the first one above.
  void begin_row(int y) { std::fill_n(row(y) - margin, margin, row(y - 1)[0]); }
  // Row y is complete; the voxels right of it are as its last one.
  void end_row(int y) {
    Index* p = row(y) + width_;
    std::fill_n(p, static_cast<std::ptrdiff_t>(stride_) - margin - width_, p[-1]);
  }
  // The rows below repeat the last one.
  void end() {
    for (int y = 0; y < margin_rows; ++y) copy_row(row(height_ + y), row(height_ - 1));
    std::copy_n(edges(height_ - 1).words() - 1, words_, edges(height_).words() - 1);
    for (int y = -1; y < height_; ++y) differences(row(y), row(y + 1), steps(y));
  }

  // Sets bit x of `bits` iff a[x] != b[x].
  void differences(const Index* a, const Index* b, BitRow bits) const {
    std::uint64_t* words = bits.words();
    for (int x = 0; x < width_; x += 64) {
      std::uint64_t word = 0;
      for (int part = 0; part < 64 && x + part < width_; part += 16) {
        word |= std::uint64_t{differ_mask(a + x + part, b + x + part)} << part;
      }
      if (width_ - x < 64) word &= ~(~std::uint64_t{0} << (width_ - x));
      *words++ = word;
    }
  }

 private:
  void copy_row(Index* to, const Index* from) const {
    std::memcpy(to - margin, from - margin, stride_ * sizeof(Index));
  }
  BitRow bit_row(std::vector<std::uint64_t>& bits, int y) const {
    return BitRow(&bits[words_ * static_cast<std::size_t>(y + 1)]);
  }

  std::vector<Index> indices_;
  std::vector<std::uint64_t> edges_;
  std::vector<std::uint64_t> steps_;
  std::size_t stride_ = 0;
  std::size_t words_ = 0;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace segpresso::native::small
