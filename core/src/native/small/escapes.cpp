#include "native/small/escapes.hpp"

namespace segpresso::native::small {
namespace {

constexpr int reach_before = 12;
constexpr int reach_here = 8;

// Calls `function(place)` for all places in order.
template <class Function>
constexpr void for_each_place(Function&& function) {
  int radius = 0;
  for (int square = 0; square <= reach_before * reach_before; ++square) {
    while ((radius + 1) * (radius + 1) <= square) ++radius;
    for (const bool before : {true, false}) {
      for (int y = -radius; y <= radius; ++y) {
        for (int x = -radius; x <= radius; ++x) {
          if (x * x + y * y != square) continue;
          const bool known = y < 0 || (y == 0 && x < 0);
          if (!before && (!known || square > reach_here * reach_here)) continue;
          function(NearPlace{static_cast<std::int8_t>(x), static_cast<std::int8_t>(y), before,
                             static_cast<std::uint8_t>(radius)});
        }
      }
    }
  }
}

constexpr std::size_t count = [] {
  std::size_t n = 0;
  for_each_place([&](const NearPlace&) { ++n; });
  return n;
}();

constexpr auto places = [] {
  std::array<NearPlace, count> all{};
  std::size_t n = 0;
  for_each_place([&](const NearPlace& place) { all[n++] = place; });
  return all;
}();

}  // namespace

const std::span<const NearPlace> near_places = places;

}  // namespace segpresso::native::small
