// The distinct labels of a stream, from its label sections alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "compresso/model_decoder.hpp"

namespace segpresso::compresso {

inline std::vector<std::uint64_t> list_labels(const StreamParts& parts) {
  std::vector<std::uint64_t> labels;
  labels.reserve(parts.ids.size());
  for (std::size_t i = 0; i < parts.ids.size(); ++i) {
    labels.push_back(parts.ids[i] - (parts.paper_ids ? 1 : 0));
  }
  for (std::size_t i = 0; i < parts.locations.size(); ++i) {
    const std::uint64_t word = parts.locations[i];
    if (word == 6 && parts.has_escape()) {
      labels.push_back(parts.locations[++i]);
    } else if (word >= parts.first_label_word) {
      labels.push_back(word - parts.first_label_word);
    }
  }
  std::ranges::sort(labels);
  const auto repeated = std::ranges::unique(labels);
  labels.erase(repeated.begin(), repeated.end());
  return labels;
}

}  // namespace segpresso::compresso
