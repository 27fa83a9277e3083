// A binary range coder for many well-predicted decisions: 64-bit state, refilled 32 bits at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"

namespace segpresso::native::balanced {

// Probabilities of a one, in 1/65536; never 0 or 65536.
inline constexpr unsigned probability_bits = 16;
inline constexpr std::uint32_t even_odds = 1U << (probability_bits - 1);

// Bytes that a decoder may read beyond the end of a stream, as zeros.
inline constexpr std::size_t slack = 8;

class BinaryEncoder {
 public:
  static constexpr bool decodes = false;

  // Makes room for so many bits: one is written as a whole word at most.
  void reserve(std::size_t bits) {
    if (words_.size() < count_ + bits) words_.resize(2 * (count_ + bits));
  }

  // Without a branch that depends on the bit.
  void code(std::uint32_t probability, bool bit) {
    const std::uint64_t bound = (range_ >> probability_bits) * probability;
    const std::uint64_t below = bit ? 0 : bound;
    low_ += below;
    if (low_ < below) carry();
    range_ = bit ? bound : range_ - bound;
    if (range_ < (std::uint64_t{1} << 32)) {
      words_[count_++] = static_cast<std::uint32_t>(low_ >> 32);
      low_ <<= 32;
      range_ <<= 32;
    }
  }

  // Appends the stream, without zeros at its end that a decoder adds, and begins a new one.
  void finish(ByteWriter& out) {
    // Any value of [low, low + range) will do: the one with the most zeros at its end.
    for (unsigned kept = 0; kept <= 64; kept += 8) {
      const std::uint64_t mask = kept == 0 ? ~std::uint64_t{0} : (~std::uint64_t{0} >> kept);
      if (kept == 64) break;
      const std::uint64_t value = (low_ + mask) & ~mask;
      const bool wraps = low_ + mask < low_;
      if (value - low_ < range_) {
        if (wraps) carry();
        low_ = value;
        break;
      }
    }
    reserve(2);
    words_[count_++] = static_cast<std::uint32_t>(low_ >> 32);
    words_[count_++] = static_cast<std::uint32_t>(low_);
    std::size_t bytes = count_ * 4;
    const std::size_t least = bytes - slack;
    while (bytes > least && byte(bytes - 1) == 0) --bytes;
    for (std::size_t i = 0; i < bytes; ++i) out.write(byte(i));
    count_ = 0;
    low_ = 0;
    range_ = ~std::uint64_t{0};
  }

 private:
  void carry() noexcept {
    for (std::size_t i = count_; i > 0; --i) {
      if (++words_[i - 1] != 0) return;
    }
  }

  // Words are stored with their highest byte first.
  [[nodiscard]] std::uint8_t byte(std::size_t i) const noexcept {
    return static_cast<std::uint8_t>(words_[i / 4] >> (24 - 8 * (i % 4)));
  }

  std::vector<std::uint32_t> words_;
  std::size_t count_ = 0;  // of these that are written
  std::uint64_t low_ = 0;
  std::uint64_t range_ = ~std::uint64_t{0};
};

class BinaryDecoder {
 public:
  static constexpr bool decodes = true;

  explicit BinaryDecoder(const PackedArray& stream)
      : stream_(stream), data_(stream.bytes_of(0, stream.size())), size_(stream.size()) {
    value_ = std::uint64_t{next()} << 32;
    value_ |= next();
  }

  bool code(std::uint32_t probability) {
    const std::uint64_t bound = (range_ >> probability_bits) * probability;
    const bool bit = value_ < bound;
    if (bit) {
      range_ = bound;
    } else {
      value_ -= bound;
      range_ -= bound;
    }
    if (range_ < (std::uint64_t{1} << 32)) {
      range_ <<= 32;
      value_ = value_ << 32 | next();
    }
    return bit;
  }

  // Raises an error if more has been read than the stream holds.
  void check() const {
    if (at_ > size_ + slack) {
      stream_.fail(ErrorKind::truncated, "ends before all voxels are decoded", size_);
    }
  }

 private:
  std::uint32_t next() noexcept {
    std::uint32_t word = 0;
    if (at_ + 4 <= size_) {
      word = std::uint32_t{data_[at_]} << 24 | std::uint32_t{data_[at_ + 1]} << 16 |
             std::uint32_t{data_[at_ + 2]} << 8 | data_[at_ + 3];
    } else {
      for (std::size_t i = at_; i < at_ + 4; ++i) word = word << 8 | (i < size_ ? data_[i] : 0U);
    }
    at_ += 4;
    return word;
  }

  PackedArray stream_;
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
  std::uint64_t value_ = 0;
  std::uint64_t range_ = ~std::uint64_t{0};
};

}  // namespace segpresso::native::balanced
