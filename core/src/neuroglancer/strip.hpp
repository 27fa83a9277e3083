// The blocks of compressed_segmentation before their places in the stream are known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "segpresso/error.hpp"

namespace segpresso::neuroglancer {

// Rows of blocks of one layer of the grid, in raster order.
struct Strip {
  struct Block {
    unsigned bits;
    std::size_t value_words;
    std::size_t table_words;
    std::uint64_t table_hash;
  };
  std::vector<Block> blocks;
  std::vector<std::uint32_t> values;
  std::vector<std::uint32_t> tables;
};

// Headers have 24 bits for table offsets, and Neuroglancer reads no more of value offsets either.
constexpr std::size_t max_offset = std::size_t{1} << 24;

[[noreturn]] inline void fail_too_large() {
  throw Error(ErrorKind::unsupported,
              "a channel takes more than 64 MiB, which the format's 24-bit offsets cannot address; "
              "encode the volume in chunks");
}

}  // namespace segpresso::neuroglancer
