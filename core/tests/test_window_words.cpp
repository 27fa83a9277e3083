// The run-length words of the window section: layers can be read alone, contradictions are found.
#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "base/byte_writer.hpp"
#include "compresso/window_words.hpp"
#include "support/codecs.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using compresso::WindowCursor;
using compresso::WindowLayers;
using compresso::WindowWordRules;

constexpr WindowWordRules cpso_rules{.odd_is_run = true, .may_end_early = false};
constexpr WindowWordRules miccai_rules{.odd_is_run = true, .may_end_early = true};
constexpr WindowWordRules packed_rules{.odd_is_run = false, .may_end_early = false};

// 32-bit numbers that own their bytes.
struct Numbers {
  explicit Numbers(const std::vector<std::uint32_t>& numbers) {
    ByteWriter writer;
    writer.write_all(std::span<const std::uint32_t>(numbers));
    bytes = writer.take();
    array = PackedArray(bytes.data(), numbers.size(), 4, 0, "numbers");
  }

  std::vector<std::uint8_t> bytes;
  PackedArray array;
};

// A grid of 3 x 1 x z windows.
WindowGrid grid_of(std::size_t z) { return {{3, 1, z}, {1, 1, 1}}; }

TEST_CASE("each layer can be read without those before it") {
  Random random(14);
  ThreadTeam team(1);
  const Numbers values({5, 6, 9, 12});
  for (unsigned repetition = 0; repetition < 1000; ++repetition) {
    const WindowWordRules rules =
        std::array{cpso_rules, miccai_rules, packed_rules}[random.below(3)];
    const std::size_t grid_x = 1 + random.below(5);
    const std::size_t grid_z = 1 + random.below(6);
    std::vector<std::uint32_t> words;
    std::vector<std::uint64_t> expected;
    while (expected.size() < grid_x * grid_z) {
      const std::size_t left = grid_x * grid_z - expected.size();
      const auto index = static_cast<std::uint32_t>(random.below(4));
      const auto run = static_cast<std::uint32_t>(1 + random.below(left));
      if (index == 0 && run == left && rules.may_end_early && random.chance(50)) {
        expected.insert(expected.end(), run, 5);  // not written
      } else if (index == 0) {
        words.push_back(2 * run + (rules.odd_is_run ? 1 : 0));
        expected.insert(expected.end(), run, 5);
      } else {
        words.push_back(2 * index + (rules.odd_is_run ? 0 : 1));
        expected.push_back(std::array{5, 6, 9, 12}[index]);
      }
    }
    const Numbers stored(words);
    const WindowLayers layers(stored.array, values.array, {{grid_x, 1, grid_z}, {1, 1, 1}}, 4,
                              rules, team);
    for (std::size_t k = 0; k < grid_z; ++k) {
      WindowCursor cursor = layers.at_layer(k);
      std::vector<std::uint64_t> windows(grid_x);
      cursor.read(windows.data(), grid_x);
      const auto first = expected.begin() + static_cast<std::ptrdiff_t>(k * grid_x);
      REQUIRE(std::equal(windows.begin(), windows.end(), first));
    }
  }
}

ErrorKind error_of(const std::vector<std::uint32_t>& words, const WindowWordRules& rules,
                   const std::vector<std::uint32_t>& values = {0, 1, 3}) {
  const Numbers stored_words(words);
  const Numbers stored_values(values);
  ThreadTeam team(1);
  return kind_of_error(
      [&] { WindowLayers(stored_words.array, stored_values.array, grid_of(2), 2, rules, team); });
}

TEST_CASE("words that contradict the volume are found") {
  for (const WindowWordRules& rules : {cpso_rules, miccai_rules, packed_rules}) {
    const std::uint32_t run = rules.odd_is_run ? 1 : 0;
    const std::uint32_t index = 1 - run;
    const auto run_of = [&](std::uint32_t length) { return 2 * length + run; };
    const auto index_of = [&](std::uint32_t i) { return 2 * i + index; };
    CHECK(error_of({run_of(0), run_of(6)}, rules) == ErrorKind::corrupt);
    CHECK(error_of({index_of(0), run_of(5)}, rules) == ErrorKind::corrupt);
    CHECK(error_of({index_of(3), run_of(5)}, rules) == ErrorKind::corrupt);
    CHECK(error_of({run_of(7)}, rules) == ErrorKind::corrupt);
    CHECK(error_of({run_of(6), index_of(1)}, rules) == ErrorKind::corrupt);
    CHECK(error_of({run_of(0x7FFFFFFF)}, rules) == ErrorKind::corrupt);
    // Two windows of voxels allow values up to 3; they ascend.
    CHECK(error_of({run_of(6)}, rules, {0, 4}) == ErrorKind::corrupt);
    CHECK(error_of({run_of(6)}, rules, {1, 1}) == ErrorKind::corrupt);
    CHECK(error_of({run_of(6)}, rules, {2, 1}) == ErrorKind::corrupt);
  }
}

TEST_CASE("words may end early in v1 only") {
  CHECK(error_of({2 * 5 + 1}, cpso_rules) == ErrorKind::truncated);
  CHECK(error_of({2 * 5}, packed_rules) == ErrorKind::truncated);
  CHECK(error_of({}, miccai_rules, {}) == ErrorKind::corrupt);
  const Numbers words({2});
  const Numbers values({0, 1, 3});
  ThreadTeam team(1);
  WindowCursor cursor =
      WindowLayers(words.array, values.array, grid_of(2), 2, miccai_rules, team).at_layer(0);
  std::vector<std::uint64_t> windows(6);
  cursor.read(windows.data(), windows.size());
  CHECK(windows == std::vector<std::uint64_t>{1, 0, 0, 0, 0, 0});
}

}  // namespace
}  // namespace segpresso::test
