// What encoder and decoder keep between blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/cpu.hpp"
#include "labels/boundary_row.hpp"
#include "native/balanced/model.hpp"
#include "native/balanced/row_ends.hpp"
#include "native/balanced/slices.hpp"
#include "native/runs.hpp"

namespace segpresso::native::balanced {

struct Slices {
  Slice current;
  Slice before;
  Slice earlier;
  Slice nothing;  // stands for slices that do not exist or do not help

  void begin(const BlockShape& shape) {
    current.begin(shape, 0);
    // Above the first slice there is nothing but its first voxel's label, number 0.
    before.begin(shape, 0);
    earlier.begin(shape, no_index);
    nothing.begin(shape, no_index);
    is_first_ = true;
    width_ = shape.x;
    differences_.assign(width_ / word_bits + 2, 0);
  }

  // Where two rows differ, and a bit behind their last voxel; until the next call.
  RowBits differences(const Index* a, const Index* b) noexcept {
    differ_(a, b, width_, differences_.data());
    differences_[width_ / word_bits] |= std::uint64_t{1} << (width_ % word_bits);
    return RowBits(differences_.data());
  }

  // The current slice becomes the one before.
  void next() noexcept {
    if (!is_first_) std::swap(earlier, before);
    is_first_ = false;
    std::swap(before, current);
  }

 private:
  static constexpr std::size_t word_bits = 64;

  bool is_first_ = true;
  std::size_t width_ = 0;
  std::vector<std::uint64_t> differences_;
  DifferRow<Index> differ_ = differ_row_kernels(active_simd()).get<Index>();
};

struct WorkingMemory {
  std::unique_ptr<Model> model = std::make_unique<Model>();
  Slices slices;
  Runs runs;  // of the current row: the decoder's

  void begin(const BlockShape& shape) {
    *model = trained_model();
    slices.begin(shape);
    runs.resize(shape.x);
  }
};

}  // namespace segpresso::native::balanced
