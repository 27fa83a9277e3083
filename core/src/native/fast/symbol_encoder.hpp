// The encoder of a range coder for symbols of 16: 16 bits of range (docs/format_fast.md).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "native/fast/symbol_model.hpp"

namespace segpresso::native::fast {

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

}  // namespace segpresso::native::fast
