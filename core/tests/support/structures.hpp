// Blocks as the models of the native stream see them: indices by first appearance.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "native/structure.hpp"
#include "support/volume.hpp"

namespace segpresso::test {

struct Structure {
  native::BlockInfo info;
  std::vector<native::Index> indices;

  explicit Structure(const Volume& volume) {
    const Shape& shape = volume.shape();
    info.shape = {static_cast<std::uint32_t>(shape.x), static_cast<std::uint32_t>(shape.y),
                  static_cast<std::uint32_t>(shape.z)};
    std::unordered_map<std::uint64_t, native::Index> numbers;
    for (const std::uint64_t label : volume.labels()) {
      const auto next = static_cast<native::Index>(numbers.size());
      indices.push_back(numbers.try_emplace(label, next).first->second);
    }
    info.index_count = static_cast<std::uint32_t>(numbers.size());
  }

  // Models are asked only for these.
  [[nodiscard]] bool needs_a_model() const {
    return info.index_count >= 2 && info.index_count <= native::max_indices;
  }
};

}  // namespace segpresso::test
