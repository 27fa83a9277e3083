// The boxes that a boundary map is cut into.
#pragma once

#include <cstdint>

namespace segpresso::compresso {

// Window size in voxels; the product is at most 64.
struct Window {
  std::uint32_t x = 1;
  std::uint32_t y = 1;
  std::uint32_t z = 1;

  [[nodiscard]] constexpr unsigned voxels() const noexcept { return x * y * z; }
  constexpr bool operator==(const Window&) const = default;
};

}  // namespace segpresso::compresso
