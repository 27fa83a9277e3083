// The distinct labels of a stream, from its label sections alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "compresso/location_coding.hpp"
#include "compresso/stream_parts.hpp"
#include "segpresso/label_view.hpp"

namespace segpresso::compresso {

inline std::vector<std::uint64_t> list_labels(const StreamParts& parts, LabelType type) {
  std::vector<std::uint64_t> labels;
  labels.reserve(parts.ids.size());
  const auto add = [&](std::uint64_t label, const PackedArray& section, std::size_t i) {
    if (label > max_label(type)) {
      section.fail(ErrorKind::corrupt, "label does not fit the type of the voxels", i);
    }
    labels.push_back(label);
  };
  for (std::size_t i = 0; i < parts.ids.size(); ++i) {
    add(parts.ids[i] - (parts.paper_ids ? 1 : 0), parts.ids, i);
  }
  for (std::size_t i = 0; i < parts.locations.size(); ++i) {
    const std::uint64_t word = parts.locations[i];
    if (word == EscapedLocations<std::uint64_t>::escape && parts.has_escape()) {
      ++i;
      add(parts.locations[i], parts.locations, i);
    } else if (word >= parts.first_label_word) {
      add(word - parts.first_label_word, parts.locations, i);
    }
  }
  std::ranges::sort(labels);
  const auto repeated = std::ranges::unique(labels);
  labels.erase(repeated.begin(), repeated.end());
  return labels;
}

}  // namespace segpresso::compresso
