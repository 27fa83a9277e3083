// How the outlines of segments came down to the row above (docs/format_small.md section 7).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>

#include "native/small/slice.hpp"
#include "native/structure.hpp"

namespace segpresso::native::small {

inline constexpr int no_shift = 127;

// Signed distances in 16 classes; 16 is none.
inline std::uint32_t shift_class(int shift) {
  const int size = std::abs(shift);
  if (size >= 64) return 16;
  const int c = size < 4 ? size : size < 6 ? 4 : size < 9 ? 5 : size < 13 ? 6 : 7;
  return static_cast<std::uint32_t>(shift < 0 ? 8 + c : c);
}

// Lengths 0 to 63 in 13 classes.
inline constexpr auto length_classes = [] {
  std::array<std::uint8_t, 64> classes{};
  for (std::uint32_t length = 0; length < 64; ++length) {
    classes[length] = static_cast<std::uint8_t>(length < 7    ? length
                                                : length < 9  ? 7
                                                : length < 12 ? 8
                                                : length < 16 ? 9
                                                : length < 23 ? 10
                                                : length < 32 ? 11
                                                              : 12);
  }
  return classes;
}();

// An edge of a row: a voxel and its left neighbour differ. It continues an edge of the row above.
struct Edge {
  static constexpr std::uint32_t no_history = 0x7FFF;

  std::uint32_t history = no_history;  // classes of its last three shifts, 5 bits each, last lowest
  std::uint64_t shifts = 0;            // its last eight shifts, signed bytes, last lowest
  std::uint64_t path = 0;  // its last eight straight moves: direction and length, last lowest

  [[nodiscard]] std::uint32_t shift_class_before(unsigned rows) const {
    return history >> 5 * rows & 31;
  }
  // How far it moved in the last `rows` rows: 4 or 8.
  [[nodiscard]] int moved(unsigned rows) const {
    constexpr std::uint64_t bytes = 0x00FF00FF00FF00FF;
    const std::uint64_t raised = (shifts << (64 - 8 * rows)) ^ 0x8080808080808080;
    // Pairs, then all four of them.
    const std::uint64_t pairs = (raised & bytes) + (raised >> 8 & bytes);
    return static_cast<int>(pairs * 0x0001000100010001 >> 48) - 8 * 128;
  }
  // Move `i` of the path, the last one being 0: direction in the upper bits, length class below.
  [[nodiscard]] std::uint32_t move(unsigned i) const {
    const auto byte = static_cast<std::uint32_t>(path >> 8 * i & 0xFF);
    return byte >> 6 << 4 | length_classes[byte & 63];
  }
};

enum class Direction : std::uint8_t { down, right, left };

inline std::uint64_t moved_on(std::uint64_t path, Direction direction, std::uint32_t length) {
  if (length == 0) return path;
  const auto last = static_cast<std::uint32_t>(path & 0xFF);
  const auto code = static_cast<std::uint32_t>(direction) << 6;
  if (last != 0 && (last & 0xC0) == code) {
    return (path & ~std::uint64_t{0xFF}) | code | std::min(63U, (last & 63) + length);
  }
  return path << 8 | code | std::min(63U, length);
}

// The edge that `shift` moved by from one row to the next.
inline Edge continued(const Edge& above, int shift) {
  Edge edge;
  edge.history = (above.history << 5 | shift_class(shift)) & Edge::no_history;
  edge.shifts = above.shifts << 8 | static_cast<std::uint8_t>(shift);
  const Direction sideways = shift > 0 ? Direction::right : Direction::left;
  edge.path = moved_on(moved_on(above.path, sideways, static_cast<std::uint32_t>(std::abs(shift))),
                       Direction::down, 1);
  return edge;
}

inline Edge new_edge() {
  Edge edge;
  edge.path = moved_on(0, Direction::down, 1);
  return edge;
}

// Distance from x to the nearest edge of a row that is at most `reach` (31) away and has `left` or
// `right` at the same side (of equally near ones the left one); `no_shift` if there is none.
// With `prefer_both`, an edge that has both wins over nearer ones.
inline int nearest_edge(BitRow edges, const Index* row, int x, int reach, Index left, Index right,
                        bool prefer_both) {
  const std::uint64_t near = edges.from(x - reach);
  std::uint64_t before = near & ((std::uint64_t{2} << reach) - 1);  // bit `reach` is x
  std::uint64_t after = near >> (reach + 1) & ((std::uint64_t{1} << reach) - 1);
  int found = no_shift;
  while ((before | after) != 0) {
    const int down = before != 0 ? reach - (63 - std::countl_zero(before)) : no_shift;
    const int up = after != 0 ? 1 + std::countr_zero(after) : no_shift;
    int shift = up;
    if (down <= up) {
      shift = -down;
      before ^= std::bit_floor(before);
    } else {
      after &= after - 1;
    }
    const bool same_left = row[x + shift - 1] == left;
    const bool same_right = row[x + shift] == right;
    if (same_left && same_right) return shift;
    if (!same_left && !same_right) continue;
    if (!prefer_both) return shift;
    if (found == no_shift) found = shift;
  }
  return found;
}

// Distance from x to the first edge at or after it, at most `cap`.
inline int distance_after(BitRow edges, int x, int cap) {
  const std::uint64_t bits = edges.from(x);
  return bits != 0 ? std::min(std::countr_zero(bits), cap) : cap;
}
// Distance from x back to the last edge at or before it, at most `cap`.
inline int distance_before(BitRow edges, int x, int cap) {
  const std::uint64_t bits = edges.from(x - 63);
  return bits != 0 ? std::min(std::countl_zero(bits), cap) : cap;
}

}  // namespace segpresso::native::small
