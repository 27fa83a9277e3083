// Nothing is read outside the stream, and errors say where it went wrong.
#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <vector>

#include "base/arithmetic.hpp"
#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "support/codecs.hpp"

namespace segpresso::test {
namespace {

TEST_CASE("integers of any width are little-endian") {
  std::vector<std::uint8_t> bytes;
  for (std::uint8_t i = 1; i <= 24; ++i) bytes.push_back(i);
  for (unsigned width = 1; width <= 8; ++width) {
    ByteReader reader(bytes);
    reader.array(1, 1, "skipped");  // from here on nothing is aligned
    const PackedArray array = reader.array(2, width, "numbers");
    CHECK(array.size() == 2);
    CHECK(array.width() == width);
    CHECK(array.bytes() == 2 * width);
    CHECK(reader.offset() == 1 + 2 * width);
    CHECK(reader.remaining() == bytes.size() - 1 - 2 * width);
    for (std::size_t i = 0; i < 2; ++i) {
      std::uint64_t expected = 0;
      for (unsigned b = 0; b < width; ++b) {
        expected |= std::uint64_t{bytes[1 + i * width + b]} << (8 * b);
      }
      CHECK(array[i] == expected);
      CHECK(array.offset(i) == 1 + i * width);
    }
  }
}

TEST_CASE("what the writer writes, the reader reads") {
  ByteWriter writer;
  writer.write(std::uint8_t{0xFE});
  writer.write(std::uint32_t{0xDEADBEEF});
  writer.write(std::uint64_t{0x0123456789ABCDEF}, 5);
  const std::array<std::uint16_t, 3> numbers{1, 2, 65535};
  writer.write_all(std::span<const std::uint16_t>(numbers));
  writer.write_all(std::span<const std::uint16_t>(numbers), 3);
  CHECK(writer.size() == 1 + 4 + 5 + 6 + 9);
  const std::vector<std::uint8_t> bytes = writer.take();
  ByteReader reader(bytes);
  CHECK(reader.read<std::uint8_t>("a") == 0xFE);
  CHECK(reader.read<std::uint32_t>("b") == 0xDEADBEEF);
  CHECK(reader.array(1, 5, "c")[0] == 0x6789ABCDEF);
  const PackedArray tight = reader.array(3, 2, "d");
  const PackedArray wide = reader.array(3, 3, "e");
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(tight[i] == numbers[i]);
    CHECK(wide[i] == numbers[i]);
  }
  CHECK(reader.remaining() == 0);
}

TEST_CASE("an array that the stream does not hold is a truncation") {
  const std::vector<std::uint8_t> bytes(10);
  for (unsigned width = 1; width <= 8; ++width) {
    const std::uint64_t fitting = bytes.size() / width;
    ByteReader reader(bytes);
    CHECK_NOTHROW(ByteReader(bytes).array(fitting, width, "numbers"));
    for (const std::uint64_t count : {fitting + 1, std::uint64_t{1} << 61, std::uint64_t{1} << 63,
                                      std::numeric_limits<std::uint64_t>::max()}) {
      CHECK(kind_of_error([&] { reader.array(count, width, "numbers"); }) == ErrorKind::truncated);
    }
    CHECK(reader.offset() == 0);
  }
  CHECK(kind_of_error([] { ByteReader({}).read<std::uint8_t>("header"); }) == ErrorKind::truncated);
}

TEST_CASE("an index behind an array is corruption, at a known place") {
  const std::vector<std::uint8_t> bytes(10);
  ByteReader reader(bytes);
  reader.array(2, 1, "header");
  const PackedArray array = reader.array(2, 4, "numbers");
  CHECK_NOTHROW(array[1]);
  for (const std::size_t i : {std::size_t{2}, SIZE_MAX / 4 + 1, SIZE_MAX}) {
    try {
      (void)array[i];
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::corrupt);
      CHECK(error.section() == "numbers");
      CHECK(error.offset() == 10);
    }
  }
  CHECK(kind_of_error([] { (void)PackedArray()[0]; }) == ErrorKind::corrupt);
}

TEST_CASE("the bytes of a part of an array lie within it") {
  const std::vector<std::uint8_t> bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const PackedArray array = ByteReader(bytes).array(5, 2, "numbers");
  CHECK(array.bytes_of(0, 5) == bytes.data());
  CHECK(array.bytes_of(2, 3) == bytes.data() + 4);
  CHECK(array.bytes_of(5, 0) == bytes.data() + 10);
  CHECK_THROWS_AS((void)array.bytes_of(0, 6), Error);
  CHECK_THROWS_AS((void)array.bytes_of(6, 0), Error);
  CHECK_THROWS_AS((void)array.bytes_of(1, SIZE_MAX), Error);
}

TEST_CASE("sizes that do not fit the address space are refused") {
  const std::size_t half = std::size_t{1} << 32;
  CHECK(checked_multiply(half, half - 1, "it") == half * (half - 1));
  CHECK(kind_of_error([&] { checked_multiply(half, half, "it"); }) == ErrorKind::limit);
  CHECK(checked_voxels({3, 4, 5}) == 60);
  CHECK(kind_of_error([&] { checked_voxels({half, 2, half / 2}); }) == ErrorKind::limit);
  CHECK(divide_up(SIZE_MAX, std::size_t{2}) == SIZE_MAX / 2 + 1);
  CHECK(round_up(0, 8) == 0);
  CHECK(round_up(1, 8) == 8);
  CHECK(round_up(8, 8) == 8);
}

}  // namespace
}  // namespace segpresso::test
