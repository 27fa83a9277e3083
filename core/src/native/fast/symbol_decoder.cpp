#include "native/fast/symbol_decoder.hpp"

#include "segpresso/error.hpp"

namespace segpresso::native::fast {

std::uint64_t last_symbol_bytes(std::span<const std::uint8_t> bytes, std::size_t next) {
  constexpr std::size_t window = 8;  // what a decoder holds beyond the bits that it needs
  if (next > bytes.size() + window) {
    throw Error(ErrorKind::truncated, "structure: the symbols end too early", "structure",
                bytes.size());
  }
  std::uint64_t word = 0;
  for (std::size_t i = next; i < next + 8; ++i) {
    word = word << 8 | (i < bytes.size() ? bytes[i] : 0);
  }
  return word;
}

}  // namespace segpresso::native::fast
