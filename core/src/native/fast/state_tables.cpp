#include "native/fast/state_tables.hpp"

#include <bit>
#include <memory>

namespace segpresso::native::fast {
namespace {

// Bits that a state of `count` or a little more lacks to reach `states`.
unsigned missing_bits(unsigned count) {
  return state_bits + 1 - static_cast<unsigned>(std::bit_width(count));
}

}  // namespace

const DecodingTables& decoding_tables() {
  static const std::unique_ptr<const DecodingTables> made = [] {
    auto result = std::make_unique<DecodingTables>();
    for (unsigned context = 0; context < contexts; ++context) {
      const Shares& shares = tables.shares[context];
      std::array<unsigned, symbols> next{};
      for (unsigned symbol = 0; symbol < symbols; ++symbol) next[symbol] = shares[symbol];
      const auto spread = spread_symbols(shares);
      for (unsigned state = 0; state < states; ++state) {
        const unsigned symbol = spread[state];
        const unsigned rest = next[symbol]++;
        const unsigned bits = missing_bits(rest);
        const unsigned base = (rest << bits) - states;
        (*result)[context][state] = static_cast<Step>(base << 8 | bits << 4 | symbol);
      }
    }
    return result;
  }();
  return *made;
}

const EncodingTables& encoding_tables() {
  static const std::unique_ptr<const EncodingTables> made = [] {
    auto result = std::make_unique<EncodingTables>();
    for (unsigned context = 0; context < contexts; ++context) {
      const Shares& shares = tables.shares[context];
      std::array<unsigned, symbols> next{};
      unsigned begin = 0;
      for (unsigned symbol = 0; symbol < symbols; ++symbol) {
        const unsigned share = shares[symbol];
        next[symbol] = begin;
        // States from `share` << `most` on lose `most` bits, others one less.
        const unsigned most = missing_bits(share);
        result->steps[context][symbol] = {(most << 16) - (share << most), begin - share};
        begin += share;
      }
      const auto spread = spread_symbols(shares);
      for (unsigned state = 0; state < states; ++state) {
        result->next[context][next[spread[state]]++] = static_cast<std::uint8_t>(state);
      }
    }
    return result;
  }();
  return *made;
}

}  // namespace segpresso::native::fast
