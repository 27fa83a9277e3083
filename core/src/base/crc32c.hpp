// CRC-32C (Castagnoli polynomial, reflected, as in RFC 3720): the checksum of the native stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/cpu.hpp"

namespace segpresso {

// Continues the register `state` (not inverted) over `size` bytes.
using Crc32cUpdate = std::uint32_t (*)(std::uint32_t state, const std::uint8_t* data,
                                       std::size_t size);

// The kernel for an instruction set that `simd_available`; the one with tables if this machine has
// no instruction for it.
Crc32cUpdate crc32c_update(Simd simd);

inline std::uint32_t crc32c(std::span<const std::uint8_t> bytes) {
  static const Crc32cUpdate update = crc32c_update(active_simd());
  return ~update(~std::uint32_t{0}, bytes.data(), bytes.size());
}

}  // namespace segpresso
