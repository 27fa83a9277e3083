// The decoder of the range coder (docs/format_fast.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "native/fast/symbol_model.hpp"

namespace segpresso::native::fast {

// The 8 bytes from `next` on, the first one highest, near the end or beyond it: there are zeros.
// Throws where an honest stream never gets to.
std::uint64_t last_symbol_bytes(std::span<const std::uint8_t> bytes, std::size_t next);

class SymbolDecoder {
 public:
  [[gnu::always_inline]] explicit SymbolDecoder(std::span<const std::uint8_t> bytes)
      : bytes_(bytes) {
    refill();
  }

  template <class Lanes>
  [[gnu::always_inline]] unsigned decode(const SymbolModel& model) {
    alignas(32) std::array<std::uint16_t, symbols + 1> bound;  // NOLINT: `find` fills it
    bound[symbols] = static_cast<std::uint16_t>(range_);
    const unsigned symbol =
        Lanes::find(model, range_, static_cast<std::uint32_t>(window_ >> 48), bound.data());
    const std::uint32_t low = bound[symbol];
    range_ = bound[symbol + 1] - low;
    window_ -= std::uint64_t{low} << 48;
    const unsigned shift = normalizing_shift(range_);
    range_ <<= shift;
    window_ <<= shift;
    spare_ -= static_cast<int>(shift);
    if (spare_ < 0) [[unlikely]]
      refill();
    return symbol;
  }

 private:
  // Tops the window up to at least 56 bits. Inlined, and the rare case takes values, so that a
  // copy of the decoder can live in registers.
  [[gnu::always_inline]] void refill() {
    const int count = (47 - spare_) / 8;
    std::uint64_t word = 0;
    if (next_ + 8 <= bytes_.size()) [[likely]] {
      std::memcpy(&word, bytes_.data() + next_, 8);
      word = __builtin_bswap64(word);
    } else {
      word = last_symbol_bytes(bytes_, next_);
    }
    next_ += static_cast<unsigned>(count);
    spare_ += 8 * count;
    window_ |= word >> (64 - 8 * count) << (48 - spare_);
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t next_ = 0;
  std::uint64_t window_ = 0;  // the top 16 bits are compared; `spare_` more are there
  std::uint32_t range_ = 0xFFFF;
  int spare_ = -16;
};

}  // namespace segpresso::native::fast
