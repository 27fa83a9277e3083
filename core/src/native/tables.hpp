// What an index tells of blocks and labels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "segpresso/native.hpp"

namespace segpresso::native {

struct BlockRecord {
  Method method = Method::constant;
  std::uint64_t bytes = 0;   // of the payload
  std::uint64_t offset = 0;  // in the stream
  // Its part of `Tables::entries`.
  std::size_t first_entry = 0;
  std::uint32_t entry_count = 0;
};

struct Tables {
  // Of each entry; distinct and ascending unless the stream was remapped.
  std::vector<std::uint64_t> labels;
  std::vector<BlockRecord> blocks;
  // Entries of each block: by local index.
  std::vector<std::uint32_t> entries;

  [[nodiscard]] std::span<const std::uint32_t> entries_of(const BlockRecord& block) const noexcept {
    return {entries.data() + block.first_entry, block.entry_count};
  }
};

}  // namespace segpresso::native
