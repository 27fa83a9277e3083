#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>

#include "native/balanced/slices.hpp"

namespace segpresso::native::balanced {
namespace {

// Voxel by voxel.
std::ptrdiff_t length_from(const Index* row, std::ptrdiff_t x, std::ptrdiff_t width) {
  std::ptrdiff_t end = x + 1;
  while (end < width && row[end] == row[x]) ++end;
  return end - x;
}

TEST_CASE("runs of any length are found from any voxel on") {
  std::mt19937 random(1);
  Slice slice;
  for (const std::uint32_t width : {1U, 2U, 7U, 63U, 64U, 65U, 127U, 128U, 200U, 600U}) {
    for (const std::uint32_t length : {1U, 3U, 40U, 90U, 1000U}) {  // of runs, on average
      CAPTURE(width);
      CAPTURE(length);
      slice.begin({width, 2, 1}, 5);
      CHECK(slice.ends(1).length_from(0) == width);
      Index* const row = slice.row(0);
      for (std::uint32_t x = 1; x < width; ++x) {
        row[x] = random() % length == 0 ? static_cast<Index>(random() % 3) : row[x - 1];
      }
      slice.close_row(0);
      bool is_right = true;
      for (std::ptrdiff_t x = 0; x < width; ++x) {
        is_right &= slice.ends(0).length_from(x) == length_from(row, x, width);
      }
      CHECK(is_right);
    }
  }
}

}  // namespace
}  // namespace segpresso::native::balanced
