// NumPy arrays as label views, and compressed bytes.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <span>
#include <vector>

#include "segpresso/label_view.hpp"

namespace segpresso::bindings {

namespace nb = nanobind;

// Axes x, y, z, whatever the strides; unsigned, aligned, native byte order.
using Labels = nb::ndarray<nb::numpy, nb::ro, nb::ndim<3>, nb::device::cpu>;
using MutableLabels = nb::ndarray<nb::numpy, nb::ndim<3>, nb::device::cpu>;

template <class View, class Array>
View view_of(const Array& array) {
  if (array.dtype().code != static_cast<std::uint8_t>(nb::dlpack::dtype_code::UInt)) {
    throw Error(ErrorKind::invalid_argument, "labels must be unsigned integers");
  }
  View view;
  view.data = reinterpret_cast<decltype(view.data)>(array.data());
  view.type = static_cast<LabelType>(array.dtype().bits / 8);
  view.shape = {array.shape(0), array.shape(1), array.shape(2)};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    view.strides[axis] = array.stride(axis) * static_cast<std::ptrdiff_t>(array.itemsize());
  }
  return view;
}

inline LabelView view_of(const Labels& array) { return view_of<LabelView, Labels>(array); }
inline MutableLabelView view_of(const MutableLabels& array) {
  return view_of<MutableLabelView, MutableLabels>(array);
}

// Input bytes: anything with a contiguous buffer, passed as a uint8 array.
using Stream =
    nb::ndarray<nb::numpy, const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

inline std::span<const std::uint8_t> span_of(const Stream& stream) {
  return {stream.data(), stream.size()};
}

inline nb::bytes to_bytes(const std::vector<std::uint8_t>& bytes) {
  return nb::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// An array that owns its memory.
template <class T>
nb::ndarray<nb::numpy, T, nb::ndim<1>> to_array(std::vector<T> values) {
  auto* owned = new std::vector<T>(std::move(values));
  nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return {owned->data(), {owned->size()}, owner};
}

}  // namespace segpresso::bindings
