// CRC-32C: known values, and every kernel on every length and alignment.
#include <doctest/doctest.h>

#include <numeric>
#include <string_view>
#include <vector>

#include "base/crc32c.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

std::uint32_t crc_of(Crc32cUpdate update, std::span<const std::uint8_t> bytes) {
  return ~update(~std::uint32_t{0}, bytes.data(), bytes.size());
}

TEST_CASE("the values of RFC 3720 and of the catalogue of checksums") {
  constexpr std::string_view digits = "123456789";
  const std::vector<std::uint8_t> check(digits.begin(), digits.end());
  const std::vector<std::uint8_t> zeros(32, 0);
  const std::vector<std::uint8_t> ones(32, 0xFF);
  std::vector<std::uint8_t> ascending(32);
  std::iota(ascending.begin(), ascending.end(), std::uint8_t{0});
  for (const Simd simd : available_simd()) {
    const Crc32cUpdate update = crc32c_update(simd);
    CHECK(crc_of(update, {}) == 0);
    CHECK(crc_of(update, check) == 0xE3069283);
    CHECK(crc_of(update, zeros) == 0x8A9136AA);
    CHECK(crc_of(update, ones) == 0x62A8AB43);
    CHECK(crc_of(update, ascending) == 0x46DD794E);
  }
  CHECK(crc32c(check) == 0xE3069283);
}

TEST_CASE("all kernels agree") {
  Random random(51);
  std::vector<std::uint8_t> bytes(200);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  const Crc32cUpdate scalar = crc32c_update(Simd::scalar);
  for (const Simd simd : available_simd()) {
    const Crc32cUpdate update = crc32c_update(simd);
    for (std::size_t begin = 0; begin < 9; ++begin) {
      for (std::size_t size = 0; size + begin <= bytes.size(); ++size) {
        const auto state = static_cast<std::uint32_t>(random.next());
        REQUIRE(update(state, bytes.data() + begin, size) ==
                scalar(state, bytes.data() + begin, size));
      }
    }
  }
}

}  // namespace
}  // namespace segpresso::test
