// The label list of v1 and v2: label + 1 per component, and one entry for the boundary voxels of
// each slice, placed where the first of them stands among the components.
#pragma once

#include <cstdint>
#include <vector>

#include "compresso/model_encoder.hpp"

namespace segpresso::compresso {

template <class T>
std::vector<std::uint64_t> paper_ids(const std::vector<T>& ids,
                                     const std::vector<SliceSummary<T>>& slices) {
  std::vector<std::uint64_t> words;
  words.reserve(ids.size() + slices.size());
  std::size_t next = 0;
  for (const SliceSummary<T>& slice : slices) {
    const std::uint64_t boundary = std::uint64_t{slice.first_boundary_label} + 1;
    if (slice.has_boundary && slice.starts_with_boundary) words.push_back(boundary);
    for (std::uint32_t i = 0; i < slice.components; ++i) {
      words.push_back(std::uint64_t{ids[next++]} + 1);
      if (i == 0 && slice.has_boundary && !slice.starts_with_boundary) words.push_back(boundary);
    }
  }
  return words;
}

}  // namespace segpresso::compresso
