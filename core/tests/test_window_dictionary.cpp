// Window values are numbered in the order in which they are first met.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "compresso/window_dictionary.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

TEST_CASE("equal values have equal numbers, in the order of their first occurrence") {
  Random random(13);
  for (const unsigned voxels : {1U, 8U, 16U, 17U, 32U, 64U}) {
    CAPTURE(voxels);
    compresso::WindowDictionary dictionary(voxels);
    std::map<std::uint64_t, std::uint32_t> expected;
    for (unsigned i = 0; i < 20000; ++i) {
      // Few high bits and few low bits vary, for collisions in the table.
      const std::uint64_t value =
          (random.chance(50) ? random.next() : random.below(50) << 50) >> (64 - voxels);
      const auto number = static_cast<std::uint32_t>(expected.size());
      const auto [known, added] = expected.emplace(value, number);
      REQUIRE(dictionary.number(value) == known->second);
    }
    const auto sorted = dictionary.sorted();
    CHECK(std::ranges::equal(sorted, expected, [](const auto& entry, const auto& pair) {
      return entry.value == pair.first && entry.number == pair.second;
    }));
  }
}

}  // namespace
}  // namespace segpresso::test
