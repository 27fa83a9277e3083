// What the fuzz targets share.
//
// A target may end in two ways: a decoder raises segpresso::Error, or the input decodes. Then the
// volume must survive another round through the codec. Every other exception, and every
// contradiction, ends the process.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "segpresso/label_view.hpp"
#include "segpresso/limits.hpp"

namespace segpresso::fuzz {

using Bytes = std::span<const std::uint8_t>;
using Stream = std::vector<std::uint8_t>;

inline constexpr Limits limits{.max_bytes = std::size_t{2} << 20};

inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

// A volume in memory, x contiguous.
class Volume {
 public:
  Volume(const Shape& shape, LabelType type)
      : shape_(shape), type_(type), bytes_(shape.voxels() * width_of(type)) {}

  [[nodiscard]] LabelView view() const noexcept {
    return {bytes_.data(), type_, shape_, strides()};
  }
  [[nodiscard]] MutableLabelView target() noexcept {
    return {bytes_.data(), type_, shape_, strides()};
  }

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] LabelType type() const noexcept { return type_; }

  [[nodiscard]] std::uint64_t label(std::size_t voxel) const {
    std::uint64_t label = 0;
    std::memcpy(&label, &bytes_[voxel * width_of(type_)], width_of(type_));
    return label;
  }

  // Slices from z_begin on equal those of `part`.
  [[nodiscard]] bool contains(const Volume& part, std::size_t z_begin) const {
    const std::size_t first = z_begin * shape_.x * shape_.y * width_of(type_);
    return std::equal(part.bytes_.begin(), part.bytes_.end(),
                      bytes_.begin() + static_cast<std::ptrdiff_t>(first));
  }

  bool operator==(const Volume&) const = default;

 private:
  [[nodiscard]] std::array<std::ptrdiff_t, 3> strides() const noexcept {
    const auto x = static_cast<std::ptrdiff_t>(width_of(type_));
    const std::ptrdiff_t y = x * static_cast<std::ptrdiff_t>(shape_.x);
    return {x, y, y * static_cast<std::ptrdiff_t>(shape_.y)};
  }

  Shape shape_;
  LabelType type_;
  std::vector<std::byte> bytes_;
};

// Whether a volume may be allocated. If not, decoding must refuse it too.
inline bool fits_limits(const Shape& shape, LabelType type) {
  std::size_t bytes = 0;
  return !__builtin_mul_overflow(shape.x, shape.y, &bytes) &&
         !__builtin_mul_overflow(bytes, shape.z, &bytes) &&
         !__builtin_mul_overflow(bytes, width_of(type), &bytes) && bytes <= limits.max_bytes;
}

// Calls `decode(MutableLabelView)` for a volume of this shape and returns the volume.
template <class Decode>
Volume decode_within_limits(const Shape& shape, LabelType type, Decode&& decode) {
  if (!fits_limits(shape, type)) {
    decode(MutableLabelView{nullptr, type, shape, {}});
    require(false, "a volume beyond the limits is refused");
  }
  Volume volume(shape, type);
  decode(volume.target());
  return volume;
}

// Depends on all bytes: chooses among ways to decode without a place of its own in the input.
inline std::uint64_t hash_of(Bytes stream) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const std::uint8_t byte : stream) hash = (hash ^ byte) * 0x100000001B3;
  return hash ^ hash >> 29;
}

// Mostly one thread: starting another costs more than decoding a small stream.
inline unsigned threads_of(std::uint64_t hash) { return hash % 8 == 0 ? 2 : 1; }

// Runs `body`; streams that are refused are fine.
template <class Body>
int run(Body&& body) {
  try {
    body();
  } catch (const Error&) {
  }
  return 0;
}

// What `encode` returns, or an empty stream for a volume that the format cannot hold.
template <class Encode>
Stream encode_if_possible(Encode&& encode) {
  try {
    return encode();
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::unsupported, "a decoded volume can be encoded");
    return {};
  }
}

}  // namespace segpresso::fuzz
