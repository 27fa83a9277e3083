// What encoder and decoder know alike while they go through a block (docs/format_small.md sections
// 4 and 7): three slices, the edges of two rows, and a few running figures.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "native/small/outline.hpp"
#include "native/small/slice.hpp"
#include "native/small/words.hpp"
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
  Numbers numbers{};             // what the contexts of candidates have of its history

  void number();
};

extern const Reference no_reference;

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

  // With `left`, the index of the voxel before x.
  Passage passage(int x, Index left);

  [[nodiscard]] bool in_slice(Index index) const { return first_row_[index] >= first_in_slice_; }
  // Whether a row of this slice before the current one has the index.
  [[nodiscard]] bool in_rows_above(Index index) const {
    return static_cast<std::uint32_t>(first_row_[index] - first_in_slice_) <
           static_cast<std::uint32_t>(y_);
  }
  // One more than the largest index of this slice so far.
  [[nodiscard]] std::uint32_t next_in_slice() const { return next_in_slice_; }
  [[nodiscard]] std::uint32_t phase(int x) const;

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] int y() const { return y_; }
  [[nodiscard]] int z() const { return z_; }
  [[nodiscard]] const BlockTraits& traits() const { return traits_; }
  // Near rows: of this slice 0 to 3 up, of the one before 2 up to 2 down, of the one before that 1.
  [[nodiscard]] const Index* row(int up) const { return rows_[static_cast<std::size_t>(up)]; }
  [[nodiscard]] const Index* before(int down) const {
    return rows_before_[static_cast<std::size_t>(down) + 2];
  }
  [[nodiscard]] const Index* two_before(int down) const {
    return rows_two_before_[static_cast<std::size_t>(down) + 1];
  }
  [[nodiscard]] BitRow edges_above() const { return edges_above_bits_; }
  // Of rows y-1 and y.
  [[nodiscard]] BitRow edges_before(int down) const {
    return edges_before_bits_[static_cast<std::size_t>(down) + 1];
  }
  [[nodiscard]] BitRow steps_before() const { return steps_before_bits_; }
  // Bit x: the voxel above differs from the one in the slice before.
  [[nodiscard]] BitRow unlike() const { return unlike_bits_; }
  [[nodiscard]] Slice& previous() const { return *before_; }
  [[nodiscard]] Slice& current() const { return *current_; }
  [[nodiscard]] const Edge& edge_above(int x) const {
    return edges_above_[static_cast<std::size_t>(x)];
  }
  [[nodiscard]] int last_edge() const { return last_edge_; }
  // Voxels [x, end) of the row are supposed to become `index`.
  void suppose(int x, int end, Index index) { std::fill(rows_[0] + x, rows_[0] + end, index); }

 private:
  void add_edge(int x);
  void refer_to(Reference& r, int x);
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
  std::vector<std::uint64_t> unlike_;
  std::vector<std::uint64_t> quiet_as_before_;
  std::vector<std::uint64_t> quiet_unlike_before_;
  std::vector<int> first_row_;  // of the last slice that had the index, among all rows
  std::uint32_t next_in_slice_ = 0;
  std::uint32_t row_phase_ = 0;
  int last_edge_ = 0;                    // of this row
  int first_in_slice_ = 0;               // number of its first row
  std::array<Reference, 2> references_;  // left of and right of the voxel
  // Of the row.
  std::array<Index*, 4> rows_{};
  std::array<const Index*, 5> rows_before_{};
  std::array<const Index*, 3> rows_two_before_{};
  BitRow edges_above_bits_;
  std::array<BitRow, 2> edges_before_bits_;
  BitRow steps_before_bits_;
  BitRow unlike_bits_;
};

inline void Scene::put(int x, Index index) {
  Index* voxel = rows_[0] + x;
  *voxel = index;
  if (x > 0 && voxel[-1] == index) return;  // noted
  if (x > 0) add_edge(x);
  note(index);
}

inline void Scene::note(Index index) {
  if (!in_slice(index)) first_row_[index] = first_in_slice_ + y_;
  next_in_slice_ = std::max(next_in_slice_, std::uint32_t{index} + 1);
}

inline Quiet Scene::quiet(int x) const {
  const auto word = static_cast<std::size_t>(x) / 64;
  if ((quiet_as_before_[word] >> x % 64 & 1) != 0) return Quiet::as_before;
  return (quiet_unlike_before_[word] >> x % 64 & 1) != 0 ? Quiet::unlike_before : Quiet::no;
}

inline Passage Scene::passage(int x, Index left) {
  constexpr int reach_left = 16;
  constexpr int reach_right = 24;
  if (left != row(1)[x]) {
    const int distance = distance_before(edges_above(), x, reach_left + 1);
    if (distance > reach_left) return {Passage::far_left, reach_left + 1, &no_reference};
    if (references_[0].x != x - distance) {
      // An edge that was right of the voxels before, as a rule.
      std::swap(references_[0], references_[1]);
      if (references_[0].x != x - distance) refer_to(references_[0], x - distance);
    }
    const Reference& r = references_[0];
    return {r.left == left ? Passage::moving_right : Passage::ended, distance, &r};
  }
  const int distance = distance_after(edges_above(), x + 1, reach_right) + 1;
  if (distance > reach_right) return {Passage::far_right, 18, &no_reference};
  Reference& r = references_[1];
  if (r.x != x + distance) refer_to(r, x + distance);
  return {Passage::moving_left, -distance, &r};
}

}  // namespace segpresso::native::small
