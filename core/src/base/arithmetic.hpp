// Size arithmetic that cannot wrap, for numbers that come from a stream.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "segpresso/error.hpp"
#include "segpresso/label_view.hpp"

namespace segpresso {

template <std::unsigned_integral T>
constexpr T divide_up(T value, T divisor) noexcept {
  return value / divisor + (value % divisor != 0);
}

constexpr std::size_t round_up(std::size_t value, std::size_t multiple) noexcept {
  return divide_up(value, multiple) * multiple;
}

inline std::size_t checked_multiply(std::size_t a, std::size_t b, const char* what) {
  std::size_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) {
    throw Error(ErrorKind::limit, std::string(what) + " exceeds the address space", "header", 0);
  }
  return product;
}

// Number of voxels, or an error if an array of that shape cannot exist; this concerns empty ones
// too.
inline std::size_t checked_voxels(const Shape& shape) {
  std::size_t bytes = 8;
  for (const std::size_t size : {shape.x, shape.y, shape.z}) {
    bytes = checked_multiply(bytes, size == 0 ? 1 : size, "the volume");
  }
  if (bytes > PTRDIFF_MAX) {
    throw Error(ErrorKind::limit, "the volume exceeds the address space", "header", 0);
  }
  return shape.voxels();
}

}  // namespace segpresso
