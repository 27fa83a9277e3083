// Windows: bit dx + wx * row of window i is bit i * wx + dx of that row, whatever the kernel.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "labels/windows.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

using BitRows = std::vector<std::vector<std::uint64_t>>;

bool bit(const std::vector<std::uint64_t>& row, std::size_t x) {
  return x / 64 < row.size() && (row[x / 64] >> (x % 64) & 1) != 0;
}

BitRows random_rows(std::size_t rows, std::size_t x, Random& random) {
  const unsigned percent = std::array{0U, 5U, 50U, 100U}[random.below(4)];
  BitRows result(rows, std::vector<std::uint64_t>((x + 63) / 64, 0));
  for (auto& row : result) {
    for (std::size_t i = 0; i < x; ++i) {
      if (random.chance(percent)) row[i / 64] |= std::uint64_t{1} << (i % 64);
    }
  }
  return result;
}

template <class Function>
void for_each_window_shape(Function&& function) {
  for (unsigned wx = 1; wx <= 64; ++wx) {
    for (unsigned rows = 1; wx * rows <= 64; ++rows) function(wx, rows);
  }
}

TEST_CASE("windows are packed bit by bit") {
  Random random(1);
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    for_each_window_shape([&](unsigned wx, unsigned height) {
      for (unsigned repetition = 0; repetition < 12; ++repetition) {
        const std::size_t x = 1 + random.below(200);
        const std::size_t count = divide_up(x, std::size_t{wx});
        const BitRows rows = random_rows(height, x, random);
        std::vector<const std::uint64_t*> pointers;
        for (const auto& row : rows) pointers.push_back(row.data());
        std::vector<std::uint64_t> windows(padded_window_count(count), 0x5555555555555555);
        pack_windows(pointers, rows[0].size(), wx, count, windows.data(), simd);
        for (std::size_t i = 0; i < count; ++i) {
          std::uint64_t expected = 0;
          for (unsigned b = 0; b < wx * height; ++b) {
            if (bit(rows[b / wx], i * wx + b % wx)) expected |= std::uint64_t{1} << b;
          }
          if (windows[i] != expected) {
            FAIL("wrong window ", i, " of width ", wx, ", height ", height, ", x = ", x);
          }
        }
      }
    });
  }
}

TEST_CASE("unpacking writes all bits and tells of those behind the rows") {
  Random random(2);
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    for_each_window_shape([&](unsigned wx, unsigned height) {
      for (unsigned repetition = 0; repetition < 12; ++repetition) {
        const std::size_t x = 1 + random.below(200);
        const std::size_t words = divide_up(x, std::size_t{64});
        const std::size_t count = divide_up(x, std::size_t{wx});
        std::vector<std::uint64_t> windows(padded_window_count(count), 0);
        const unsigned percent = std::array{1U, 40U, 100U}[random.below(3)];
        for (std::size_t i = 0; i < count; ++i) {
          if (random.chance(percent)) windows[i] = random.next() >> (64 - wx * height);
        }
        BitRows rows(height, std::vector<std::uint64_t>(words, 0x5555555555555555));
        std::vector<std::uint64_t*> pointers;
        for (auto& row : rows) pointers.push_back(row.data());
        const bool dropped = unpack_windows(windows.data(), count, wx, pointers, words, simd) != 0;

        BitRows expected(height, std::vector<std::uint64_t>(words, 0));
        bool expected_dropped = false;
        for (std::size_t i = 0; i < count; ++i) {
          for (unsigned b = 0; b < wx * height; ++b) {
            if ((windows[i] >> b & 1) == 0) continue;
            const std::size_t at = i * wx + b % wx;
            if (at < 64 * words) {
              expected[b / wx][at / 64] |= std::uint64_t{1} << (at % 64);
            } else {
              expected_dropped = true;
            }
          }
        }
        if (rows != expected || dropped != expected_dropped) {
          FAIL("wrong rows for width ", wx, ", height ", height, ", x = ", x);
        }
      }
    });
  }
}

TEST_CASE("a window value takes the smallest integer that holds its voxels") {
  CHECK(window_width(1) == 1);
  CHECK(window_width(8) == 1);
  CHECK(window_width(9) == 2);
  CHECK(window_width(16) == 2);
  CHECK(window_width(17) == 4);
  CHECK(window_width(32) == 4);
  CHECK(window_width(33) == 8);
  CHECK(window_width(64) == 8);
}

}  // namespace
}  // namespace segpresso::test
