// Views of label volumes in memory: any integer width, any strides.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "segpresso/error.hpp"

namespace segpresso {

// Sizes in voxels; x is the axis that streams store fastest.
struct Shape {
  std::size_t x = 0;
  std::size_t y = 0;
  std::size_t z = 0;

  // Only for shapes whose voxels are in memory; untrusted ones go through `checked_voxels`.
  [[nodiscard]] constexpr std::size_t voxels() const noexcept { return x * y * z; }
  constexpr bool operator==(const Shape&) const = default;
};

// Width of an unsigned label in bytes.
enum class LabelType : std::uint8_t { u8 = 1, u16 = 2, u32 = 4, u64 = 8 };

constexpr std::size_t width_of(LabelType type) noexcept { return static_cast<std::size_t>(type); }

constexpr std::uint64_t max_label(LabelType type) noexcept {
  return std::numeric_limits<std::uint64_t>::max() >> (64 - 8 * width_of(type));
}

template <class Byte>
struct BasicLabelView {
  Byte* data = nullptr;
  LabelType type = LabelType::u8;
  Shape shape;
  std::array<std::ptrdiff_t, 3> strides{};  // in bytes, x y z; may be negative
};

// Elements must be aligned to their width and be in native byte order.
using LabelView = BasicLabelView<const std::byte>;
using MutableLabelView = BasicLabelView<std::byte>;

// Calls `function.template operator()<T>()` with the unsigned type of the labels.
template <class Function>
decltype(auto) with_label_type(LabelType type, Function&& function) {
  switch (type) {
    case LabelType::u8:
      return function.template operator()<std::uint8_t>();
    case LabelType::u16:
      return function.template operator()<std::uint16_t>();
    case LabelType::u32:
      return function.template operator()<std::uint32_t>();
    case LabelType::u64:
      return function.template operator()<std::uint64_t>();
  }
  throw Error(ErrorKind::invalid_argument, "label width must be 1, 2, 4 or 8 bytes");
}

}  // namespace segpresso
