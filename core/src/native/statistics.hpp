// Number of voxels and bounding box of each label (docs/format.md section 6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/byte_reader.hpp"
#include "native/block_grid.hpp"
#include "native/tables.hpp"
#include "segpresso/native.hpp"

namespace segpresso::native {

inline constexpr const char* statistics_section = "statistics";

struct EntryStatistics {
  std::uint64_t count = 0;
  Box box;

  // Grows by what is known of the same label elsewhere.
  void add(const EntryStatistics& other) noexcept;
};

// One for each entry of the tables.
std::vector<std::uint8_t> write_statistics(std::span<const EntryStatistics> statistics,
                                           const Tables& tables, const BlockGrid& grid);
std::vector<EntryStatistics> read_statistics(const PackedArray& bytes, const Tables& tables,
                                             const BlockGrid& grid);

}  // namespace segpresso::native
