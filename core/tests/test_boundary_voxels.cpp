// Which neighbour determines a boundary voxel: -x, else -y, else -z, else none.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "compresso/boundary_voxels.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using BitRow = std::vector<std::uint64_t>;

bool bit(const BitRow& row, std::size_t x) { return (row[x / 64] >> (x % 64) & 1) != 0; }

TEST_CASE("boundary voxels copy from the first neighbour that is no boundary voxel") {
  Random random(9);
  const auto random_row = [&](std::size_t n) {
    BitRow row((n + 63) / 64, 0);
    const unsigned percent = std::array{5U, 40U, 90U}[random.below(3)];
    for (std::size_t x = 0; x < n; ++x) {
      if (random.chance(percent)) row[x / 64] |= std::uint64_t{1} << (x % 64);
    }
    return row;
  };
  for (unsigned repetition = 0; repetition < 2000; ++repetition) {
    const std::size_t n = 1 + random.below(200);
    const BitRow row = random_row(n);
    const BitRow above = random_row(n);
    const BitRow behind = random_row(n);
    const bool has_above = random.chance(70);
    const bool has_behind = random.chance(50);
    const BitRow empty(row.size(), 0);
    std::vector<BitRow> found(3, empty);
    compresso::for_each_boundary_word(row.data(), has_above ? above.data() : nullptr,
                                      has_behind ? behind.data() : nullptr, row.size(),
                                      [&](std::size_t i, const compresso::BoundaryWord& word) {
                                        found[0][i] = word.copy_above;
                                        found[1][i] = word.copy_behind;
                                        found[2][i] = word.indeterminate;
                                      });
    std::vector<BitRow> expected(3, empty);
    for (std::size_t x = 0; x < n; ++x) {
      if (!bit(row, x) || (x > 0 && !bit(row, x - 1))) continue;
      const unsigned source = has_above && !bit(above, x)     ? 0
                              : has_behind && !bit(behind, x) ? 1
                                                              : 2;
      expected[source][x / 64] |= std::uint64_t{1} << (x % 64);
    }
    REQUIRE(found == expected);
  }
}

}  // namespace
}  // namespace segpresso::test
