// Where labels of voxels that no neighbour has are looked for (docs/format_small.md section 9).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "native/structure.hpp"

namespace segpresso::native::small {

// Labels that a voxel is known not to have.
class Refused {
 public:
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] bool has(Index index) const {
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (indices_[i] == index) return true;
    }
    return false;
  }
  void clear() { size_ = 0; }
  void add(Index index) { indices_[size_++] = index; }

 private:
  // Nine candidates, the background, the next in the slice, ten near ones.
  std::array<Index, 21> indices_;
  std::uint32_t size_ = 0;
};

struct NearPlace {
  std::int8_t x;
  std::int8_t y;
  bool before;  // in the slice before, not in this one
  std::uint8_t radius;
};

// From the nearest on; of equally near ones those of the slice before, then by rows.
extern const std::span<const NearPlace> near_places;

}  // namespace segpresso::native::small
