// How the `fast` model says where a run begins that the row above does not have, and whose it is.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "native/fast/rows.hpp"

namespace segpresso::native::fast {

// How far a row has been coded, and how that agrees with the row above (the reference).
enum State : unsigned {
  same,            // the index of the last run is the one on the left of the edge
  after_new,       // it is not, and the last run is new
  after_vanished,  // it is not, since an edge has vanished
  at_end,          // the reference has no edge left
  at_start,        // the first run is new
};

struct Site {
  const Run* edge;  // of the reference, the first one not passed
  const Run* last;  // of the row, the last one coded
  SliceRows slice;
  std::uint32_t width;
  State state;
};

[[gnu::always_inline]] inline State state_after_new(const Run* edge, const Run* last) noexcept {
  return last->label == edge[-1].label ? same : after_new;
}

// What is known at an edge; the run on its left has the index `left` since `before`.
template <class Lanes>
[[gnu::always_inline]] inline EdgeFeatures edge_features(const SliceRows& slice, Index left,
                                                         std::uint32_t before, const Run* edge,
                                                         State state) noexcept {
  const std::uint32_t x = edge->start;
  const Index right = edge->label;
  const std::uint32_t behind = std::min(edge[1].start - x, widest);
  return {Lanes::match(slice.here + x, slice.above() + x, slice.below() + x, left, right),
          edge->history, (state * 32 + behind) * 32 + std::min(x - before, widest)};
}

// The contexts of all edges of a reference where the row agrees with it: they depend on no symbol
// of the row. Found apart, because whatever a processor has begun when a symbol is not the one that
// it foresaw is lost.
// `make` makes them of the features.
template <class Lanes, class Context, class Make>
[[gnu::always_inline]] inline void find_contexts(const SliceRows& slice, const Runs& reference,
                                                 Context* found, Make&& make) noexcept {
  const std::uint32_t count = reference.count();
  for (std::uint32_t i = 1; i < count; ++i) {
    const Run* const edge = reference.begin() + i;
    found[i] = make(edge_features<Lanes>(slice, edge[-1].label, edge[-1].start, edge, same));
  }
}

// The same where the row does not agree with the reference.
template <class Lanes>
[[gnu::always_inline]] inline EdgeFeatures edge_features(const Site& site) noexcept {
  const std::uint32_t before = std::min(site.edge->start, site.last->start);
  return edge_features<Lanes>(site.slice, site.last->label, before, site.edge, site.state);
}

// Where the next run of the previous slice begins that has another index; `width` if nowhere in
// the next 128 voxels. (The limit bounds the time, and farther ones are no use.)
template <class Lanes>
[[gnu::always_inline]] inline std::uint32_t next_in_slice(const Site& site) noexcept {
  const std::uint32_t begin = site.last->start + 1;
  const std::uint32_t end = std::min(site.width, begin + 128);
  for (std::uint32_t x = begin; x < end; x += 16) {
    const Index* row = site.slice.here + x;
    const std::uint32_t bits = Lanes::edges16(row) & Lanes::others16(row, site.last->label);
    if (bits != 0) {
      const std::uint32_t found = x + static_cast<std::uint32_t>(__builtin_ctz(bits));
      return found < end ? found : site.width;
    }
  }
  return site.width;
}

// new_by_slice: 0 to 14 for the distances -7 to 7 from the place found.
inline constexpr int slice_reach = 7;

[[gnu::always_inline]] inline std::uint32_t offset_feature(const Site& site,
                                                           std::uint32_t found) noexcept {
  const int ahead = static_cast<int>(site.edge->start) - static_cast<int>(found);
  const unsigned side = (ahead > -4) + (ahead > 0) + (ahead > 3);
  return (site.state * 7 + width_class(found - site.last->start)) * 4 + side;
}

template <class Lanes>
[[gnu::always_inline]] inline std::uint32_t offset_around(const Site& site,
                                                          std::uint32_t found) noexcept {
  return Lanes::match_around(site.slice.above() + found, site.slice.below() + found,
                             site.last->label, site.slice.here[found]);
}

// new_run, its place: symbols 0 to 3 are the next voxels, 4 to 9 those around the edge of the
// reference, the others stretches beyond the next voxels.
struct Stretch {
  std::uint32_t begin;
  unsigned bits;
};
inline constexpr std::array<Stretch, 5> stretches{{{4, 3}, {12, 4}, {28, 5}, {60, 6}, {124, 7}}};
inline constexpr std::uint32_t last_stretch = 252;
inline constexpr unsigned near_voxels = 4;
inline constexpr int before_edge = 7;      // symbol of the edge's own place
inline constexpr unsigned near_edge = 10;  // symbols below it are near something

[[gnu::always_inline]] inline unsigned last_stretch_bits(std::uint32_t width) noexcept {
  return static_cast<unsigned>(std::bit_width(width));
}

[[gnu::always_inline]] inline std::uint32_t position_feature(const Site& site) noexcept {
  return (site.state * 7 + width_class(site.edge->start - site.last->start)) * 2 +
         static_cast<unsigned>(site.slice.exist);
}

template <class Lanes>
[[gnu::always_inline]] inline std::uint32_t position_beside(const Site& site) noexcept {
  return Lanes::match_beside(site.slice.here + site.edge->start, site.last->label,
                             site.edge->label);
}

// new_run, its index: the number of a guess, or one of these.
inline constexpr unsigned guesses = 14;
inline constexpr unsigned next_index = 14;  // the first one that has not occurred
inline constexpr unsigned any_index = 15;   // its bits follow

// Bits of an index among those that have occurred.
[[gnu::always_inline]] inline unsigned index_bits(std::uint32_t seen) noexcept {
  return static_cast<unsigned>(std::bit_width(seen - 1));
}

[[gnu::always_inline]] inline std::uint32_t label_feature(const Site& site,
                                                          unsigned position) noexcept {
  return (site.state * 16 + position) * 2 + static_cast<unsigned>(site.slice.exist);
}

// Where the guesses are for a run at x. (Addresses, because choosing one of them costs a processor
// less than a jump that it cannot foresee.)
[[gnu::always_inline]] inline std::array<const Index*, guesses> guess_places(
    const Site& site, std::uint32_t x) noexcept {
  static constexpr Index first = 0;
  const Index* const here = site.slice.here + x;
  const Run* const edge = site.edge;
  return {&edge[-1].label,
          &site.last[-1].label,
          here,
          site.slice.below() + x,
          &edge->label,
          &edge[1].label,
          here + 3,
          site.slice.above() + x,
          here - 4,
          &edge[-2].label,
          &site.last[-2].label,
          here + 7,
          here - 8,
          &first};
}

}  // namespace segpresso::native::fast
