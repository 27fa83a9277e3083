// What encoder and decoder know alike while they go through a block (docs/format_small.md sections
// 4 and 7): three slices, the edges of two rows, and a few running figures.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "native/small/outline.hpp"
#include "native/small/slice.hpp"
#include "native/structure.hpp"

namespace segpresso::native::small {

// Found by the encoder and told to the decoder.
struct BlockTraits {
  Index background = 0;
  // A pattern along x, y, z repeats after `period` voxels (0: none) and begins at `origin`.
  struct Axis {
    std::uint32_t period = 0;
    std::uint32_t origin = 0;
    bool operator==(const Axis&) const = default;
  };
  std::array<Axis, 3> axes{};
};

// The edge of the row above that the outline at a voxel comes from, and its likes in other slices.
struct Reference {
  int x = -1000;
  Index left = no_index;
  Index right = no_index;
  Edge edge;
  int offset_before = no_shift;  // where the previous slice has it in the row above
  int shift_before = no_shift;   // how it goes on there into this row
};

// How the outline may pass a voxel.
struct Passage {
  enum Case : std::uint8_t { moving_right, ended, far_left, moving_left, far_right };
  Case kind = far_right;
  int offset = 0;  // of the voxel from the reference edge
  const Reference* reference = nullptr;
};

enum class Quiet : std::uint8_t { no, as_before, unlike_before };

class Scene {
 public:
  void begin_block(const BlockShape& shape, const BlockTraits& traits, std::uint32_t index_count);
  void begin_slice(int z);
  void end_slice();
  void begin_row(int y);
  void end_row();

  // Voxel x of the row becomes `index`, the ones before it being known.
  void put(int x, Index index);
  // Voxels [x, end) become the one above x, which all of them and their left neighbour have.
  void repeat_above(int x, int end);

  // Voxels whose surroundings are so uniform that they are coded in runs.
  [[nodiscard]] Quiet quiet(int x) const;
  [[nodiscard]] int quiet_end(int x, Quiet kind) const;

  Passage passage(int x);

  [[nodiscard]] bool in_slice(Index index) const { return last_slice_[index] == z_; }
  // One more than the largest index of this slice so far.
  [[nodiscard]] std::uint32_t next_in_slice() const { return next_in_slice_; }
  [[nodiscard]] std::uint32_t phase(int x) const;

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] int y() const { return y_; }
  [[nodiscard]] int z() const { return z_; }
  [[nodiscard]] const BlockTraits& traits() const { return traits_; }
  [[nodiscard]] const Index* row(int up) const { return current_->row(y_ - up); }
  [[nodiscard]] const Index* before(int down) const { return before_->row(y_ + down); }
  [[nodiscard]] const Index* two_before(int down) const { return two_before_->row(y_ + down); }
  [[nodiscard]] BitRow edges_above() const { return current_->edges(y_ - 1); }
  [[nodiscard]] BitRow edges_before(int down) const { return before_->edges(y_ + down); }
  [[nodiscard]] Slice& previous() const { return *before_; }
  [[nodiscard]] const Edge& edge_above(int x) const {
    return edges_above_[static_cast<std::size_t>(x)];
  }
  [[nodiscard]] int last_edge() const { return last_edge_; }

 private:
  void add_edge(int x);
  void refer_to(int x);
  void note(Index index);
  void find_quiet();

  BlockTraits traits_;
  int width_ = 0;
  int height_ = 0;
  int y_ = 0;
  int z_ = 0;
  std::array<Slice, 3> slices_;
  Slice* current_ = nullptr;
  Slice* before_ = nullptr;
  Slice* two_before_ = nullptr;
  std::vector<Edge> edges_above_;  // by x, where the rows have edges
  std::vector<Edge> edges_;
  std::vector<std::uint64_t> quiet_as_before_;
  std::vector<std::uint64_t> quiet_unlike_before_;
  std::vector<int> last_slice_;  // that had the index
  std::uint32_t next_in_slice_ = 0;
  std::uint32_t row_phase_ = 0;
  int last_edge_ = 0;  // of this row
  Reference reference_;
};

}  // namespace segpresso::native::small
