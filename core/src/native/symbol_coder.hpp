// A range coder for symbols of 16: 16 bits of range, whole symbols at once (docs/format.md).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "native/symbol_model.hpp"
#include "segpresso/error.hpp"

namespace segpresso::native {

inline unsigned normalizing_shift(std::uint32_t range) noexcept {
  return static_cast<unsigned>(std::countl_zero(range)) - 16;
}

// Bytes that the end of the encoder writes; a decoder reads as many zeros in place of those left out
// and as many again ahead of what it needs.
inline constexpr std::size_t flushed = 8;

class SymbolEncoder {
 public:
  void start() {
    bytes_.clear();
    low_ = 0;
    range_ = 0xFFFF;
    pending_ = 0;
  }

  void encode(const SymbolModel& model, unsigned symbol) {
    const std::uint32_t low = share_begin(model, symbol, range_);
    const std::uint32_t high =
        symbol + 1 < symbols ? share_begin(model, symbol + 1, range_) : range_;
    low_ += low;
    range_ = high - low;
    const unsigned shift = normalizing_shift(range_);
    range_ <<= shift;
    low_ <<= shift;
    pending_ += shift;
    if (pending_ >= 32) emit();
  }

  // The finished bytes; valid until the next start.
  std::span<const std::uint8_t> finish() {
    // The multiple of 2^15 in [low, low + range), so that the zeros a decoder reads beyond the end
    // complete it.
    low_ = (low_ + 0x7FFF) & ~std::uint64_t{0x7FFF};
    low_ <<= 32 - pending_;
    pending_ = 32;
    emit();
    low_ <<= 32;
    pending_ = 32;
    emit();
    for (unsigned i = 0; i < flushed && bytes_.back() == 0; ++i) bytes_.pop_back();
    return bytes_;
  }

 private:
  // Moves 32 bits from `low_` to the bytes, adding the carry to what is there.
  void emit() {
    pending_ -= 32;
    const std::uint64_t bits = low_ >> (16 + pending_);
    low_ &= (std::uint64_t{1} << (16 + pending_)) - 1;
    if (bits >> 32 != 0) {
      std::size_t i = bytes_.size();
      while (++bytes_[--i] == 0) {
      }
    }
    const auto word = __builtin_bswap32(static_cast<std::uint32_t>(bits));
    const std::size_t size = bytes_.size();
    bytes_.resize(size + 4);
    std::memcpy(bytes_.data() + size, &word, 4);
  }

  std::vector<std::uint8_t> bytes_;
  std::uint64_t low_ = 0;
  std::uint32_t range_ = 0xFFFF;
  unsigned pending_ = 0;  // bits of `low_` above its last 16
};

class SymbolDecoder {
 public:
  explicit SymbolDecoder(std::span<const std::uint8_t> bytes) : bytes_(bytes) { refill(); }

  template <class Lanes>
  [[gnu::always_inline]] inline unsigned decode(const SymbolModel& model) {
    alignas(16) std::uint16_t bound[symbols + 1];
    bound[symbols] = static_cast<std::uint16_t>(range_);
    const unsigned symbol =
        Lanes::find(model, range_, static_cast<std::uint32_t>(window_ >> 48), bound);
    const std::uint32_t low = bound[symbol];
    range_ = bound[symbol + 1] - low;
    window_ -= std::uint64_t{low} << 48;
    const unsigned shift = normalizing_shift(range_);
    range_ <<= shift;
    window_ <<= shift;
    spare_ -= static_cast<int>(shift);
    if (spare_ < 0) [[unlikely]] refill();
    return symbol;
  }

 private:
  // Tops the window up to at least 56 bits. Inlined, and `last_bytes` takes values, so that a copy
  // of the decoder can live in registers.
  [[gnu::always_inline]] inline void refill() {
    const int count = (47 - spare_) / 8;
    std::uint64_t word = 0;
    if (next_ + 8 <= bytes_.size()) [[likely]] {
      std::memcpy(&word, bytes_.data() + next_, 8);
      word = __builtin_bswap64(word);
    } else {
      word = last_bytes(bytes_, next_);
    }
    next_ += static_cast<unsigned>(count);
    spare_ += 8 * count;
    window_ |= word >> (64 - 8 * count) << (48 - spare_);
  }

  // 8 bytes where they are the last ones, or beyond.
  [[gnu::noinline]] static std::uint64_t last_bytes(std::span<const std::uint8_t> bytes,
                                                    std::size_t next) {
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

  std::span<const std::uint8_t> bytes_;
  std::size_t next_ = 0;
  std::uint64_t window_ = 0;  // the top 16 bits are compared; `spare_` more are there
  std::uint32_t range_ = 0xFFFF;
  int spare_ = -16;
};

}  // namespace segpresso::native
