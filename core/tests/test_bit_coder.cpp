// The range coder: what is coded comes back, compactly, and no input does harm.
#include <doctest/doctest.h>

#include <vector>

#include "entropy/adaptive_integer.hpp"
#include "entropy/bit_coder.hpp"
#include "support/codecs.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using entropy::AdaptiveBit;
using entropy::AdaptiveInteger;
using entropy::BitDecoder;
using entropy::BitEncoder;

PackedArray array_of(const Stream& bytes) { return {bytes.data(), bytes.size(), 1, 0, "test"}; }

TEST_CASE("decisions, raw bits and uniform values come back") {
  for (unsigned percent = 0; percent <= 100; percent += 10) {
    CAPTURE(percent);
    Random random(percent);
    BitEncoder encoder;
    AdaptiveBit models[3];
    for (unsigned i = 0; i < 5000; ++i) {
      encoder.bit(models[i % 3], random.chance(percent));
      encoder.raw(i % 65, i % 65 == 64 ? random.next() : random.next() >> (64 - i % 65) % 64);
      encoder.uniform(1 + i * 13 % 65536, static_cast<std::uint32_t>(i % (1 + i * 13 % 65536)));
    }
    const Stream bytes = encoder.finish();
    Random again(percent);
    BitDecoder decoder(array_of(bytes));
    AdaptiveBit same[3];
    bool all = true;
    for (unsigned i = 0; i < 5000; ++i) {
      all = all && decoder.bit(same[i % 3]) == again.chance(percent);
      const std::uint64_t raw = i % 65 == 64 ? again.next() : again.next() >> (64 - i % 65) % 64;
      const std::uint64_t mask =
          i % 65 == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << i % 65) - 1;
      all = all && decoder.raw(i % 65) == (raw & mask);
      all = all && decoder.uniform(1 + i * 13 % 65536) == i % (1 + i * 13 % 65536);
    }
    CHECK(all);
    CHECK_NOTHROW(decoder.finish());
  }
}

TEST_CASE("carries run through any number of bytes") {
  // Improbable decisions far up the interval, then certain ones at its lower end.
  for (unsigned count = 0; count < 200; ++count) {
    BitEncoder encoder;
    for (unsigned i = 0; i < count; ++i) encoder.uniform(255, 254);
    encoder.uniform(3, 2);
    encoder.raw(7, 127);
    const Stream bytes = encoder.finish();
    BitDecoder decoder(array_of(bytes));
    for (unsigned i = 0; i < count; ++i) REQUIRE(decoder.uniform(255) == 254);
    REQUIRE(decoder.uniform(3) == 2);
    REQUIRE(decoder.raw(7) == 127);
  }
}

TEST_CASE("nothing takes no bytes, and what is certain almost none") {
  CHECK(BitEncoder().finish().empty());
  BitEncoder encoder;
  AdaptiveBit model;
  for (unsigned i = 0; i < 10000; ++i) encoder.bit(model, true);
  CHECK(encoder.finish().size() < 5);
}

TEST_CASE("integers of every size come back") {
  std::vector<std::uint64_t> values{0, 1, 2, 3, UINT64_MAX, UINT64_MAX - 1};
  for (unsigned bit = 0; bit < 64; ++bit) {
    const std::uint64_t power = std::uint64_t{1} << bit;
    values.insert(values.end(), {power, power - 1, power + 1, power | power >> 1});
  }
  BitEncoder encoder;
  AdaptiveInteger model;
  for (const std::uint64_t value : values) model.code(encoder, value);
  const Stream bytes = encoder.finish();
  BitDecoder decoder(array_of(bytes));
  AdaptiveInteger same;
  for (const std::uint64_t value : values) CHECK(same.code(decoder) == value);
  decoder.finish();
}

TEST_CASE("bytes that are left, and bytes that are missing, are errors") {
  BitEncoder encoder;
  encoder.raw(60, 0x0123456789ABCDE);
  Stream bytes = encoder.finish();
  // A decoder looks up to four bytes ahead.
  bytes.insert(bytes.end(), 5, 1);
  BitDecoder longer(array_of(bytes));
  longer.raw(60);
  CHECK(kind_of_error([&] { longer.finish(); }) == ErrorKind::corrupt);
  BitDecoder shorter(array_of({}));
  CHECK(kind_of_error([&] {
          for (unsigned i = 0; i < 10; ++i) shorter.raw(8);
        }) == ErrorKind::truncated);
}

TEST_CASE("a few bytes hold only so many certain decisions") {
  BitDecoder decoder(array_of({}));
  AdaptiveBit model;
  std::size_t decisions = 0;
  CHECK(kind_of_error([&] {
          for (;; ++decisions) decoder.bit(model);
        }) == ErrorKind::truncated);
  CHECK(decisions < 100000);
}

}  // namespace
}  // namespace segpresso::test
