// Eight bytes at a time by tables ("slicing by 8").
#include <array>
#include <cstring>

#include "base/crc32c_isa.hpp"

namespace segpresso {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr std::uint32_t polynomial = 0x82F63B78;  // reflected

// tables[k][b] is what byte b contributes when k more bytes follow it.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t state = byte;
    for (int bit = 0; bit < 8; ++bit) state = (state >> 1) ^ ((state & 1) != 0 ? polynomial : 0);
    tables[0][byte] = state;
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr Tables tables = make_tables();

}  // namespace

std::uint32_t crc32c_scalar(std::uint32_t state, const std::uint8_t* data, std::size_t size) {
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data + i, sizeof word);
    word ^= state;
    state = 0;
    for (std::size_t k = 0; k < 8; ++k) state ^= tables[7 - k][word >> (8 * k) & 0xFF];
  }
  for (; i < size; ++i) state = (state >> 8) ^ tables[0][(state ^ data[i]) & 0xFF];
  return state;
}

}  // namespace segpresso
