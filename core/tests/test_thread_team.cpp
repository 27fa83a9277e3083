// A team of threads does what a loop does.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/thread_team.hpp"

#if defined(__linux__)
#include <sched.h>
#endif

namespace segpresso::test {
namespace {

TEST_SUITE_BEGIN("threads");

TEST_CASE("each index is handed out once, to a worker of the team") {
  for (unsigned threads = 1; threads <= 8; ++threads) {
    ThreadTeam team(threads);
    CHECK(team.size() == threads);
    for (const auto for_each : {&ThreadTeam::for_each, &ThreadTeam::for_each_apart}) {
      for (const std::size_t count : {0, 1, 2, 7, 100, 1000}) {
        std::vector<std::atomic<unsigned>> calls(count);
        std::atomic<bool> worker_known = true;
        (team.*for_each)(count, [&](std::size_t i, unsigned worker) {
          ++calls[i];
          if (worker >= team.size()) worker_known = false;
        });
        CHECK(worker_known);
        bool once = true;
        for (const auto& call : calls) once = once && call == 1;
        CHECK(once);
      }
    }
  }
}

TEST_CASE("indices handed out one after the other lie far apart if they shall") {
  ThreadTeam team(3);
  REQUIRE(team.size() == 3);
  std::mutex mutex;
  std::vector<std::size_t> first;
  std::latch all_started(3);  // each thread has one of the first three indices
  team.for_each_apart(29, [&](std::size_t i, unsigned) {
    {
      const std::lock_guard lock(mutex);
      if (first.size() == 3) return;
      first.push_back(i);
    }
    all_started.arrive_and_wait();
  });
  std::ranges::sort(first);
  CHECK(first == std::vector<std::size_t>{0, 10, 20});
}

#if defined(__linux__)
TEST_CASE("workers may use the processors that their maker may use") {
  cpu_set_t own;
  REQUIRE(sched_getaffinity(0, sizeof own, &own) == 0);
  ThreadTeam team(3);
  std::atomic<unsigned> same = 0;
  std::latch all_started(3);
  team.for_each(3, [&](std::size_t, unsigned) {
    cpu_set_t here;
    if (sched_getaffinity(0, sizeof here, &here) == 0 && CPU_EQUAL(&here, &own)) ++same;
    all_started.arrive_and_wait();
  });
  CHECK(same == 3);
}
#endif

TEST_CASE("a worker runs one call at a time") {
  ThreadTeam team(4);
  std::vector<std::size_t> sums(team.size(), 0);  // not atomic: ThreadSanitizer would see a race
  team.for_each(1000, [&](std::size_t i, unsigned worker) { sums[worker] += i; });
  std::size_t total = 0;
  for (const std::size_t sum : sums) total += sum;
  CHECK(total == 999 * 1000 / 2);
}

TEST_CASE("writes of one loop are seen by the next") {
  ThreadTeam team(3);
  std::vector<std::size_t> values(64, 0);
  for (std::size_t round = 1; round <= 200; ++round) {
    std::atomic<bool> seen = true;
    team.for_each(values.size(), [&](std::size_t i, unsigned) {
      if (values[i] != round - 1) seen = false;
      values[i] = round;
    });
    REQUIRE(seen);
  }
}

TEST_CASE("the exception of the smallest index is rethrown, and no further index is started") {
  for (unsigned threads = 1; threads <= 8; ++threads) {
    ThreadTeam team(threads);
    for (unsigned repetition = 0; repetition < 50; ++repetition) {
      std::atomic<unsigned> calls = 0;
      std::string message;
      try {
        team.for_each(1000, [&](std::size_t i, unsigned) {
          ++calls;
          // Indices 5, 6, ... all throw; 5 is started before them.
          if (i >= 5) throw std::runtime_error(std::to_string(i));
        });
      } catch (const std::runtime_error& error) {
        message = error.what();
      }
      CHECK(message == "5");
      CHECK(calls <= 5 + threads);
    }
  }
}

TEST_CASE("a team works on after an exception") {
  for (unsigned threads = 1; threads <= 8; ++threads) {
    ThreadTeam team(threads);
    for (unsigned repetition = 0; repetition < 20; ++repetition) {
      CHECK_THROWS_AS(team.for_each(10, [](std::size_t, unsigned) { throw 1; }), int);
      std::atomic<unsigned> calls = 0;
      team.for_each(25, [&](std::size_t, unsigned) { ++calls; });
      CHECK(calls == 25);
    }
  }
}

TEST_CASE("a team of no threads is the calling thread") {
  ThreadTeam team(0);
  CHECK(team.size() == 1);
  unsigned calls = 0;
  team.for_each(3, [&](std::size_t, unsigned worker) {
    CHECK(worker == 0);
    ++calls;
  });
  CHECK(calls == 3);
}

TEST_SUITE_END();

}  // namespace
}  // namespace segpresso::test
