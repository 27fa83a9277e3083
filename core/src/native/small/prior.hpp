// What the tables are before a block: learned beforehand from volumes of many kinds by
// tools/train_small.py, and packed (docs/format_small.md section 11).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "native/small/mixing.hpp"

namespace segpresso::native::small {

// The prior of the format, unpacked once per process.
const Tables& prior();

// Keeps of trained tables what is worth its bytes.
std::vector<std::uint8_t> pack_prior(const Tables& trained);
Tables unpack_prior(std::span<const std::uint8_t> packed);

// The packed prior in digits of base 85; written by tools/train_small.py.
extern const std::span<const char* const> prior_digits;

}  // namespace segpresso::native::small
