// The rows of a block of labels, or of indices, as runs of indices.
//
// Labels are numbered by their first appearance. Only one lookup per run takes time: repeated rows
// are found by comparing memory, and ends of runs by vectors.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "base/arithmetic.hpp"
#include "base/cpu.hpp"
#include "labels/boundary_row.hpp"
#include "labels/slab_reader.hpp"
#include "native/fast/history.hpp"
#include "native/fast/row_source.hpp"
#include "segpresso/label_view.hpp"

namespace segpresso::native::fast {

// `Numbers` gives the index of a label: see `LabelNumbers`.
template <class T, class Numbers>
class BlockRows : public RowSource {
 public:
  void open(const LabelView& block, Numbers& numbers) {
    slab_.open(block, 0, block.shape.z);
    shape_ = block.shape;
    numbers_ = &numbers;
    ends_.resize(divide_up(shape_.x, std::size_t{64}));
    step_ = divide_up(shape_.y, std::size_t{16});
    samples_.resize(divide_up(shape_.y, step_) * ends_.size());
    samples_before_.resize(samples_.size());
    sampled_ = false;
  }

  bool repeats_slice(std::uint32_t z) override {
    for (std::size_t y = 0; y < shape_.y; ++y) {
      prefetch(z, y + rows_ahead);
      if (!equal(slab_.row(y, z), slab_.row(y, z - 1))) return false;
    }
    return true;
  }

  // Looks at some of the rows.
  bool is_related(std::uint32_t z) override {
    if (!sampled_) sample(z - 1);
    sampled_ = true;
    std::swap(samples_, samples_before_);
    sample(z);
    int edges = 0;
    int found = 0;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      const std::uint64_t there = samples_before_[i];
      edges += std::popcount(samples_[i]);
      found += std::popcount(samples_[i] & (there | there << 1 | there >> 1));
    }
    return found * 4 >= edges;
  }

  bool repeats_above(std::uint32_t z, std::uint32_t y) override {
    prefetch(z, y + rows_ahead);
    return equal(slab_.row(y, z), slab_.row(y - 1, z));
  }

  bool read(std::uint32_t z, std::uint32_t y, Runs& runs) override {
    const T* row = slab_.row(y, z);
    find_ends_(row, nullptr, nullptr, shape_.x, ends_.data());
    Run* const first = runs.begin();
    *first = {0, 0, unknown_history};
    Run* run = first + 1;
    for (std::size_t word = 0; word < ends_.size(); ++word) {
      std::uint64_t bits = ends_[word];
      // Four at once, whether there are so many or not: a processor foresees a loop's end badly.
      while (bits != 0) {
        for (int i = 0; i < 4; ++i, bits &= bits - 1) {
          const int end = std::countr_zero(bits | std::uint64_t{1} << 63);
          run->start = static_cast<std::uint32_t>(64 * word) + static_cast<std::uint32_t>(end) + 1;
          run += static_cast<std::ptrdiff_t>(bits != 0);
        }
      }
    }
    bool fits = true;
    for (Run* one = first; one != run; ++one) {
      const std::uint32_t index = (*numbers_)[row[one->start]];
      fits &= index < max_indices;
      one->label = static_cast<Index>(index);
      one->history = unknown_history;
    }
    runs.close(static_cast<std::uint32_t>(run - first), static_cast<std::uint32_t>(shape_.x));
    return fits;
  }

 private:
  // Rows of a block are far apart in memory, where the processor does not foresee them: a fifth of
  // the time on a volume of 512^3.
  static constexpr std::size_t rows_ahead = 8;

  void prefetch(std::size_t z, std::size_t y) const {
    if (y >= shape_.y) {
      y -= shape_.y;
      ++z;
    }
    if (z < shape_.z && y < shape_.y) slab_.prefetch(y, z, shape_.x);
  }

  void sample(std::size_t z) {
    for (std::size_t y = 0; y < shape_.y; y += step_) prefetch(z, y);
    std::uint64_t* ends = samples_.data();
    for (std::size_t y = 0; y < shape_.y; y += step_, ends += ends_.size()) {
      find_ends_(slab_.row(y, z), nullptr, nullptr, shape_.x, ends);
    }
  }

  bool equal(const T* one, const T* other) const noexcept {
    return std::memcmp(one, other, shape_.x * sizeof(T)) == 0;
  }

  SlabReader<T> slab_;
  Shape shape_;
  Numbers* numbers_ = nullptr;
  std::vector<std::uint64_t> ends_;  // voxels whose right neighbour differs
  // The same of some rows, of the last slice that was not repeated and the one before.
  std::vector<std::uint64_t> samples_;
  std::vector<std::uint64_t> samples_before_;
  std::size_t step_ = 1;
  bool sampled_ = false;
  BoundaryRow<T> find_ends_ = boundary_row_kernels(active_simd()).get<T>();
};

// Indices are numbers already.
struct SameNumbers {
  std::uint32_t operator[](Index index) const noexcept { return index; }
};

// Of indices, dense and x fastest.
class IndexRows final : public BlockRows<Index, SameNumbers> {
 public:
  IndexRows(const Index* indices, const BlockShape& shape) {
    const auto y_stride = static_cast<std::ptrdiff_t>(sizeof(Index) * shape.x);
    const auto z_stride = y_stride * static_cast<std::ptrdiff_t>(shape.y);
    open({reinterpret_cast<const std::byte*>(indices),
          LabelType::u16,
          {shape.x, shape.y, shape.z},
          {sizeof(Index), y_stride, z_stride}},
         numbers_);
  }

 private:
  SameNumbers numbers_;
};

}  // namespace segpresso::native::fast
