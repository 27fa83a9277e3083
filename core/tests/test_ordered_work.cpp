// Items are used in order, one at a time, whatever the threads that make them.
#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/ordered_work.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

TEST_SUITE_BEGIN("threads");

TEST_CASE("each item is made once and used in order") {
  for (unsigned threads = 1; threads <= 8; ++threads) {
    ThreadTeam team(threads);
    OrderedWork<std::size_t> work(team);
    for (const std::size_t count : {0, 1, 2, 5, 33, 1000}) {
      std::vector<std::size_t> used;  // not atomic: ThreadSanitizer would see a race
      work.run(
          count, [](std::size_t i, std::size_t& item, unsigned) { item = i * i; },
          [&](std::size_t item) { used.push_back(item); });
      REQUIRE(used.size() == count);
      bool in_order = true;
      for (std::size_t i = 0; i < count; ++i) in_order = in_order && used[i] == i * i;
      CHECK(in_order);
    }
  }
}

TEST_CASE("items wait for their turn in few places") {
  ThreadTeam team(4);
  OrderedWork<std::size_t> work(team);
  std::atomic<std::size_t> made = 0;
  std::atomic<std::size_t> used = 0;
  std::atomic<std::size_t> most = 0;
  Random random(4);
  std::vector<unsigned> pauses(300);
  for (unsigned& pause : pauses) pause = static_cast<unsigned>(random.below(200));
  work.run(
      pauses.size(),
      [&](std::size_t i, std::size_t&, unsigned) {
        for (unsigned k = 0; k < pauses[i]; ++k) std::this_thread::yield();
        const std::size_t waiting = ++made - used;
        std::size_t before = most;
        while (before < waiting && !most.compare_exchange_weak(before, waiting)) {
        }
      },
      [&](std::size_t) { ++used; });
  CHECK(used == pauses.size());
  CHECK(most <= 4 * team.size() + team.size());
}

TEST_CASE("the first error in order is rethrown, whoever throws it") {
  for (unsigned threads = 1; threads <= 8; ++threads) {
    ThreadTeam team(threads);
    OrderedWork<std::size_t> work(team);
    for (unsigned repetition = 0; repetition < 100; ++repetition) {
      for (const bool in_use : {false, true}) {
        std::string message;
        std::size_t uses = 0;
        try {
          work.run(
              500,
              [&](std::size_t i, std::size_t& item, unsigned) {
                item = i;
                // Later items fail sooner than the first that fails in order.
                if (!in_use && i == 20) std::this_thread::yield();
                if (i > 20 || (!in_use && i == 20)) throw std::runtime_error(std::to_string(i));
              },
              [&](std::size_t item) {
                ++uses;
                if (in_use && item == 20) throw std::runtime_error("20");
              });
        } catch (const std::runtime_error& error) {
          message = error.what();
        }
        CHECK(message == "20");
        CHECK(uses == (in_use ? 21 : 20));
      }
      // The same object works again.
      std::size_t total = 0;
      work.run(
          50, [](std::size_t i, std::size_t& item, unsigned) { item = i; },
          [&](std::size_t item) { total += item; });
      CHECK(total == 49 * 50 / 2);
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace segpresso::test
