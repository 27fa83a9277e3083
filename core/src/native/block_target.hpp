// Where the part of a block that is wanted goes: indices become labels in an array.
//
// Stretches of 32 voxels of one label, most of them on EM volumes, are found by comparing words and
// filled by vectors; the rest is looked up one by one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/stream_copy.hpp"
#include "labels/label_target.hpp"
#include "native/structure.hpp"
#include "segpresso/label_view.hpp"

namespace segpresso::native {

// Voxels [begin, end) of a block, in the block's own coordinates.
struct BlockPart {
  std::array<std::uint32_t, 3> begin{};
  std::array<std::uint32_t, 3> end{};
};

template <class T>
class BlockTarget {
 public:
  // `out` has the shape of `part`; `labels` are those of the block, by index. `bypass_cache` is for
  // arrays that the cache cannot hold: their old content is not read from memory (a quarter of the
  // time on a volume of 512^3).
  BlockTarget(const MutableLabelView& out, const BlockPart& part, std::vector<T> labels,
              bool bypass_cache)
      : out_(out), part_(part), labels_(std::move(labels)) {
    if (bypass_cache) stage_.resize(part.end[0] - part.begin[0]);
  }
  ~BlockTarget() {
    if (!stage_.empty()) stream_fence();
  }
  BlockTarget(const BlockTarget&) = delete;
  BlockTarget& operator=(const BlockTarget&) = delete;

  [[nodiscard]] const BlockPart& part() const noexcept { return part_; }

  // A slice that a model decoded; those before the part are passed over.
  void take_slice(std::uint32_t z, const Index* slice, std::size_t stride) {
    if (z < part_.begin[2] || z >= part_.end[2]) return;
    for (std::uint32_t y = part_.begin[1]; y < part_.end[1]; ++y) {
      take_row(z, y, slice + y * stride + part_.begin[0]);
    }
  }

  // The part's voxels of a row.
  template <class I>
  void take_row(std::uint32_t z, std::uint32_t y, const I* indices) {
    const std::size_t n = part_.end[0] - part_.begin[0];
    const std::size_t out_y = y - part_.begin[1];
    const std::size_t out_z = z - part_.begin[2];
    if (T* row = out_.contiguous_row(out_y, out_z)) {
      if (stage_.empty()) {
        expand(indices, n, row);
      } else {
        expand(indices, n, stage_.data());
        stream_copy(reinterpret_cast<std::byte*>(row),
                    reinterpret_cast<const std::byte*>(stage_.data()), n * sizeof(T));
      }
    } else {
      for (std::size_t x = 0; x < n; ++x) out_.at(x, out_y, out_z) = labels_[indices[x]];
    }
  }

  // The whole part is the first label.
  void fill() const {
    for (std::size_t z = 0; z < part_.end[2] - part_.begin[2]; ++z) {
      for (std::size_t y = 0; y < part_.end[1] - part_.begin[1]; ++y) {
        out_.fill(0, part_.end[0] - part_.begin[0], y, z, labels_[0]);
      }
    }
  }

 private:
  template <class I>
  void expand(const I* indices, std::size_t n, T* row) const {
    constexpr std::size_t stretch = 32;
    const T* labels = labels_.data();
    std::size_t x = 0;
    for (; x + stretch <= n; x += stretch) {
      const I first = indices[x];
      I differs = 0;
      for (std::size_t i = 0; i < stretch; ++i) {
        differs = static_cast<I>(differs | (indices[x + i] ^ first));
      }
      if (differs == 0) {
        const T label = labels[first];
        for (std::size_t i = 0; i < stretch; ++i) row[x + i] = label;
      } else {
        for (std::size_t i = 0; i < stretch; ++i) row[x + i] = labels[indices[x + i]];
      }
    }
    for (; x < n; ++x) row[x] = labels[indices[x]];
  }

  LabelTarget<T> out_;
  BlockPart part_;
  std::vector<T> labels_;
  std::vector<T> stage_;  // a row
};

}  // namespace segpresso::native
