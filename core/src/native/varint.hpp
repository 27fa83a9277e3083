// Integers in as many groups of seven bits as they need, the lowest first (docs/format.md 1).
#pragma once

#include <cstdint>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"

namespace segpresso::native {

inline void write_varint(ByteWriter& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.write(static_cast<std::uint8_t>(value | 0x80));
  out.write(static_cast<std::uint8_t>(value));
}

inline std::uint64_t read_varint(ByteReader& reader, const char* section) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = reader.read<std::uint8_t>(section);
    const std::uint64_t group = byte & 0x7F;
    if (group << shift >> shift != group) break;
    value |= group << shift;
    if (byte < 0x80) return value;
  }
  reader.fail(ErrorKind::corrupt, "a number exceeds 64 bits", section);
}

}  // namespace segpresso::native
