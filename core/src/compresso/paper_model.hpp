// What v1 and v2 store, in two different ways.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compresso/window_encoder.hpp"
#include "segpresso/compresso.hpp"

namespace segpresso::compresso {

struct PaperModel {
  // The label list: label + 1 per component, and one entry for the boundary voxels of each slice,
  // placed where the first of them stands among the components.
  std::vector<std::uint64_t> ids;
  // The location words of each slab of slices.
  std::vector<std::vector<std::uint64_t>> locations;
  WindowEncoder windows;

  [[nodiscard]] std::size_t location_count() const noexcept;
};

// Of a volume that is not empty.
PaperModel find_paper_model(const LabelView& labels, const PaperOptions& options, unsigned threads);

}  // namespace segpresso::compresso
