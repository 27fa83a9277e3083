// Rows of consecutive slices, x contiguous whatever the strides of the volume.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "segpresso/label_view.hpp"

namespace segpresso {

// Reads in place where x is contiguous and gathers the slab into a buffer of its own elsewhere.
template <class T>
class SlabReader {
 public:
  void open(const LabelView& labels, std::size_t z_begin, std::size_t z_end) {
    z_begin_ = z_begin;
    if (labels.strides[0] == static_cast<std::ptrdiff_t>(sizeof(T)) || labels.shape.x == 1) {
      origin_ = labels.data + static_cast<std::ptrdiff_t>(z_begin) * labels.strides[2];
      y_stride_ = labels.strides[1];
      z_stride_ = labels.strides[2];
      return;
    }
    gather(labels, z_end);
    origin_ = reinterpret_cast<const std::byte*>(buffer_.data());
    y_stride_ = static_cast<std::ptrdiff_t>(labels.shape.x * sizeof(T));
    z_stride_ = y_stride_ * static_cast<std::ptrdiff_t>(labels.shape.y);
  }

  [[nodiscard]] const T* row(std::size_t y, std::size_t z) const noexcept {
    return reinterpret_cast<const T*>(origin_ + static_cast<std::ptrdiff_t>(y) * y_stride_ +
                                      static_cast<std::ptrdiff_t>(z - z_begin_) * z_stride_);
  }

  // Fetches the first `size_x` voxels of a row into the cache.
  void prefetch(std::size_t y, std::size_t z, std::size_t size_x) const noexcept {
    constexpr std::size_t line = 64 / sizeof(T);
    const T* begin = row(y, z);
    for (std::size_t x = 0; x < size_x; x += line) __builtin_prefetch(begin + x);
  }

 private:
  void gather(const LabelView& labels, std::size_t z_end) {
    const auto [size_x, size_y, size_z] = labels.shape;
    (void)size_z;
    const std::size_t slices = z_end - z_begin_;
    buffer_.resize(size_x * size_y * slices);
    const auto at = [&](std::size_t x, std::size_t y, std::size_t z) {
      return *reinterpret_cast<const T*>(
          labels.data + static_cast<std::ptrdiff_t>(x) * labels.strides[0] +
          static_cast<std::ptrdiff_t>(y) * labels.strides[1] +
          static_cast<std::ptrdiff_t>(z_begin_ + z) * labels.strides[2]);
    };
    // z is usually contiguous where x is not: 16 rows of 64 voxels keep both sides in L1.
    constexpr std::size_t tile = 64;
    for (std::size_t y = 0; y < size_y; ++y) {
      for (std::size_t x0 = 0; x0 < size_x; x0 += tile) {
        const std::size_t x1 = std::min(size_x, x0 + tile);
        for (std::size_t z = 0; z < slices; ++z) {
          T* row = buffer_.data() + (z * size_y + y) * size_x;
          for (std::size_t x = x0; x < x1; ++x) row[x] = at(x, y, z);
        }
      }
    }
  }

  const std::byte* origin_ = nullptr;
  std::ptrdiff_t y_stride_ = 0;
  std::ptrdiff_t z_stride_ = 0;
  std::size_t z_begin_ = 0;
  std::vector<T> buffer_;
};

}  // namespace segpresso
