// What the `fast` model knows before it codes a symbol, and the context that follows from it.
//
// Features are rich (thousands of cases) and contexts are few: trained maps (tables.hpp) put
// features with alike statistics together, so that what the coder knows of each stays in the
// caches.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "native/fast/tables.hpp"

namespace segpresso::native::fast {

// Symbols at an edge of the row above.
inline constexpr unsigned first_long_move = 9;  // from here on, bits follow
inline constexpr unsigned first_special = 13;   // below: the edge is here too, moved
inline constexpr unsigned edge_vanishes = 13;
inline constexpr unsigned new_by_slice = 14;  // before it a run of the previous slice begins
inline constexpr unsigned new_run = 15;       // before it some other run begins

struct Move {
  std::int8_t least;  // of the distances that the symbol stands for
  std::uint8_t bits;  // which of them, in that many bits
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

// The symbol of each distance from -longest_move on.
inline constexpr std::array<std::uint8_t, 2 * longest_move + 1> move_symbols = [] {
  std::array<std::uint8_t, 2 * longest_move + 1> result{};
  for (std::uint8_t symbol = 0; symbol < first_special; ++symbol) {
    const std::ptrdiff_t first = std::ptrdiff_t{moves[symbol].least} + longest_move;
    for (unsigned i = 0; i < 1U << moves[symbol].bits; ++i) {
      result[static_cast<std::size_t>(first) + i] = symbol;
    }
  }
  return result;
}();

inline std::uint16_t next_history(std::uint16_t history, unsigned symbol) noexcept {
  return static_cast<std::uint16_t>((std::uint32_t{history} << 4 | symbol) & 0xFFF);
}

// 1, 2, 3, 4-5, 6-8, 9-16, more.
inline constexpr std::array<std::uint8_t, 18> class_of_width{0, 0, 1, 2, 3, 3, 4, 4, 4,
                                                             5, 5, 5, 5, 5, 5, 5, 5, 6};
inline unsigned width_class(std::uint32_t width) noexcept {
  return class_of_width[std::min(width, 17U)];
}

// Which voxels near an edge equal the index on its left or right, as lanes_scalar.hpp says.
struct Matches {
  std::uint32_t beside;
  std::uint32_t around;
};

struct EdgeFeatures {
  Matches matches;        // with the previous slice
  std::uint32_t history;  // of the edge, 12 bits
  std::uint32_t widths;   // (state * 32 + width of the run on the right) * 32 + on the left
};
inline constexpr std::uint32_t widest = 31;

[[gnu::always_inline]] inline std::uint16_t edge_context(const EdgeFeatures& f) noexcept {
  const Tables& t = tables;
  const unsigned place =
      t.place[t.beside[f.matches.beside] * around_classes + t.around[f.matches.around]];
  const unsigned shape = t.history[f.history] * width_classes + t.width[f.widths];
  return t.edge[place * (history_classes * width_classes) + shape];
}

inline unsigned row_context(std::uint32_t feature) noexcept {
  return row_models + tables.row[feature];
}

inline unsigned end_context(bool first) noexcept { return end_models + (first ? 0 : 1); }

inline unsigned offset_context(std::uint32_t feature, std::uint32_t around) noexcept {
  const Tables& t = tables;
  return offset_models + t.offset[feature * around_classes + t.around[around]];
}

inline unsigned position_context(std::uint32_t feature, std::uint32_t beside) noexcept {
  const Tables& t = tables;
  return position_models + t.position[feature * beside_classes + t.beside[beside]];
}

inline unsigned label_context(std::uint32_t feature) noexcept {
  return label_models + tables.label[feature];
}

}  // namespace segpresso::native::fast
