// The kernels of each instruction set; `crc32c.cpp` chooses.
#pragma once

#include "base/crc32c.hpp"

namespace segpresso {

std::uint32_t crc32c_scalar(std::uint32_t state, const std::uint8_t* data, std::size_t size);
#if defined(__x86_64__)
std::uint32_t crc32c_sse42(std::uint32_t state, const std::uint8_t* data, std::size_t size);
#elif defined(__aarch64__)
std::uint32_t crc32c_arm(std::uint32_t state, const std::uint8_t* data, std::size_t size);
#endif

}  // namespace segpresso
