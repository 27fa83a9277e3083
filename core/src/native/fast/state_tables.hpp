// The tables of the coders, made of the trained shares once per process.
#pragma once

#include <array>
#include <cstdint>

#include "native/fast/symbol_model.hpp"
#include "native/fast/tables.hpp"

namespace segpresso::native::fast {

// What a decoder does in a state: bits 0 to 3 are the symbol, bits 4 to 7 the number of bits that
// complete the next state, bits 8 to 15 that state without them.
using Step = std::uint16_t;
using DecodingTables = std::array<std::array<Step, states>, contexts>;

const DecodingTables& decoding_tables();

// What an encoder does for a symbol in a state s + `states`.
struct SymbolStep {
  std::uint32_t bits;   // (s + states + `bits`) >> 16 low bits go out
  std::uint32_t first;  // `next` at this plus what is left is the next state; may wrap
};

struct EncodingTables {
  std::array<std::array<SymbolStep, symbols>, contexts> steps;
  std::array<std::array<std::uint8_t, states>, contexts> next;
};

const EncodingTables& encoding_tables();

}  // namespace segpresso::native::fast
