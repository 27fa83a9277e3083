// What encoder and decoder keep between blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "native/balanced/model.hpp"
#include "native/balanced/slices.hpp"

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
  }

  // The current slice becomes the one before.
  void next() noexcept {
    if (!is_first_) std::swap(earlier, before);
    is_first_ = false;
    std::swap(before, current);
  }

 private:
  bool is_first_ = true;
};

struct WorkingMemory {
  std::unique_ptr<Model> model = std::make_unique<Model>();
  Slices slices;

  void begin(const BlockShape& shape) {
    *model = trained_model();
    slices.begin(shape);
  }
};

}  // namespace segpresso::native::balanced
