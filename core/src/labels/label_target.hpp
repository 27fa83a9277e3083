// Writes labels into a volume of any strides.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/arithmetic.hpp"
#include "segpresso/label_view.hpp"
#include "segpresso/limits.hpp"

namespace segpresso {

// Refuses a target that has not the stream's shape or is larger than allowed.
inline void check_target(const MutableLabelView& out, const Shape& shape, const Limits& limits) {
  if (out.shape != shape) {
    throw Error(ErrorKind::invalid_argument, "the output array has the wrong shape");
  }
  const std::size_t bytes =
      checked_multiply(checked_voxels(shape), width_of(out.type), "the volume");
  if (bytes > limits.max_bytes) {
    throw Error(ErrorKind::limit,
                "the volume takes " + std::to_string(bytes) + " bytes, more than the limit of " +
                    std::to_string(limits.max_bytes),
                "header", 0);
  }
}

template <class T>
class LabelTarget {
 public:
  explicit LabelTarget(const MutableLabelView& view)
      : view_(view), contiguous_(view.strides[0] == static_cast<std::ptrdiff_t>(sizeof(T))) {}

  [[nodiscard]] T& at(std::size_t x, std::size_t y, std::size_t z) const noexcept {
    return *reinterpret_cast<T*>(view_.data + static_cast<std::ptrdiff_t>(x) * view_.strides[0] +
                                 static_cast<std::ptrdiff_t>(y) * view_.strides[1] +
                                 static_cast<std::ptrdiff_t>(z) * view_.strides[2]);
  }

  // Voxels [begin, end) of a row.
  void fill(std::size_t begin, std::size_t end, std::size_t y, std::size_t z,
            T label) const noexcept {
    if (contiguous_) {
      std::fill_n(&at(begin, y, z), end - begin, label);
    } else {
      for (std::size_t x = begin; x < end; ++x) at(x, y, z) = label;
    }
  }

  // The row's first voxel if its voxels are contiguous, else null.
  [[nodiscard]] T* contiguous_row(std::size_t y, std::size_t z) const noexcept {
    return contiguous_ ? &at(0, y, z) : nullptr;
  }

  // In bytes.
  [[nodiscard]] std::ptrdiff_t y_stride() const noexcept { return view_.strides[1]; }
  [[nodiscard]] std::ptrdiff_t z_stride() const noexcept { return view_.strides[2]; }

 private:
  MutableLabelView view_;
  bool contiguous_;
};

}  // namespace segpresso
