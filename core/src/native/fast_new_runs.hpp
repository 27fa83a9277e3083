// How the `fast` model says where a run begins that the row above does not have, and whose it is.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "native/fast_rows.hpp"

namespace segpresso::native {

// How far a row has been coded: up to run `last` of the current row, where `edge` is the first edge
// of the reference that has not been passed (the number of its runs if there is none left).
struct NewRunSite {
  const Runs& reference;
  const Runs& current;
  const SliceRows& slice;
  std::uint32_t width;
  std::uint32_t edge;
  std::uint32_t last;
  unsigned state;

  // States. Same: the index of the last run is that on the left of the edge.
  static constexpr unsigned same = 0;
  static constexpr unsigned after_new = 1;
  static constexpr unsigned after_vanished = 2;
  static constexpr unsigned at_end = 3;
  static constexpr unsigned at_start = 4;

  [[nodiscard]] std::uint32_t position() const noexcept { return current.start[last]; }
  [[nodiscard]] Index label() const noexcept { return current.label[last]; }
  [[nodiscard]] std::uint32_t edge_position() const noexcept { return reference.start[edge]; }

  // After a new run.
  void settle() noexcept { state = label() == reference.label[edge - 1] ? same : after_new; }

  // Passes an edge to the index that the last run has already: it is no edge here.
  bool skips() noexcept {
    if (reference.label[edge] != label()) return false;
    ++edge;
    state = same;
    return true;
  }
};

// Where the next run of the previous slice begins that has another index; `width` if nowhere in
// the next 128 voxels. (The limit bounds the time, and farther ones are no use.)
template <class Lanes>
std::uint32_t next_in_slice(const NewRunSite& site) noexcept {
  const std::uint32_t begin = site.position() + 1;
  const std::uint32_t end = std::min(site.width, begin + 128);
  for (std::uint32_t x = begin; x < end; x += 16) {
    const Index* row = site.slice.here + x;
    const std::uint32_t bits = Lanes::edges16(row) & Lanes::others16(row, site.label());
    if (bits != 0) {
      const std::uint32_t found = x + static_cast<std::uint32_t>(__builtin_ctz(bits));
      return found < end ? found : site.width;
    }
  }
  return site.width;
}

template <class Lanes>
EdgeFeatures edge_features(const NewRunSite& site) noexcept {
  const std::uint32_t x = site.edge_position();
  const Index left = site.label();
  const Index right = site.reference.label[site.edge];
  const std::uint32_t begin = site.state == NewRunSite::same
                                  ? site.reference.start[site.edge - 1]
                                  : std::min(x, site.position());
  const unsigned before = width_class(x - begin);
  const unsigned behind = width_class(site.reference.start[site.edge + 1] - x);
  return {match_number(Lanes::match8(site.slice.here + x - 4, left, right)),
          match_number(Lanes::match4(site.slice.above + x - 2, site.slice.below + x - 2, left,
                                     right)),
          site.reference.history[site.edge], (site.state * 7 + behind) * 7 + before};
}

// new_by_slice: 0 to 14 for the distances -7 to 7 from the place found.
inline constexpr int slice_reach = 7;

inline std::uint32_t offset_feature(const NewRunSite& site, std::uint32_t found) noexcept {
  const int ahead = static_cast<int>(site.edge_position()) - static_cast<int>(found);
  const unsigned side = (ahead > -4) + (ahead > 0) + (ahead > 3);
  return (site.state * 7 + width_class(found - site.position())) * 4 + side;
}

template <class Lanes>
std::uint32_t offset_around(const NewRunSite& site, std::uint32_t found) noexcept {
  return match_number(Lanes::match4(site.slice.above + found - 2, site.slice.below + found - 2,
                                    site.label(), site.slice.here[found]));
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
inline constexpr unsigned near_edge = 10;  // symbols below it are near something

inline unsigned last_stretch_bits(std::uint32_t width) noexcept {
  return static_cast<unsigned>(std::bit_width(width));
}

inline std::uint32_t position_feature(const NewRunSite& site) noexcept {
  return (site.state * 7 + width_class(site.edge_position() - site.position())) * 2 +
         static_cast<unsigned>(site.slice.exist);
}

template <class Lanes>
std::uint32_t position_beside(const NewRunSite& site) noexcept {
  return match_number(Lanes::match8(site.slice.here + site.edge_position() - 4, site.label(),
                                    site.reference.label[site.edge]));
}

// new_run, its index: the number of a guess, or one of these.
inline constexpr unsigned guesses = 14;
inline constexpr unsigned next_index = 14;  // the first one that has not occurred
inline constexpr unsigned any_index = 15;   // its bits follow

// Bits of an index among those that have occurred.
inline unsigned index_bits(std::uint32_t seen) noexcept {
  return static_cast<unsigned>(std::bit_width(seen - 1));
}

inline std::uint32_t label_feature(const NewRunSite& site, unsigned position) noexcept {
  return (site.state * 16 + position) * 2 + static_cast<unsigned>(site.slice.exist);
}

// The index that guess `number` is for a run at x; no_index where it is none.
inline Index guess(const NewRunSite& site, std::uint32_t x, unsigned number) noexcept {
  // Run i of `count`; i may have wrapped below 0.
  const auto of = [](const Runs& runs, std::uint32_t i, std::uint32_t count) {
    return i < count ? runs.label[i] : no_index;
  };
  const auto beside = [&](int distance) {
    const std::int64_t at = std::int64_t{x} + distance;
    return site.slice.here[std::clamp<std::int64_t>(at, 0, std::int64_t{site.width} - 1)];
  };
  switch (number) {
    case 0:
      return of(site.reference, site.edge - 1, site.reference.count);
    case 1:
      return of(site.current, site.last - 1, site.last);
    case 2:
      return site.slice.here[x];
    case 3:
      return site.slice.below[x];
    case 4:
      return of(site.reference, site.edge, site.reference.count);
    case 5:
      return of(site.reference, site.edge + 1, site.reference.count);
    case 6:
      return beside(3);
    case 7:
      return site.slice.above[x];
    case 8:
      return beside(-4);
    case 9:
      return of(site.reference, site.edge - 2, site.reference.count);
    case 10:
      return of(site.current, site.last - 2, site.last);
    case 11:
      return beside(8);
    case 12:
      return beside(-10);
    default:
      return 0;
  }
}

}  // namespace segpresso::native
