// Binary range coder of the models that learn: a 64-bit state, refilled 32 bits at a time
// (docs/format_balanced.md section 1, docs/format_small.md section 2).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/byte_reader.hpp"

namespace segpresso::native {

// Probabilities are those of a 1, in 1 / 65536, from 1 to 65535.
using Probability = std::uint32_t;
inline constexpr unsigned probability_bits = 16;
inline constexpr Probability even_odds = 1U << (probability_bits - 1);

// Bytes by which a decoder may look beyond the payload, whose last zeros are not stored.
inline constexpr std::size_t unstored_zeros = 8;

class RangeEncoder {
 public:
  static constexpr bool encoding = true;

  // Codes `bit` and returns it, so that models need not know which coder they have. No branch
  // depends on it.
  bool code(Probability one, bool bit) {
    const std::uint64_t bound = (range_ >> probability_bits) * one;
    const std::uint64_t below = bit ? 0 : bound;
    low_ += below;
    if (low_ < below) carry();
    range_ = bit ? bound : range_ - bound;
    if (range_ < (std::uint64_t{1} << 32)) {
      emit(4);
      range_ <<= 32;
    }
    return bit;
  }

  // Ends the payload with as few bytes as identify the last interval.
  std::span<const std::uint8_t> finish() {
    for (unsigned zeros = 64; zeros-- > 0;) {
      const std::uint64_t mask = (std::uint64_t{1} << zeros) - 1;
      const std::uint64_t value = (low_ + mask) & ~mask;
      if (value - low_ >= range_) continue;
      if (value < low_) carry();
      low_ = value;
      break;
    }
    emit(8);
    for (std::size_t i = 0; i < unstored_zeros && bytes_.back() == 0; ++i) bytes_.pop_back();
    return bytes_;
  }

  void restart() {
    bytes_.clear();
    low_ = 0;
    range_ = ~std::uint64_t{0};
  }

 private:
  void emit(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      bytes_.push_back(static_cast<std::uint8_t>(low_ >> 56));
      low_ <<= 8;
    }
  }

  // Adds 1 to the bytes before `low_`. All of them being 255 would need more than probability 1.
  void carry() {
    auto byte = bytes_.rbegin();
    while (++*byte == 0) ++byte;
  }

  std::vector<std::uint8_t> bytes_;
  std::uint64_t low_ = 0;
  std::uint64_t range_ = ~std::uint64_t{0};
};

class RangeDecoder {
 public:
  static constexpr bool encoding = false;

  explicit RangeDecoder(const PackedArray& payload) : payload_(payload) {
    load_bytes();
    load_bytes();
  }

  // The second argument is only there to match `RangeEncoder`.
  bool code(Probability one, bool /*unknown*/ = false) {
    const std::uint64_t bound = (range_ >> probability_bits) * one;
    const bool bit = value_ < bound;
    if (bit) {
      range_ = bound;
    } else {
      value_ -= bound;
      range_ -= bound;
    }
    if (range_ < (std::uint64_t{1} << 32)) [[unlikely]] {
      load();
      range_ <<= 32;
    }
    return bit;
  }

  // Called now and then: raises an error if more bytes were needed than can have been left out.
  void check_not_exhausted() const {
    if (position_ > payload_.size() + unstored_zeros) {
      payload_.fail(ErrorKind::truncated, "the structure ends too early", payload_.size());
    }
  }
  // Called at the end of a block.
  void check_all_used() const {
    check_not_exhausted();
    if (position_ < payload_.size()) {
      payload_.fail(ErrorKind::corrupt, "bytes follow the structure", position_);
    }
  }

 private:
  // The next four bytes of the payload: a few instructions, as they stand wherever a decision is
  // decoded.
  void load() {
    if (position_ + word_bytes > payload_.size()) [[unlikely]]
      return load_bytes();
    std::uint32_t word = 0;
    std::memcpy(&word, payload_.bytes_of(position_, word_bytes), word_bytes);
    value_ = value_ << 32 | __builtin_bswap32(word);
    position_ += word_bytes;
  }

  // The same at the payload's end, behind which there are zeros.
  [[gnu::noinline]] void load_bytes() {
    for (std::size_t i = 0; i < word_bytes; ++i, ++position_) {
      const std::uint64_t byte = position_ < payload_.size() ? payload_[position_] : 0;
      value_ = value_ << 8 | byte;
    }
  }

  static constexpr std::size_t word_bytes = sizeof(std::uint32_t);

  PackedArray payload_;
  std::uint64_t value_ = 0;
  std::uint64_t range_ = ~std::uint64_t{0};
  std::size_t position_ = 0;
};

}  // namespace segpresso::native
