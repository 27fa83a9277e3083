// What a context is made of: bits chosen from seven words, and a number of its own
// (docs/format_small.md section 8).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "native/small/mixing.hpp"

namespace segpresso::native::small {

// Factors of a hash: of the words, of numbers of one context, and of its last step.
inline constexpr std::array<std::uint32_t, 7> word_factors{
    0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5};
inline constexpr std::uint32_t number_factor = 0xB55A4F09;
inline constexpr std::uint32_t kind_factor = 0x5851F42D;
inline constexpr std::uint32_t last_factor = 0x2C1B3C6D;

using Words = std::array<std::uint32_t, word_factors.size()>;
// A number for each context, times `number_factor`.
struct alignas(32) Numbers {
  std::array<std::uint32_t, lanes> value;
};

// Bits of two rows compared with a label: of the first before x, the second before x, the first
// from x on, the second from x on, 8 voxels each.
constexpr std::uint32_t first_of_pair(int x) { return 1U << (x < 0 ? 8 + x : 16 + x); }
constexpr std::uint32_t second_of_pair(int x) { return first_of_pair(x) << 8; }

struct Place {
  int x;
  int y;
};

// Places in the slice itself, the most telling ones first.
inline constexpr std::array<Place, 26> places_here{
    {{-1, 0},  {0, -1}, {-1, -1}, {1, -1},  {-2, 0}, {0, -2},  {-2, -1}, {2, -1}, {-1, -2},
     {1, -2},  {-3, 0}, {3, -1},  {-2, -2}, {2, -2}, {-3, -1}, {0, -3},  {-4, 0}, {4, -1},
     {-3, -2}, {3, -2}, {1, -3},  {-1, -3}, {-5, 0}, {5, -1},  {-6, 0},  {6, -1}}};
// Places in the slices before it.
inline constexpr std::array<Place, 18> places_before{{{0, 0},
                                                      {1, 0},
                                                      {0, 1},
                                                      {-1, 0},
                                                      {0, -1},
                                                      {1, 1},
                                                      {-1, 1},
                                                      {1, -1},
                                                      {-1, -1},
                                                      {2, 0},
                                                      {0, 2},
                                                      {-2, 0},
                                                      {0, -2},
                                                      {3, 0},
                                                      {2, 2},
                                                      {-2, 2},
                                                      {4, 0},
                                                      {-3, 0}}};

// Words 0 and 1: rows y, y-1; y-2, y-3.
constexpr Words here(std::size_t count) {
  Words bits{};
  for (std::size_t i = 0; i < count; ++i) {
    const Place p = places_here[i];
    bits[p.y < -1 ? 1 : 0] |= p.y % 2 == 0 ? first_of_pair(p.x) : second_of_pair(p.x);
  }
  return bits;
}
// Four rows, as wide as they are known except for the corners.
constexpr Words wide_here() {
  Words bits = here(26);
  for (int x = -5; x < 0; ++x) bits[0] |= first_of_pair(x);
  for (int x = -4; x <= 4; ++x) {
    bits[0] |= second_of_pair(x);
    bits[1] |= first_of_pair(x) | (x > -4 && x < 4 ? second_of_pair(x) : 0);
  }
  return bits;
}

// Word 2 of slice z-1: rows y, y-1 and, moved down by `lower_shift`, y+1, y+2. The place above
// those is in word 3, with what it has of slice z-2: rows y, y-1 and, moved up by `upper_shift`,
// y+1 (and y-2 of slice z-1).
inline constexpr unsigned lower_shift = 3;
inline constexpr unsigned upper_shift = 2;
constexpr Words before(std::size_t count) {
  Words bits{};
  for (std::size_t i = 0; i < count; ++i) {
    const Place p = places_before[i];
    switch (p.y) {
      case 0:
        bits[2] |= first_of_pair(p.x);
        break;
      case -1:
        bits[2] |= second_of_pair(p.x);
        break;
      case 1:
        bits[2] |= first_of_pair(p.x) >> lower_shift;
        break;
      case 2:
        bits[2] |= second_of_pair(p.x) >> lower_shift;
        break;
      default:
        bits[3] |= second_of_pair(p.x) << upper_shift;
    }
  }
  return bits;
}
constexpr Words two_before(std::size_t count) {
  Words bits{};
  for (std::size_t i = 0; i < count; ++i) {
    const Place p = places_before[i];
    if (p.y == 0) bits[3] |= first_of_pair(p.x);
    if (p.y == -1) bits[3] |= second_of_pair(p.x);
    if (p.y == 1) bits[3] |= first_of_pair(p.x) << upper_shift;
  }
  return bits;
}

// Word 4: circumstances.
inline constexpr unsigned slice_shift = 3;
inline constexpr unsigned agreement_shift = 5;
inline constexpr unsigned seen_shift = 9;
inline constexpr unsigned case_shift = 10;
inline constexpr unsigned offset_shift = 13;
inline constexpr unsigned phase_shift = 19;
constexpr Words word(std::size_t number, std::uint32_t bits) {
  Words words{};
  words[number] = bits;
  return words;
}
constexpr Words rank_bits = word(4, 7);
constexpr Words slice_number_bits = word(4, 3U << slice_shift);
constexpr Words agreement_bits = word(4, 15U << agreement_shift);
constexpr Words seen_bits = word(4, 1U << seen_shift);
constexpr Words passing_case_bits = word(4, 7U << case_shift);
constexpr Words passing_offset_bits = word(4, 63U << offset_shift);
constexpr Words phase_bits = word(4, 0xFFFU << phase_shift);
// Word 5.
inline constexpr unsigned candidate_shift = 8;
constexpr Words deviation_bits = word(5, 0xFF);
constexpr Words label_bits = word(5, 0xFFFFU << candidate_shift);
// Word 6: the first candidate's surroundings, and edges whatever their labels.
constexpr std::array<std::uint32_t, 2> surroundings{here(6)[0], here(6)[1]};
static_assert((surroundings[0] & surroundings[1]) == 0);
constexpr Words first_refused_bits = word(6, surroundings[0] | surroundings[1]);
constexpr Words edges_bits = word(6, ~(surroundings[0] | surroundings[1]));

template <class... More>
constexpr Words both(Words a, const More&... more) {
  const auto add = [&](const Words& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] |= b[i];
  };
  (add(more), ...);
  return a;
}

// Which bits each context has.
inline constexpr std::array<Words, context_count> context_bits{
    both(here(4), passing_case_bits, passing_offset_bits, rank_bits),
    both(here(18), rank_bits, slice_number_bits),
    both(here(6), before(9), rank_bits, phase_bits, agreement_bits),
    both(here(4), before(18), rank_bits),
    both(here(10), before(5), first_refused_bits, rank_bits, phase_bits, seen_bits),
    both(here(6), before(5), two_before(9), rank_bits, phase_bits),
    both(here(14), before(13), rank_bits),
    both(here(8), before(5), two_before(5), rank_bits, label_bits),
    both(here(4), passing_case_bits, passing_offset_bits, rank_bits, phase_bits),
    both(here(4), before(3), passing_case_bits, deviation_bits, rank_bits),
    both(here(4), passing_case_bits, passing_offset_bits, rank_bits),
    both(here(10), passing_case_bits, passing_offset_bits, rank_bits),
    both(here(4), before(1), edges_bits, rank_bits),
    both(wide_here(), rank_bits),
    both(here(8), before(18), two_before(9), rank_bits)};

// The same by words.
struct alignas(32) WordMasks {
  std::array<std::array<std::uint32_t, lanes>, word_factors.size()> of;
};
inline constexpr WordMasks word_masks = [] {
  WordMasks masks{};
  for (std::size_t i = 0; i < context_count; ++i) {
    for (std::size_t j = 0; j < word_factors.size(); ++j) masks.of[j][i] = context_bits[i][j];
  }
  return masks;
}();

// How the upper bits of a hash become the position of a slot.
struct alignas(32) SlotPlaces {
  std::array<std::uint32_t, lanes> shift;
  std::array<std::uint32_t, lanes> offset;
};
inline constexpr SlotPlaces slot_places = [] {
  SlotPlaces places{};
  for (std::size_t i = 0; i < context_count; ++i) {
    places.shift[i] = 32 - slot_bits[i];
    places.offset[i] = slot_offsets[i];
  }
  places.shift[context_count] = 31;
  return places;
}();

}  // namespace segpresso::native::small
