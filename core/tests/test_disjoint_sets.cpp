// Union-find against a list of set numbers that is rewritten at each join.
#include <doctest/doctest.h>

#include <vector>

#include "labels/disjoint_sets.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

// set[m] is the smallest member of m's set.
void naive_join(std::vector<std::uint32_t>& set, std::uint32_t a, std::uint32_t b) {
  const std::uint32_t smaller = std::min(set[a], set[b]);
  const std::uint32_t larger = std::max(set[a], set[b]);
  std::replace(set.begin(), set.end(), larger, smaller);
}

TEST_CASE("the smallest member represents a set") {
  Random random(4);
  for (const std::size_t count : {1, 2, 3, 17, 200}) {
    DisjointSets sets;
    sets.reset(count);
    std::vector<std::uint32_t> expected(count);
    for (std::uint32_t i = 0; i < count; ++i) expected[i] = i;
    for (unsigned joins = 0; joins < count; ++joins) {
      const auto a = static_cast<std::uint32_t>(random.below(count));
      const auto b = static_cast<std::uint32_t>(random.below(count));
      naive_join(expected, a, b);
      CHECK(sets.join(a, b) == expected[a]);
      for (std::uint32_t member = 0; member < count; ++member) {
        REQUIRE(sets.find(member) == expected[member]);
      }
    }
  }
}

TEST_CASE("sets are numbered in the order of their smallest members") {
  Random random(5);
  for (unsigned repetition = 0; repetition < 200; ++repetition) {
    DisjointSets sets;
    const std::size_t count = random.below(60);
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < count; ++i) {
      CHECK(sets.add() == i);
      expected.push_back(i);
    }
    for (std::size_t joins = random.below(count + 1); joins > 0; --joins) {
      const auto a = static_cast<std::uint32_t>(random.below(count));
      const auto b = static_cast<std::uint32_t>(random.below(count));
      sets.join(a, b);
      naive_join(expected, a, b);
    }
    std::vector<std::uint32_t> representatives;
    const std::uint32_t total = sets.number_sets(
        [&](std::uint32_t representative) { representatives.push_back(representative); });
    CHECK(std::is_sorted(representatives.begin(), representatives.end()));
    REQUIRE(total == representatives.size());
    for (std::uint32_t member = 0; member < count; ++member) {
      REQUIRE(representatives[sets.number(member)] == expected[member]);
    }
  }
}

}  // namespace
}  // namespace segpresso::test
