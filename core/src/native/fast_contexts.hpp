// What the `fast` model knows before it codes a symbol, and the context that follows from it.
//
// Features are rich (thousands of cases) and contexts are few: trained maps (fast_tables.hpp) put
// features with alike statistics together. 256 contexts for edges instead of the features
// themselves cost nothing on large volumes and save 10 % on small ones, and the state that has to be
// set up for a block, 13 kB, stays in the fastest cache.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "native/fast_tables.hpp"

namespace segpresso::native {

// Symbols at an edge of the row above.
inline constexpr unsigned first_special = 13;  // below: the edge is here too, moved
inline constexpr unsigned edge_vanishes = 13;
inline constexpr unsigned new_by_slice = 14;  // before it a run of the previous slice begins
inline constexpr unsigned new_run = 15;       // before it some other run begins

struct Move {
  std::int8_t least;   // of the distances that the symbol stands for
  std::uint8_t bits;   // which of them, in that many bits
};
inline constexpr std::array<Move, first_special> moves{{{0, 0},
                                                        {1, 0},
                                                        {-1, 0},
                                                        {2, 0},
                                                        {-2, 0},
                                                        {3, 0},
                                                        {-3, 0},
                                                        {4, 0},
                                                        {-4, 0},
                                                        {5, 2},
                                                        {-8, 2},
                                                        {9, 4},
                                                        {-24, 4}}};
inline constexpr int longest_move = 24;

inline unsigned symbol_of(int distance) noexcept {
  const int size = distance < 0 ? -distance : distance;
  const unsigned backward = distance < 0 ? 1 : 0;
  if (size == 0) return 0;
  if (size <= 4) return static_cast<unsigned>(2 * size) - 1 + backward;
  return (size <= 8 ? 9U : 11U) + backward;
}

inline std::uint16_t next_history(std::uint16_t history, unsigned symbol) noexcept {
  return static_cast<std::uint16_t>((history << 4 | symbol) & 0xFFF);
}

// 2 bits per voxel (equal to the left label, equal to the right one) of 4 voxels as a number of 4
// ternary digits, the first voxel lowest.
inline constexpr std::array<std::uint8_t, 256> ternary = [] {
  std::array<std::uint8_t, 256> result{};
  for (unsigned bits = 0; bits < 256; ++bits) {
    unsigned value = 0;
    for (unsigned i = 4; i-- > 0;) value = value * 3 + std::min(bits >> (2 * i) & 3U, 2U);
    result[bits] = static_cast<std::uint8_t>(value);
  }
  return result;
}();

inline std::uint32_t match_number(std::uint32_t bits) noexcept {
  return ternary[bits & 0xFF] + std::uint32_t{81} * ternary[bits >> 8];
}

// 1, 2, 3, 4-5, 6-8, 9-16, more.
inline constexpr std::array<std::uint8_t, 18> width_classes{0, 0, 1, 2, 3, 3, 4, 4, 4,
                                                            5, 5, 5, 5, 5, 5, 5, 5, 6};
inline unsigned width_class(std::uint32_t width) noexcept {
  return width_classes[std::min(width, 17U)];
}

struct EdgeFeatures {
  std::uint32_t beside;   // match_number in the previous slice, x - 4 to x + 3
  std::uint32_t around;   // match_number in its rows above and below, x - 2 to x + 1
  std::uint32_t history;  // of the edge, 12 bits
  std::uint32_t widths;   // (state * 7 + width class of the run on the right) * 7 + on the left
};

inline unsigned edge_context(const EdgeFeatures& f) noexcept {
  const unsigned place =
      fast::place_class[fast::beside_class[f.beside] * fast::around_classes +
                        fast::around_class[f.around]];
  const unsigned shape = fast::history_class[f.history] * fast::width_classes +
                         fast::width_class[f.widths];
  return fast::edge_models +
         fast::edge_context[place * (fast::history_classes * fast::width_classes) + shape];
}

inline unsigned row_context(std::uint32_t feature) noexcept {
  return fast::row_models + fast::row_context[feature];
}

inline unsigned end_context(bool first) noexcept { return fast::end_models + (first ? 0 : 1); }

inline unsigned offset_context(std::uint32_t feature, std::uint32_t around) noexcept {
  return fast::offset_models +
         fast::offset_context[feature * fast::around_classes + fast::around_class[around]];
}

inline unsigned position_context(std::uint32_t feature, std::uint32_t beside) noexcept {
  return fast::position_models +
         fast::position_context[feature * fast::beside_classes + fast::beside_class[beside]];
}

inline unsigned label_context(std::uint32_t feature) noexcept {
  return fast::label_models + fast::label_context[feature];
}

}  // namespace segpresso::native
