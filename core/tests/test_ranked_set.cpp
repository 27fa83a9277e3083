// Ranks and members of a set, against a list.
#include <doctest/doctest.h>

#include <vector>

#include "native/ranked_set.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

TEST_CASE("ranks are those of a list, while members are removed") {
  Random random(61);
  native::RankedSet set;
  for (const std::uint32_t size : {1U, 2U, 3U, 64U, 65U, 100U}) {
    CAPTURE(size);
    set.fill(size);
    std::vector<bool> is_member(size, true);
    for (std::uint32_t removed = 0; removed <= size; ++removed) {
      REQUIRE(set.members() == size - removed);
      REQUIRE(set.others() == removed);
      std::uint32_t members = 0;
      for (std::uint32_t number = 0; number < size; ++number) {
        REQUIRE(set.rank(number) == members);
        if (is_member[number]) {
          REQUIRE(set.member(members++) == number);
        } else {
          REQUIRE(set.other(number - members) == number);
        }
      }
      if (removed == size) break;
      const std::uint32_t next = set.member(static_cast<std::uint32_t>(random.below(members)));
      set.remove(next);
      is_member[next] = false;
    }
  }
}

}  // namespace
}  // namespace segpresso::test
