// How cpso stores windows: the length of a run of index 0 and a set bit, or an index and a clear
// bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "compresso/window_encoder.hpp"

namespace segpresso::compresso {

// Number of words of `width` (1, 2, 4 or 8) bytes that a part takes.
std::size_t count_cpso_words(const WindowEncoder::Part& part, unsigned width);

// Writes them to memory that need not be aligned.
void write_cpso_words(const WindowEncoder::Part& part, unsigned width, std::uint8_t* to);

}  // namespace segpresso::compresso
