// A range coder for binary decisions (docs/format.md section 5.1).
//
// Encoder and decoder offer the same functions, so that one description of a structure serves both
// directions: `bit(model, value)` returns the value, which the decoder finds out and the encoder is
// told.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_reader.hpp"

namespace segpresso::entropy {

// How probable a decision is to be 1, in 1/65536. It learns fast at first: the n-th observation has
// weight 1/(n + 2), from the 30th on 1/32.
class AdaptiveBit {
 public:
  [[nodiscard]] std::uint32_t probability() const noexcept { return probability_; }

  // Never reaches 0 or 65536, since what is added or taken off is rounded down.
  void learn(bool bit) noexcept {
    const std::uint32_t rate = rates[seen_];
    if (bit) {
      probability_ += static_cast<std::uint16_t>(((65536 - probability_) * rate) >> 16);
    } else {
      probability_ -= static_cast<std::uint16_t>((probability_ * rate) >> 16);
    }
    if (seen_ + 1U < rates.size()) ++seen_;
  }

 private:
  static constexpr std::array<std::uint16_t, 31> rates = [] {
    std::array<std::uint16_t, 31> result{};
    for (std::uint32_t n = 0; n < result.size(); ++n) {
      result[n] = static_cast<std::uint16_t>(65536 / (n + 2));
    }
    return result;
  }();

  std::uint16_t probability_ = 32768;
  std::uint8_t seen_ = 0;
};

// Narrows an interval. `Output` is told what is added to its lower end, and when its size has room
// for one byte more.
template <class Output>
class IntervalEncoder {
 public:
  static constexpr bool decodes = false;

  bool bit(AdaptiveBit& model, bool value) {
    const std::uint32_t bound = (range_ >> 16) * model.probability();
    if (value) {
      range_ = bound;
    } else {
      output_.add(bound);
      range_ -= bound;
    }
    model.learn(value);
    normalise();
    return value;
  }

  // The low `count` bits, equally probable, the most significant first.
  std::uint64_t raw(unsigned count, std::uint64_t value) {
    for (unsigned i = count; i-- > 0;) {
      range_ >>= 1;
      if ((value >> i & 1) != 0) output_.add(range_);
      normalise();
    }
    return value;
  }

  // One of `count` (1 to 65536) equally probable values.
  std::uint32_t uniform(std::uint32_t count, std::uint32_t value) {
    range_ /= count;
    output_.add(range_ * value);
    normalise();
    return value;
  }

 protected:
  [[nodiscard]] std::uint32_t range() const noexcept { return range_; }
  [[nodiscard]] Output& output() noexcept { return output_; }
  [[nodiscard]] const Output& output() const noexcept { return output_; }

 private:
  void normalise() {
    for (; range_ < (std::uint32_t{1} << 24); range_ <<= 8) output_.shift();
  }

  Output output_;
  std::uint32_t range_ = 0xFFFFFFFF;
};

// The lower end of an interval, and the bytes that it has left behind.
class IntervalBytes {
 public:
  void add(std::uint32_t value) {
    low_ += value;
    if (low_ >= value) return;
    // The sum of all additions is below 1, so that a carry always ends within the stream.
    std::size_t i = bytes_.size();
    while (++bytes_[--i] == 0) {
    }
  }

  void shift() {
    bytes_.push_back(static_cast<std::uint8_t>(low_ >> 24));
    low_ <<= 8;
  }

  // Ends with the number of an interval of this size that has most zero bytes at its end, which are
  // left out.
  std::vector<std::uint8_t> finish(std::uint32_t range) {
    for (std::uint32_t zeros = 0xFFFFFF;; zeros >>= 8) {
      const std::uint32_t more = (~low_ + 1) & zeros;  // up to the next multiple
      if (more >= range) continue;
      add(more);
      for (std::uint32_t rest = low_; rest != 0; rest <<= 8) {
        bytes_.push_back(static_cast<std::uint8_t>(rest >> 24));
      }
      return std::move(bytes_);
    }
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::uint32_t low_ = 0;
};

class BitEncoder : public IntervalEncoder<IntervalBytes> {
 public:
  std::vector<std::uint8_t> finish() { return output().finish(range()); }
};

struct ByteCount {
  std::size_t bytes = 0;

  void add(std::uint32_t /*value*/) const noexcept {}
  void shift() noexcept { ++bytes; }
};

// Counts what a `BitEncoder` would write: for comparing ways to code the same.
class BitCounter : public IntervalEncoder<ByteCount> {
 public:
  // To about one bit.
  [[nodiscard]] std::size_t bits() const noexcept {
    return 8 * output().bytes + static_cast<std::size_t>(std::countl_zero(range()));
  }
};

class BitDecoder {
 public:
  static constexpr bool decodes = true;

  explicit BitDecoder(const PackedArray& bytes) : bytes_(bytes) {
    for (int i = 0; i < 4; ++i) code_ = code_ << 8 | next();
  }

  bool bit(AdaptiveBit& model, bool = false) {
    const std::uint32_t bound = (range_ >> 16) * model.probability();
    const bool value = code_ < bound;
    if (value) {
      range_ = bound;
    } else {
      code_ -= bound;
      range_ -= bound;
    }
    model.learn(value);
    normalise();
    return value;
  }

  std::uint64_t raw(unsigned count, std::uint64_t = 0) {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
      range_ >>= 1;
      const bool one = code_ >= range_;
      if (one) code_ -= range_;
      value = value << 1 | static_cast<std::uint64_t>(one);
      normalise();
    }
    return value;
  }

  std::uint32_t uniform(std::uint32_t count, std::uint32_t = 0) {
    range_ /= count;
    // What the division leaves over belongs to no value.
    const std::uint32_t value = std::min(code_ / range_, count - 1);
    code_ -= range_ * value;
    normalise();
    return value;
  }

  // Raises an error if bytes are left: they would not belong to anything.
  void finish() const {
    if (at_ < bytes_.size()) fail("bytes are left behind its end");
  }

  [[noreturn]] void fail(const std::string& message, ErrorKind kind = ErrorKind::corrupt) const {
    bytes_.fail(kind, message, at_ < bytes_.size() ? at_ : bytes_.size());
  }

 private:
  // An encoder leaves out at most the last four bytes, which are zero.
  std::uint32_t next() {
    if (at_ < bytes_.size()) return static_cast<std::uint32_t>(bytes_[at_++]);
    if (++at_ > bytes_.size() + 4) fail("more is needed than it holds", ErrorKind::truncated);
    return 0;
  }

  void normalise() {
    while (range_ < (std::uint32_t{1} << 24)) {
      code_ = code_ << 8 | next();
      range_ <<= 8;
    }
  }

  PackedArray bytes_;
  std::size_t at_ = 0;
  std::uint32_t code_ = 0;
  std::uint32_t range_ = 0xFFFFFFFF;
};

}  // namespace segpresso::entropy
