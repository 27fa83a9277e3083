// Made-up volumes of the kinds that codecs find easy, hard or special.
#pragma once

#include <array>
#include <vector>

#include "support/random.hpp"
#include "support/volume.hpp"

namespace segpresso::test {

enum class Kind {
  uniform,
  distinct,  // every voxel its own label, as far as the type goes
  two_label_noise,
  five_label_noise,
  cells,  // nearest of a few random points
  checker,
  rows,
  columns,
  slices,
  frames,   // nested boxes
  extreme,  // labels near the type's maximum
  sparse,   // a few points on a background
};

inline constexpr std::array kinds{
    Kind::uniform, Kind::distinct, Kind::two_label_noise, Kind::five_label_noise, Kind::cells,
    Kind::checker, Kind::rows,     Kind::columns,         Kind::slices,           Kind::frames,
    Kind::extreme, Kind::sparse,
};

inline Volume make_cells(const Shape& shape, LabelType type, Random& random) {
  struct Centre {
    std::size_t x, y, z;
    std::uint64_t label;
  };
  std::vector<Centre> centres(2 + std::min<std::size_t>(shape.voxels() / 60, 24));
  for (Centre& centre : centres) {
    centre = {random.below(shape.x), random.below(shape.y), random.below(shape.z), random.next()};
  }
  const auto squared = [](std::size_t a, std::size_t b) { return (a - b) * (a - b); };
  Volume volume(shape, type);
  volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    const auto distance = [&](const Centre& centre) {
      return squared(x, centre.x) + squared(y, centre.y) + 4 * squared(z, centre.z);
    };
    const auto nearest = std::min_element(
        centres.begin(), centres.end(),
        [&](const Centre& a, const Centre& b) { return distance(a) < distance(b); });
    volume.set(x, y, z, nearest->label);
  });
  return volume;
}

inline Volume make_volume(Kind kind, const Shape& shape, LabelType type, std::uint64_t seed) {
  Random random(seed);
  if (kind == Kind::cells) return make_cells(shape, type, random);
  const std::uint64_t first = random.next();
  const std::uint64_t second = first ^ (std::uint64_t{1} << random.below(8 * width_of(type)));
  std::uint64_t count = 0;
  Volume volume(shape, type);
  volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    const auto label = [&]() -> std::uint64_t {
      switch (kind) {
        case Kind::distinct:
          return first + count++;
        case Kind::two_label_noise:
          return random.chance(30) ? first : second;
        case Kind::five_label_noise:
          return random.below(5);
        case Kind::checker:
          return (x + y + z) % 2 == 0 ? first : second;
        case Kind::rows:
          return first + y;
        case Kind::columns:
          return first + x;
        case Kind::slices:
          return first + z;
        case Kind::frames:
          return std::min({x, y, z, shape.x - 1 - x, shape.y - 1 - y, shape.z - 1 - z});
        case Kind::extreme:
          return max_label(type) - random.below(10);
        case Kind::sparse:
          return random.chance(2) ? random.next() : 0;
        default:
          return first;
      }
    };
    volume.set(x, y, z, label());
  });
  return volume;
}

}  // namespace segpresso::test
