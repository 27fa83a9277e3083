// What a decoder may use.
#pragma once

#include <cstddef>

namespace segpresso {

struct Limits {
  // Largest decoded volume and largest working memory, each, in bytes; checked before allocating.
  std::size_t max_bytes = std::size_t{1} << 34;
};

}  // namespace segpresso
