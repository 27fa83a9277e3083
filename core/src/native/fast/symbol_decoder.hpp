// The decoder of symbols (docs/format_fast.md).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "native/fast/state_tables.hpp"

namespace segpresso::native::fast {

// The 8 bytes from `next` on, the first one highest, near the end or beyond it: there are zeros.
// Throws where an honest stream never gets to.
std::uint64_t last_symbol_bytes(std::span<const std::uint8_t> bytes, std::size_t next);

class SymbolDecoder {
 public:
  [[gnu::always_inline]] explicit SymbolDecoder(std::span<const std::uint8_t> bytes)
      : bytes_(bytes), tables_(decoding_tables().data()) {
    refill();
    // The first bit that is set marks the beginning.
    take(static_cast<unsigned>(std::countl_zero(window_ | std::uint64_t{1} << 56)) + 1);
    refill();
    state_ = bits(state_bits);
    other_ = bits(state_bits);
  }

  // Two states take turns, so that a processor need not wait for one before it goes on.
  [[gnu::always_inline]] unsigned decode(unsigned context) {
    const unsigned step = tables_[context][state_];
    const unsigned count = step >> 4 & 15;
    const auto low = static_cast<std::uint32_t>(window_ >> 1 >> (63 - count));
    state_ = std::exchange(other_, (step >> 8) + low);
    take(count);
    if (spare_ < 0) [[unlikely]]
      refill();
    return step & 15;
  }

  // A number of 0 to 32 bits.
  [[gnu::always_inline]] std::uint32_t bits(unsigned count) {
    if (spare_ + static_cast<int>(reserve) < static_cast<int>(count)) refill();
    const auto value = static_cast<std::uint32_t>(window_ >> 1 >> (63 - count));
    take(count);
    if (spare_ < 0) [[unlikely]]
      refill();
    return value;
  }

 private:
  static constexpr unsigned reserve = state_bits;

  [[gnu::always_inline]] void take(unsigned count) {
    window_ <<= count;
    spare_ -= static_cast<int>(count);
  }

  // Tops the window up to at least 56 bits. Inlined, and the rare case takes values, so that a
  // copy of the decoder can live in registers.
  [[gnu::always_inline]] void refill() {
    const int valid = spare_ + static_cast<int>(reserve);
    const int count = (63 - valid) / 8;
    std::uint64_t word = 0;
    if (next_ + 8 <= bytes_.size()) [[likely]] {
      std::memcpy(&word, bytes_.data() + next_, 8);
      word = __builtin_bswap64(word);
    } else {
      word = last_symbol_bytes(bytes_, next_);
    }
    next_ += static_cast<unsigned>(count);
    spare_ += 8 * count;
    // Bits below the whole bytes are shifted in again later, as they are.
    window_ |= word >> valid;
  }

  std::span<const std::uint8_t> bytes_;
  const std::array<Step, states>* tables_;
  std::size_t next_ = 0;
  std::uint64_t window_ = 0;  // from the highest bit on; `reserve` and `spare_` more are valid
  std::uint32_t state_ = 0;
  std::uint32_t other_ = 0;
  int spare_ = -static_cast<int>(reserve);
};

}  // namespace segpresso::native::fast
