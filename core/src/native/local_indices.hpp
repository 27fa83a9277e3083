// Numbers the labels of a block by their first appearance.
//
// Most voxels have the label of the voxel above: each row starts as a copy of the row before, and
// only voxels that differ from it (found by vectors) are looked at. On EM volumes these are one of
// ten, and half of them have the label of their left neighbour.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "base/cpu.hpp"
#include "labels/bit_slab.hpp"
#include "labels/boundary_row.hpp"
#include "labels/slab_reader.hpp"
#include "segpresso/label_view.hpp"

namespace segpresso::native {

// Numbers labels in the order in which they are asked for.
template <class T>
class LabelNumbers {
 public:
  void clear() {
    labels_.clear();
    slots_.assign(1024, 0);
    shift_ = 64 - 10;
  }

  [[nodiscard]] const std::vector<T>& labels() const noexcept { return labels_; }

  std::uint32_t operator[](T label) {
    for (std::size_t slot = slot_of(label);; slot = (slot + 1) & (slots_.size() - 1)) {
      if (slots_[slot] == 0) return add(label, slot);
      if (labels_[slots_[slot] - 1] == label) return slots_[slot] - 1;
    }
  }

 private:
  [[nodiscard]] std::size_t slot_of(T label) const noexcept {
    return static_cast<std::size_t>(std::uint64_t{label} * 0x9E3779B97F4A7C15 >> shift_);
  }

  std::uint32_t add(T label, std::size_t slot) {
    labels_.push_back(label);
    const auto number = static_cast<std::uint32_t>(labels_.size());
    slots_[slot] = number;
    if (labels_.size() * 2 > slots_.size()) grow();
    return number - 1;
  }

  void grow() {
    const std::size_t size = slots_.size() * 4;
    shift_ -= 2;
    slots_.assign(size, 0);
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      std::size_t slot = slot_of(labels_[i]);
      while (slots_[slot] != 0) slot = (slot + 1) & (size - 1);
      slots_[slot] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<T> labels_;
  std::vector<std::uint32_t> slots_;  // number + 1; 0 is free
  unsigned shift_ = 0;
};

template <class T>
class LocalIndices {
 public:
  // Fills `indices` (x fastest, dense). False if there are more labels than `I` has numbers; its
  // largest one stays free.
  template <class I>
  bool number(const LabelView& block, std::vector<I>& indices) {
    const auto [size_x, size_y, size_z] = block.shape;
    indices.resize(size_x * size_y * size_z);
    differs_.resize(divide_up(size_x, std::size_t{64}));
    numbers_.clear();
    slab_.open(block, 0, size_z);
    const T* above = nullptr;
    I* out = indices.data();
    for (std::size_t z = 0; z < size_z; ++z) {
      for (std::size_t y = 0; y < size_y; ++y, out += size_x) {
        // The row before in the slice; of the first row, the same one in the slice before.
        const T* row = slab_.row(y, z);
        if (y + rows_ahead < size_y) slab_.prefetch(y + rows_ahead, z, size_x);
        if (above == nullptr) {
          number_row(row, size_x, out);
        } else {
          const I* before = y > 0 ? out - size_x : out - size_x * size_y;
          number_row(row, above, size_x, before, out);
        }
        above = y + 1 < size_y ? row : slab_.row(0, z);
        if (labels().size() > std::numeric_limits<I>::max()) return false;
      }
    }
    return true;
  }

  // By number.
  [[nodiscard]] const std::vector<T>& labels() const noexcept { return numbers_.labels(); }

 private:
  // Rows of a block are far apart in memory, where the processor does not foresee them: a fifth of
  // the time on a volume of 512^3.
  static constexpr std::size_t rows_ahead = 4;

  template <class I>
  void number_row(const T* row, std::size_t n, I* out) {
    out[0] = static_cast<I>(numbers_[row[0]]);
    for (std::size_t x = 1; x < n; ++x) {
      out[x] = row[x] == row[x - 1] ? out[x - 1] : static_cast<I>(numbers_[row[x]]);
    }
  }

  template <class I>
  void number_row(const T* row, const T* above, std::size_t n, const I* before, I* out) {
    differ_(row, above, n, differs_.data());
    std::memcpy(out, before, n * sizeof(I));
    for (std::size_t word = 0; word < differs_.size(); ++word) {
      for_each_set_bit(differs_[word], 64 * word, [&](std::size_t x) {
        const bool as_left = x > 0 && row[x] == row[x - 1];
        out[x] = as_left ? out[x - 1] : static_cast<I>(numbers_[row[x]]);
      });
    }
  }

  SlabReader<T> slab_;
  LabelNumbers<T> numbers_;
  std::vector<std::uint64_t> differs_;
  DifferRow<T> differ_ = differ_row_kernels(active_simd()).get<T>();
};

}  // namespace segpresso::native
