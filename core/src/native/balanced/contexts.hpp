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

// Where does a stretch of the row above end, and does the label that follows there follow here?
// Numbers: how the last edge moved (3 bits), kind (4).
namespace stretch {
constexpr std::uint32_t kind = 15U << 3;
inline constexpr Contexts contexts{
    {only({n2, n3}), only({p, ps, q}), only({n2, p, pn}), second({n, n2, p})},
    {kind | 7, kind, kind, kind}};

// Steps.
inline constexpr std::uint32_t is_whole = 0;
inline constexpr std::uint32_t is_longer = 1;
inline constexpr std::uint32_t shorter_by = 1;    // and 1, 2 or 3
inline constexpr std::uint32_t longer_by = 4;     // and 1, 2 or 3
inline constexpr std::uint32_t next_same = 8;     // east after a whole stretch,
inline constexpr std::uint32_t next_shorter = 9;  // one shorter by 1 or 2, and by more,
inline constexpr std::uint32_t next_longer = 10;  // and 1, 2 or 3: one longer by so many
}  // namespace stretch

// Does a voxel have this label? The step is how many voxels to its left have been asked for it
// since what is known has been looked at. Numbers: length (3 bits), is it the background (1), is
// the voxel above like the one before (1), related (1), rank (3).
namespace label {
constexpr std::uint32_t all = 15U << 5;
inline constexpr Contexts contexts{
    {only({n, n2, n3}), only({p, ps, q}), only({n, p, pn}), only({n})}, {all, all, all, all | 31}};
}  // namespace label

// Does a quiet stretch remain as it is? Numbers: logarithm of its length (2 bits), broken (5), is
// it the background (1), length (6), kind (3).
namespace quiet {
constexpr std::uint32_t all = 7U << 14;
inline constexpr Contexts contexts{{only({n, n2}), only({p, ps}), 0, only({n, p, q})},
                                   {all | 3 | 1U << 7, all | 3 | 24U << 2, all | 0x3FFF, all}};
}  // namespace quiet

}  // namespace segpresso::native::balanced
