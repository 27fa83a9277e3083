// Where a label that is not next to a voxel is looked for.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "native/structure.hpp"

namespace segpresso::native::balanced {

struct Place {
  std::int8_t x;
  std::int8_t y;
  std::uint8_t radius;
  std::uint8_t direction;
};

// Eight directions at each distance from 1 to 10: 58 % of such labels are the background, and of
// the rest 98 % are within 32 voxels, half of them within 8.
inline constexpr auto places = [] {
  constexpr std::array<std::array<std::int8_t, 2>, 8> directions{
      {{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}}};
  std::array<Place, 80> result{};
  std::size_t i = 0;
  for (std::uint8_t radius = 1; radius <= 10; ++radius) {
    for (std::uint8_t direction = 0; direction < 8; ++direction) {
      result[i++] = {static_cast<std::int8_t>(directions[direction][0] * radius),
                     static_cast<std::int8_t>(directions[direction][1] * radius), radius,
                     direction};
    }
  }
  return result;
}();

// After so many labels have been tried in vain, any label is as good as another.
inline constexpr std::uint32_t most_tried = 12;

// The labels that a voxel is known not to have.
class Refused {
 public:
  explicit Refused(Index first) noexcept { add(first); }

  [[nodiscard]] Index first() const noexcept { return indices_[0]; }
  [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
  [[nodiscard]] bool has(Index index) const noexcept {
    const auto end = indices_.begin() + count_;
    return std::find(indices_.begin(), end, index) != end;
  }
  void add(Index index) noexcept { indices_[count_++] = index; }

 private:
  // The left label, the next of the row above, nine neighbours, the background, the next of the
  // slice, and those tried.
  std::array<Index, 13 + most_tried> indices_;
  std::uint32_t count_ = 0;
};

}  // namespace segpresso::native::balanced
