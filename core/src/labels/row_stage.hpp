// Small part of a volume, put together in cache and then written to the volume row by row.
//
// Blocks touch many rows, each for a few bytes only. In a large volume every such touch brings a
// cache line from memory, often twice, since rows at strides of powers of two evict each other:
// storing a uint32 volume of 512^3 in blocks of 8^3 takes 50 ms, by rows of a stage 31 ms.
#pragma once

#include <cstddef>
#include <vector>

#include "base/stream_copy.hpp"
#include "labels/label_target.hpp"

namespace segpresso {

template <class T>
class RowStage {
 public:
  // A part of `shape`; its labels are to be written all before `flush`.
  LabelTarget<T> open(const Shape& shape) {
    shape_ = shape;
    stride_ = shape.x + padding;
    labels_.resize(stride_ * shape.y * shape.z);
    MutableLabelView view;
    view.data = reinterpret_cast<std::byte*>(labels_.data());
    view.shape = shape;
    const auto width = static_cast<std::ptrdiff_t>(sizeof(T));
    view.strides = {width, width * static_cast<std::ptrdiff_t>(stride_),
                    width * static_cast<std::ptrdiff_t>(stride_ * shape.y)};
    return LabelTarget<T>(view);
  }

  // Copies the part to where it begins in `target`, whose rows must be contiguous.
  void flush(const LabelTarget<T>& target, const Shape& origin) const {
    for (std::size_t z = 0; z < shape_.z; ++z) {
      for (std::size_t y = 0; y < shape_.y; ++y) {
        stream_copy(
            reinterpret_cast<std::byte*>(&target.at(origin.x, origin.y + y, origin.z + z)),
            reinterpret_cast<const std::byte*>(labels_.data() + stride_ * (y + shape_.y * z)),
            shape_.x * sizeof(T));
      }
    }
    stream_fence();
  }

 private:
  // One cache line: keeps rows of powers of two apart in the cache's sets.
  static constexpr std::size_t padding = 64 / sizeof(T);

  Shape shape_;
  std::size_t stride_ = 0;
  std::vector<T> labels_;
};

}  // namespace segpresso
