#include "native/fast/symbol_decoder.hpp"

#include "segpresso/error.hpp"

namespace segpresso::native::fast {

std::uint64_t last_symbol_bytes(std::span<const std::uint8_t> bytes, std::size_t next) {
  if (next >= bytes.size() + 2 * flushed) {
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
