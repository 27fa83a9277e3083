// What inputs of the targets of models look like: five bytes that tell of the block, the payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "native/structure.hpp"

namespace segpresso::fuzz {

inline constexpr std::size_t model_header_bytes = 5;
inline constexpr native::BlockShape largest_block{80, 24, 6};

// Any five bytes are a header.
inline native::BlockInfo read_model_header(std::span<const std::uint8_t> input) {
  const std::uint32_t count = input[3] + 256U * input[4];
  return {{1 + input[0] % largest_block.x, 1 + input[1] % largest_block.y,
           1 + input[2] % largest_block.z},
          2 + count % (native::max_indices - 1)};
}

inline std::vector<std::uint8_t> make_model_header(const native::BlockInfo& info) {
  const std::uint32_t count = info.index_count - 2;
  return {static_cast<std::uint8_t>(info.shape.x - 1), static_cast<std::uint8_t>(info.shape.y - 1),
          static_cast<std::uint8_t>(info.shape.z - 1), static_cast<std::uint8_t>(count),
          static_cast<std::uint8_t>(count >> 8)};
}

}  // namespace segpresso::fuzz
