#include "native/small/traits.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "native/label_runs.hpp"

namespace segpresso::native::small {
namespace {

constexpr std::uint32_t longest_period = 15;

// How many neighbours along an axis differ, by where along it.
std::vector<std::uint64_t> edges_along(const Index* indices, const BlockShape& shape,
                                       std::size_t axis) {
  const std::array<std::size_t, 3> sizes{shape.x, shape.y, shape.z};
  const std::array<std::size_t, 3> steps{1, shape.x, shape.slice()};
  std::vector<std::uint64_t> counts(sizes[axis], 0);
  // A third of the rows is enough.
  for (std::size_t z = axis == 2 ? 1 : 0; z < shape.z; ++z) {
    for (std::size_t y = axis == 1 ? 1 : z % 3; y < shape.y; y += axis == 1 ? 1 : 3) {
      const Index* row = indices + z * steps[2] + y * steps[1];
      const std::size_t first = axis == 0 ? 1 : 0;
      std::uint64_t count = 0;
      for (std::size_t x = first; x < shape.x; ++x) {
        const std::uint64_t differs = row[x] != *(row + x - steps[axis]) ? 1 : 0;
        if (axis == 0) {
          counts[x] += differs;
        } else {
          count += differs;
        }
      }
      if (axis != 0) counts[axis == 1 ? y : z] += count;
    }
  }
  return counts;
}

// The shortest period in which edges gather, in both halves of the axis at the same places.
BlockTraits::Axis find_period(const std::vector<std::uint64_t>& counts) {
  constexpr std::uint64_t least_edges = 500;      // in each half
  constexpr std::size_t least_repeats = 4;        // likewise
  constexpr std::uint64_t least_gathering = 135;  // percent of an even spread
  for (std::uint32_t period = 2; period <= longest_period; ++period) {
    if (counts.size() < 2 * least_repeats * period) break;
    std::array<std::uint32_t, 2> places{};
    bool gathers = true;
    for (std::size_t half = 0; half < 2; ++half) {
      std::array<std::uint64_t, longest_period> sums{};
      std::uint64_t total = 0;
      for (std::size_t i = half * counts.size() / 2; i < (half + 1) * counts.size() / 2; ++i) {
        sums[i % period] += counts[i];
        total += counts[i];
      }
      const auto heaviest = std::max_element(sums.begin(), sums.begin() + period);
      places[half] = static_cast<std::uint32_t>(heaviest - sums.begin());
      gathers =
          gathers && total >= least_edges && *heaviest * period * 100 >= least_gathering * total;
    }
    if (gathers && places[0] == places[1]) return {period, places[0]};
  }
  return {};
}

}  // namespace

BlockTraits find_traits(const Index* indices, const BlockInfo& info) {
  BlockTraits traits;
  traits.background = most_frequent(indices, info);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    traits.axes[axis] = find_period(edges_along(indices, info.shape, axis));
  }
  return traits;
}

}  // namespace segpresso::native::small
