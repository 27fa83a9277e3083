// Packed indices: any number of labels, any part of any row.
#include <doctest/doctest.h>

#include <numeric>
#include <vector>

#include "native/packed_block.hpp"
#include "support/codecs.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using native::BlockShape;
using native::PackedRows;

PackedArray array_of(const Stream& bytes) { return {bytes.data(), bytes.size(), 1, 0, "block"}; }

TEST_CASE("parts of rows come back, in the order of the labels") {
  Random random(91);
  const BlockShape shape{37, 5, 3};
  for (const std::uint32_t labels : {2U, 3U, 4U, 5U, 256U, 257U, 65535U, 65536U, 100000U}) {
    CAPTURE(labels);
    std::vector<std::uint32_t> order(labels);
    std::iota(order.rbegin(), order.rend(), 0U);
    std::vector<std::uint32_t> indices(shape.voxels());
    for (std::uint32_t& index : indices) index = static_cast<std::uint32_t>(random.below(labels));
    ByteWriter out;
    native::encode_packed(indices, order, out);
    const Stream bytes = out.take();
    REQUIRE(bytes.size() == native::packed_bytes(shape, labels));
    PackedRows rows(array_of(bytes), shape, labels);
    for (std::uint32_t z = 0; z < shape.z; ++z) {
      for (std::uint32_t y = 0; y < shape.y; ++y) {
        const auto begin = static_cast<std::uint32_t>(random.below(shape.x));
        const auto end = begin + 1 + static_cast<std::uint32_t>(random.below(shape.x - begin));
        const std::uint32_t* row = rows.read(z, y, begin, end);
        for (std::uint32_t x = begin; x < end; ++x) {
          CHECK(row[x - begin] == order[indices[x + shape.x * (y + shape.y * z)]]);
        }
      }
    }
  }
}

TEST_CASE("wrong sizes and indices beyond the labels are errors") {
  const Stream bytes(7, 0xFF);
  CHECK(kind_of_error([&] { PackedRows(array_of(bytes), {10, 3, 1}, 3); }) == ErrorKind::corrupt);
  PackedRows four(array_of(bytes), {9, 3, 1}, 4);
  CHECK(four.read(0, 2, 0, 9)[8] == 3);
  PackedRows three(array_of(bytes), {9, 3, 1}, 3);
  CHECK(kind_of_error([&] { three.read(0, 2, 8, 9); }) == ErrorKind::corrupt);
}

}  // namespace
}  // namespace segpresso::test
