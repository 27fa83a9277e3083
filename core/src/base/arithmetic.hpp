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

// Number of voxels, or an error if it cannot be represented.
inline std::size_t checked_voxels(const Shape& shape) {
  return checked_multiply(checked_multiply(shape.x, shape.y, "the slice"), shape.z, "the volume");
}

}  // namespace segpresso
