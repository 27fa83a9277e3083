// The tables of an index: any labels in any blocks come back, and cost little.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "native/footer.hpp"
#include "native/packed_block.hpp"
#include "native/statistics.hpp"
#include "support/codecs.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using native::BlockRecord;
using native::IndexContent;
using native::Method;
using native::NumberKind;

// Blocks of 4 x 4 x 4 voxels; each holds some labels of its neighbours and some others, in any
// order.
IndexContent make_content(const std::vector<std::size_t>& shape, std::vector<std::uint64_t> labels,
                          std::uint64_t seed) {
  Random random(seed);
  IndexContent content;
  content.array = {{LabelType::u64, NumberKind::unsigned_integer}, shape, false};
  content.grid = native::BlockGrid(content.array.sizes(), {4, 4, 4});
  std::vector<std::uint32_t> left(labels.size());
  std::iota(left.begin(), left.end(), 0U);
  std::vector<std::uint32_t> before;
  for (std::size_t i = 0; i < content.grid.size(); ++i) {
    const std::size_t voxels = native::shape_of(content.grid.box(i)).voxels();
    std::vector<std::uint32_t> entries;
    const auto add = [&](std::uint32_t entry) {
      if (entries.size() < voxels && std::ranges::count(entries, entry) == 0) {
        entries.push_back(entry);
      }
    };
    const bool last = i + 1 == content.grid.size();
    const std::size_t fresh = last ? left.size() : std::min(left.size(), random.below(5));
    for (std::size_t k = 0; k < fresh; ++k) {
      const std::size_t which = random.below(left.size());
      add(left[which]);
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(which));
    }
    for (const std::uint32_t entry : before) {
      if (random.chance(60)) add(entry);
    }
    if (entries.empty() || random.chance(30)) {
      add(static_cast<std::uint32_t>(random.below(labels.size())));
    }
    BlockRecord block;
    block.first_entry = content.tables.entries.size();
    block.entry_count = static_cast<std::uint32_t>(entries.size());
    if (entries.size() > 1) {
      block.method = static_cast<Method>(1 + random.below(4));
      block.bytes = random.below(5000);
    }
    if (block.method == Method::packed) {
      std::ranges::sort(entries);
      block.bytes = native::packed_bytes(native::shape_of(content.grid.box(i)), entries.size());
    }
    content.tables.entries.insert(content.tables.entries.end(), entries.begin(), entries.end());
    content.tables.blocks.push_back(block);
    before = entries;
  }
  // Labels that found no room are in no block: take them out.
  std::set<std::uint32_t> used(content.tables.entries.begin(), content.tables.entries.end());
  std::vector<std::uint32_t> place(labels.size());
  for (const std::uint32_t entry : used) {
    place[entry] = static_cast<std::uint32_t>(content.tables.labels.size());
    content.tables.labels.push_back(labels[entry]);
  }
  for (std::uint32_t& entry : content.tables.entries) entry = place[entry];
  return content;
}

std::uint64_t stream_bytes(const IndexContent& content, std::size_t footer_bytes) {
  std::uint64_t bytes = native::StreamIndex::front_bytes + footer_bytes;
  for (const BlockRecord& block : content.tables.blocks) {
    bytes += block.method == Method::constant ? 0 : block.bytes + native::checksum_bytes;
  }
  return bytes;
}

IndexContent read_back(const IndexContent& content) {
  const Stream bytes = native::write_footer(content);
  return native::read_index(bytes, stream_bytes(content, bytes.size()), Limits{});
}

void check_same(const IndexContent& found, const IndexContent& content) {
  CHECK(found.array.shape == content.array.shape);
  CHECK(found.array.type == content.array.type);
  CHECK(found.grid.block() == content.grid.block());
  CHECK(found.tables.labels == content.tables.labels);
  CHECK(found.tables.entries == content.tables.entries);
  REQUIRE(found.tables.blocks.size() == content.tables.blocks.size());
  for (std::size_t i = 0; i < found.tables.blocks.size(); ++i) {
    CHECK(found.tables.blocks[i].method == content.tables.blocks[i].method);
    CHECK(found.tables.blocks[i].bytes == content.tables.blocks[i].bytes);
    CHECK(found.tables.blocks[i].entry_count == content.tables.blocks[i].entry_count);
  }
}

std::vector<std::uint64_t> random_labels(std::size_t count, unsigned bits, Random& random) {
  std::set<std::uint64_t> labels;
  while (labels.size() < count) labels.insert(random.next() >> (64 - bits));
  return {labels.begin(), labels.end()};
}

TEST_CASE("any tables come back") {
  Random random(101);
  for (unsigned repetition = 0; repetition < 300; ++repetition) {
    CAPTURE(repetition);
    const std::vector<std::vector<std::size_t>> shapes{{},          {9},          {5, 11},
                                                       {9, 10, 11}, {3, 5, 9, 6}, {12, 16, 20}};
    const auto& shape = shapes[random.below(shapes.size())];
    const auto labels = random_labels(1 + random.below(200),
                                      8 + 8 * static_cast<unsigned>(random.below(8)), random);
    const IndexContent content = make_content(shape, labels, random.next());
    check_same(read_back(content), content);
  }
}

TEST_CASE("short streams hold the tables of one block, and are not longer than others") {
  Random random(107);
  for (unsigned repetition = 0; repetition < 100; ++repetition) {
    CAPTURE(repetition);
    const auto labels = random_labels(1 + random.below(60), 40, random);
    IndexContent content = make_content({4, 4, 4}, labels, random.next());
    content.labels_ascend = random.chance(50);
    BlockRecord& block = content.tables.blocks.front();
    const Stream payload(block.bytes, std::uint8_t{7});
    REQUIRE(native::may_be_short(content));
    const Stream stream = native::write_short_stream(content, payload);
    const IndexContent found = native::read_index(stream, stream.size(), Limits{});
    check_same(found, content);
    CHECK(found.labels_ascend == content.labels_ascend);
    const native::Extent extent = found.extent_of(found.tables.blocks.front());
    CHECK(extent.bytes == payload.size());
    CHECK(std::ranges::equal(native::Bytes(stream).subspan(extent.offset, extent.bytes), payload));
    const std::size_t footer_bytes = native::write_footer(content).size();
    CHECK(stream.size() + 8 <= stream_bytes(content, footer_bytes));
  }
}

TEST_CASE("labels need not ascend, nor be distinct, after remapping") {
  Random random(102);
  IndexContent content = make_content({12, 16, 20}, random_labels(100, 20, random), 103);
  for (std::uint64_t& label : content.tables.labels) label = random.next() >> random.below(64);
  content.tables.labels[7] = content.tables.labels[3];
  content.labels_ascend = false;
  check_same(read_back(content), content);
}

TEST_CASE("consecutive labels cost nearly nothing") {
  std::vector<std::uint64_t> labels(1000);
  std::iota(labels.begin(), labels.end(), std::uint64_t{1} << 60);
  IndexContent content;
  content.array = {{LabelType::u64, NumberKind::unsigned_integer}, {64, 64, 64}, false};
  content.grid = native::BlockGrid(content.array.sizes(), {64, 64, 64});
  content.tables.labels = labels;
  content.tables.entries.resize(labels.size());
  std::iota(content.tables.entries.begin(), content.tables.entries.end(), 0U);
  content.tables.blocks.push_back({Method::balanced, 1000, 0, 0, 1000});
  check_same(read_back(content), content);
  CHECK(native::write_footer(content).size() < 60);
}

TEST_CASE("statistics come back") {
  Random random(104);
  for (unsigned repetition = 0; repetition < 100; ++repetition) {
    const IndexContent content = make_content(
        {3, 9, 10, 11}, random_labels(1 + random.below(50), 30, random), random.next());
    std::vector<native::EntryStatistics> statistics(content.tables.labels.size());
    for (std::size_t i = 0; i < content.tables.blocks.size(); ++i) {
      const native::Box box = content.grid.box(i);
      for (const std::uint32_t entry : content.tables.entries_of(content.tables.blocks[i])) {
        native::EntryStatistics part{1 + random.below(3), box};
        for (std::size_t axis = 0; axis < 4; ++axis) {
          part.box.begin[axis] += random.below(box.end[axis] - box.begin[axis]);
          part.box.end[axis] -= random.below(part.box.end[axis] - part.box.begin[axis]);
        }
        part.count = 1;
        statistics[entry].add(part);
      }
    }
    const Stream bytes = native::write_statistics(statistics, content.tables, content.grid);
    const auto found = native::read_statistics({bytes.data(), bytes.size(), 1, 0, "statistics"},
                                               content.tables, content.grid);
    REQUIRE(found.size() == statistics.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i].count == statistics[i].count);
      CHECK(found[i].box.begin == statistics[i].box.begin);
      CHECK(found[i].box.end == statistics[i].box.end);
    }
  }
}

TEST_CASE("tables beyond the caller's limits are refused") {
  const Limits none{.max_bytes = 0};
  Random random(105);
  const IndexContent content = make_content({12, 16, 20}, random_labels(100, 20, random), 106);
  const Stream bytes = native::write_footer(content);
  CHECK_NOTHROW(native::read_index(bytes, stream_bytes(content, bytes.size()), none));
}

}  // namespace
}  // namespace segpresso::test
