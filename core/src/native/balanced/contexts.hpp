// What is known about a decision, and which part of it each of its contexts looks at
// (docs/format_balanced.md sections 5 to 7).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "native/balanced/rows.hpp"

namespace segpresso::native::balanced {

inline constexpr std::size_t context_count = 4;

// Masks for LabelEnds, which may have those of a second label in the higher halves of their bytes,
// and for numbers that are packed into one.
struct Contexts {
  std::array<std::uint64_t, context_count> ends;
  std::array<std::uint32_t, context_count> numbers;
};

constexpr std::uint64_t only(std::initializer_list<Row> rows) {
  std::uint64_t result = 0;
  for (const Row row : rows) result |= std::uint64_t{15} << (8 * row);
  return result;
}

constexpr std::uint64_t second(std::initializer_list<Row> rows) { return only(rows) << 4; }

// Where does a stretch of the row above end? Numbers: how the last edge moved (3 bits), kind (4),
// step (3).
namespace stretch {
constexpr std::uint32_t all = 127U << 3;
inline constexpr Contexts contexts{
    {only({n2, n3}), only({p, ps, q}), only({n2, p, pn}), second({n, n2, p})},
    {all | 7, all, all, all}};
}  // namespace stretch

// Does a voxel have this label? Numbers: length (3 bits), is it the background (1), is the voxel
// above like the one before (1), related (1), rank (3).
namespace label {
constexpr std::uint32_t all = 15U << 5;
inline constexpr Contexts contexts{
    {only({n, n2, n3}), only({n, p, ps, q}), only({n, n2, p, pn}), only({n})},
    {all, all, all, all | 31}};
}  // namespace label

// Does a quiet stretch remain as it is? Numbers: logarithm of its length (2 bits), broken (5), is
// it the background (1), length (6), kind (3).
namespace quiet {
constexpr std::uint32_t all = 7U << 14;
inline constexpr Contexts contexts{{only({n, n2}), only({p, ps}), 0, only({n, p, q})},
                                   {all | 3 | 1U << 7, all | 3 | 24U << 2, all | 0x3FFF, all}};
}  // namespace quiet

}  // namespace segpresso::native::balanced
