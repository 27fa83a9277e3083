// Where the part of a block that is wanted goes: indices become labels in an array.
//
// Runs are filled by vectors. Where there are only voxels, stretches of 32 of one label, most of
// them on EM volumes, are found by comparing words; the rest is looked up one by one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/stream_copy.hpp"
#include "labels/label_target.hpp"
#include "native/label_runs.hpp"
#include "native/models.hpp"
#include "native/row_labels.hpp"
#include "native/structure.hpp"
#include "segpresso/label_view.hpp"

namespace segpresso::native {

// Voxels [begin, end) of a block, in the block's own coordinates.
struct BlockPart {
  std::array<std::uint32_t, 3> begin{};
  std::array<std::uint32_t, 3> end{};
};

template <class T>
class BlockTarget final : public BlockSink {
 public:
  // `out` has the shape of `part`; `labels` are those of the block, by index. `is_large` is an
  // array that the cache cannot hold. Where all rows begin alike in their cache lines, they go past
  // the cache: their old content is not read from memory (a quarter of the time on a volume of
  // 512^3). Elsewhere that would take longer, but it helps to fetch the lines before they are
  // written.
  BlockTarget(const MutableLabelView& out, const BlockPart& part, std::vector<T> labels,
              bool is_large)
      : out_(out),
        part_(part),
        labels_(std::move(labels)),
        bypass_cache_(is_large && out_.y_stride() % vector_bytes == 0),
        fetch_rows_(is_large && !bypass_cache_) {}
  ~BlockTarget() override {
    if (bypass_cache_) stream_fence();
  }
  BlockTarget(const BlockTarget&) = delete;
  BlockTarget& operator=(const BlockTarget&) = delete;

  [[nodiscard]] const BlockPart& part() const noexcept { return part_; }

  // A slice that a model decoded; those before the part are passed over.
  void take_slice(std::uint32_t z, const Index* slice, std::size_t stride) override {
    if (z < part_.begin[2] || z >= part_.end[2]) return;
    const std::uint32_t width = part_.end[0] - part_.begin[0];
    runs_.resize(width);
    stage_.resize(width + row_labels_overrun);
    for (std::uint32_t y = part_.begin[1]; y < part_.end[1]; ++y) {
      const Index* const row = slice + y * stride + part_.begin[0];
      Run* run = runs_.begin();
      row_runs_.for_each(row, width, [&](std::uint32_t begin, std::uint32_t /*end*/) {
        *run++ = {begin, row[begin], 0};
      });
      runs_.close(static_cast<std::uint32_t>(run - runs_.begin()), width);
      kernels_.fill.template get<T>()(runs_, labels_.data(), stage_.data());
      put(z, y, stage_.data());
    }
  }

  // A row that a model decoded. Also those above the part may be repeated inside.
  void take_row(std::uint32_t z, std::uint32_t y, const Runs& runs) override {
    if (z < part_.begin[2] || z >= part_.end[2] || y >= part_.end[1]) return;
    stage_.resize(runs.width() + row_labels_overrun);
    kernels_.fill.template get<T>()(runs, labels_.data(), stage_.data());
    repeat_row(z, y);
  }

  void repeat_row(std::uint32_t z, std::uint32_t y) override {
    if (z < part_.begin[2] || z >= part_.end[2]) return;
    if (y < part_.begin[1] || y >= part_.end[1]) return;
    put(z, y, stage_.data() + part_.begin[0]);
  }

  // The part's voxels of a row.
  template <class I>
  void take_voxels(std::uint32_t z, std::uint32_t y, const I* indices) {
    const std::size_t n = part_.end[0] - part_.begin[0];
    T* row = out_.contiguous_row(y - part_.begin[1], z - part_.begin[2]);
    if (row != nullptr && !bypass_cache_) {
      if (fetch_rows_) prefetch(row);
      return expand(indices, n, row);
    }
    stage_.resize(n);
    expand(indices, n, stage_.data());
    put(z, y, stage_.data());
  }

  // The whole part is the first label.
  void fill() {
    stage_.assign(part_.end[0] - part_.begin[0], labels_[0]);
    for (std::uint32_t z = part_.begin[2]; z < part_.end[2]; ++z) {
      for (std::uint32_t y = part_.begin[1]; y < part_.end[1]; ++y) put(z, y, stage_.data());
    }
  }

 private:
  static constexpr std::ptrdiff_t rows_ahead = 3;
  static constexpr std::ptrdiff_t vector_bytes = 32;

  // Labels of the part's voxels of a row.
  void put(std::uint32_t z, std::uint32_t y, const T* labels) {
    const std::size_t n = part_.end[0] - part_.begin[0];
    const std::size_t out_y = y - part_.begin[1];
    const std::size_t out_z = z - part_.begin[2];
    T* row = out_.contiguous_row(out_y, out_z);
    if (row == nullptr) {
      for (std::size_t x = 0; x < n; ++x) out_.at(x, out_y, out_z) = labels[x];
    } else if (bypass_cache_) {
      kernels_.stream(reinterpret_cast<std::byte*>(row), reinterpret_cast<const std::byte*>(labels),
                      n * sizeof(T));
    } else {
      if (fetch_rows_) prefetch(row);
      std::copy_n(labels, n, row);
    }
  }

  // The row some rows on, if there is one.
  void prefetch(const T* row) const {
    const auto* const begin =
        reinterpret_cast<const std::byte*>(row) + rows_ahead * out_.y_stride();
    const std::size_t bytes = (part_.end[0] - part_.begin[0]) * sizeof(T);
    for (std::size_t i = 0; i < bytes; i += cache_line) __builtin_prefetch(begin + i, 1);
    __builtin_prefetch(begin + bytes - 1, 1);
  }

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
  Runs runs_;
  RowRuns<Index> row_runs_;
  bool bypass_cache_;
  bool fetch_rows_;
  const RowLabelKernels& kernels_ = row_label_kernels(active_simd());
};

}  // namespace segpresso::native
