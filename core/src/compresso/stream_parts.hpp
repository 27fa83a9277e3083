// A parsed stream of the family: where everything is, and by which rules it is written.
#pragma once

#include "base/byte_reader.hpp"
#include "compresso/geometry.hpp"
#include "compresso/window_words.hpp"

namespace segpresso::compresso {

// All arrays lie in the stream.
struct StreamParts {
  Geometry geometry;
  PackedArray ids;
  PackedArray values;
  PackedArray locations;
  PackedArray words;
  WindowWordRules word_rules{};
  // v1 and v2: ids hold label + 1, and each slice has an entry for its boundary voxels.
  bool paper_ids = false;
  // Location words from here on are label + first_label_word; 7 (cpso) makes 6 an escape.
  unsigned first_label_word = 6;
  // cpso version 1: components of slice z, and location words of slice z - 1.
  PackedArray index_components;
  PackedArray index_locations;

  [[nodiscard]] bool has_index() const noexcept { return index_components.size() > 0; }
  [[nodiscard]] bool has_escape() const noexcept { return first_label_word == 7; }
};

}  // namespace segpresso::compresso
