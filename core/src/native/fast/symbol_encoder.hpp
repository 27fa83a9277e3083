// The encoder of symbols (docs/format_fast.md). States only lead backwards: symbols are kept, and
// coded from the last one to the first.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "native/fast/state_tables.hpp"

namespace segpresso::native::fast {

class SymbolEncoder {
 public:
  void start() { count_ = 0; }

  void encode(unsigned context, unsigned symbol) { keep(context << 4 | symbol); }

  // The place of a symbol that is told later.
  std::size_t leave_room() {
    keep(0);
    return count_ - 1;
  }
  void encode_at(std::size_t place, unsigned context, unsigned symbol) {
    kept_[place] = context << 4 | symbol;
  }

  // A number of up to 32 bits, the highest first.
  void bits(unsigned count, std::uint32_t value) {
    if (count > most_bits) {
      bits(count - most_bits, value >> most_bits);
      count = most_bits;
    }
    keep(raw | count << most_bits | (value & ((1U << count) - 1)));
  }

  // The finished bytes; valid until the next start.
  std::span<const std::uint8_t> finish() {
    bytes_.resize(2 * count_ + room);
    Writer writer{bytes_.data() + bytes_.size()};
    const EncodingTables& made = encoding_tables();
    // The state of the symbol at hand, and that of the symbols before and after it.
    std::uint32_t state = 0;
    std::uint32_t other = 0;
    for (std::size_t i = count_; i-- > 0;) {
      const std::uint32_t kept = kept_[i];
      if ((kept & raw) != 0) [[unlikely]] {
        writer.put(kept >> most_bits & most_bits_mask, kept & ((1U << most_bits) - 1));
        continue;
      }
      const unsigned context = kept >> 4;
      const SymbolStep& step = made.steps[context][kept & 15];
      const std::uint32_t full = state + states;
      const unsigned count = (full + step.bits) >> 16;
      writer.put(count, full & ((1U << count) - 1));
      const std::uint32_t place = (full >> count) + step.first;
      state = other;
      other = made.next[context][place];
    }
    // `other` belongs to the first symbol.
    writer.put(state_bits, state);
    writer.put(state_bits, other);
    const std::uint8_t* const begin = writer.finish();
    return {begin, static_cast<std::size_t>(bytes_.data() + bytes_.size() - begin)};
  }

 private:
  static constexpr unsigned most_bits = 16;
  static constexpr std::uint32_t most_bits_mask = 31;
  static constexpr std::uint32_t raw = 1U << 31;  // bits, not a symbol
  static constexpr std::size_t room = 16;

  // Puts bits before those that are there.
  struct Writer {
    std::uint8_t* begin;
    std::uint64_t pending = 0;
    unsigned count = 0;

    void put(unsigned bits, std::uint32_t value) {
      pending |= std::uint64_t{value} << count;
      count += bits;
      if (count >= 32) {
        begin -= 4;
        const auto word = __builtin_bswap32(static_cast<std::uint32_t>(pending));
        std::memcpy(begin, &word, 4);
        pending >>= 32;
        count -= 32;
      }
    }

    // A bit that is set and zeros before it fill the first byte.
    const std::uint8_t* finish() {
      pending |= std::uint64_t{1} << count;
      for (;; pending >>= 8) {
        *--begin = static_cast<std::uint8_t>(pending);
        if (pending < 256) return begin;
      }
    }
  };

  void keep(std::uint32_t symbol) {
    if (count_ == kept_.size()) [[unlikely]]
      kept_.resize(2 * count_ + 1024);
    kept_[count_++] = symbol;
  }

  std::vector<std::uint32_t> kept_;
  std::size_t count_ = 0;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace segpresso::native::fast
