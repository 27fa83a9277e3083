// Label volumes for tests: any type, any order of axes, with gaps between the voxels.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "segpresso/label_view.hpp"

namespace segpresso::test {

inline constexpr std::array label_types{LabelType::u8, LabelType::u16, LabelType::u32,
                                        LabelType::u64};

// How voxels lie in memory.
struct Layout {
  std::array<std::size_t, 3> order{0, 1, 2};          // axes, fastest first; 0 is x
  std::array<bool, 3> reversed{false, false, false};  // by axis x, y, z
  std::size_t gap = 0;                                // unused labels after each step of any axis
};

// x contiguous; z fastest; reversed axes; gaps.
inline const std::array layouts{
    Layout{},
    Layout{.order = {2, 1, 0}},
    Layout{.order = {1, 0, 2}},
    Layout{.order = {0, 2, 1}, .reversed = {false, true, true}},
    Layout{.reversed = {true, false, false}},
    Layout{.order = {2, 0, 1}, .reversed = {true, true, true}, .gap = 1},
};

class Volume {
 public:
  Volume(const Shape& shape, LabelType type, const Layout& layout = {})
      : shape_(shape), type_(type) {
    const auto width = static_cast<std::ptrdiff_t>(width_of(type));
    const std::array<std::size_t, 3> sizes{shape.x, shape.y, shape.z};
    const std::ptrdiff_t gap = static_cast<std::ptrdiff_t>(layout.gap) * width;
    std::ptrdiff_t step = width;
    std::ptrdiff_t extent = width;  // of the buffer, so that no byte more can be touched unseen
    for (const std::size_t axis : layout.order) {
      step += gap;
      const auto steps = static_cast<std::ptrdiff_t>(std::max<std::size_t>(sizes[axis], 1)) - 1;
      strides_[axis] = layout.reversed[axis] ? -step : step;
      if (layout.reversed[axis]) origin_ += steps * step;
      extent += steps * step;
      step *= steps + 1;
    }
    buffer_.assign(shape.voxels() == 0 ? 0 : static_cast<std::size_t>(extent), untouched);
  }

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] LabelType type() const noexcept { return type_; }

  [[nodiscard]] LabelView view() const noexcept {
    return {buffer_.data() + origin_, type_, shape_, strides_};
  }
  [[nodiscard]] MutableLabelView target() noexcept {
    return {buffer_.data() + origin_, type_, shape_, strides_};
  }

  [[nodiscard]] std::uint64_t at(std::size_t x, std::size_t y, std::size_t z) const noexcept {
    std::uint64_t label = 0;
    std::memcpy(&label, buffer_.data() + position(x, y, z), width_of(type_));
    return label;
  }
  // Keeps the low bits of `label` that the type holds.
  void set(std::size_t x, std::size_t y, std::size_t z, std::uint64_t label) noexcept {
    std::memcpy(buffer_.data() + position(x, y, z), &label, width_of(type_));
  }

  // Labels in raster order.
  [[nodiscard]] std::vector<std::uint64_t> labels() const {
    std::vector<std::uint64_t> result;
    result.reserve(shape_.voxels());
    for_each_voxel(
        [&](std::size_t x, std::size_t y, std::size_t z) { result.push_back(at(x, y, z)); });
    return result;
  }

  // Distinct labels, ascending.
  [[nodiscard]] std::vector<std::uint64_t> distinct_labels() const {
    std::vector<std::uint64_t> result = labels();
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  [[nodiscard]] Volume in_layout(const Layout& layout) const {
    Volume copy(shape_, type_, layout);
    for_each_voxel(
        [&](std::size_t x, std::size_t y, std::size_t z) { copy.set(x, y, z, at(x, y, z)); });
    return copy;
  }

  [[nodiscard]] Volume slices(std::size_t z_begin, std::size_t z_end) const {
    Volume part({shape_.x, shape_.y, z_end - z_begin}, type_);
    part.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
      part.set(x, y, z, at(x, y, z_begin + z));
    });
    return part;
  }

  // Whether the bytes between the voxels still are as the constructor left them.
  [[nodiscard]] bool gaps_untouched() const {
    std::vector<bool> is_voxel(buffer_.size(), false);
    for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
      for (std::size_t i = 0; i < width_of(type_); ++i) is_voxel[position(x, y, z) + i] = true;
    });
    for (std::size_t i = 0; i < buffer_.size(); ++i) {
      if (!is_voxel[i] && buffer_[i] != untouched) return false;
    }
    return true;
  }

  // Calls `function(x, y, z)` in raster order.
  template <class Function>
  void for_each_voxel(Function&& function) const {
    for (std::size_t z = 0; z < shape_.z; ++z) {
      for (std::size_t y = 0; y < shape_.y; ++y) {
        for (std::size_t x = 0; x < shape_.x; ++x) function(x, y, z);
      }
    }
  }

 private:
  static constexpr std::byte untouched{0xA5};

  [[nodiscard]] std::size_t position(std::size_t x, std::size_t y, std::size_t z) const noexcept {
    return static_cast<std::size_t>(origin_ + static_cast<std::ptrdiff_t>(x) * strides_[0] +
                                    static_cast<std::ptrdiff_t>(y) * strides_[1] +
                                    static_cast<std::ptrdiff_t>(z) * strides_[2]);
  }

  Shape shape_;
  LabelType type_;
  std::array<std::ptrdiff_t, 3> strides_{};
  std::ptrdiff_t origin_ = 0;
  std::vector<std::byte> buffer_;
};

// Same labels at the same places, whatever the layouts.
inline bool same_labels(const Volume& a, const Volume& b) {
  return a.shape() == b.shape() && a.labels() == b.labels();
}

}  // namespace segpresso::test
