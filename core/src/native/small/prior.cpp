#include "native/small/prior.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string_view>

#include "native/range_coder.hpp"
#include "native/small/contexts.hpp"
#include "native/small/curves.hpp"

namespace segpresso::native::small {
namespace {

// Slots used less often than this by the training are not kept.
constexpr unsigned least_count = 7;
// Where counts begin in slots that are kept: low, so that a volume of another kind soon counts.
constexpr unsigned start_count = 3;
// Kept probabilities are those of odds in this many steps.
constexpr unsigned level_bits = 5;
constexpr int level_step = 208;
static_assert((max_input + 1) * 2 == level_step << level_bits);
// Kept weights are multiples of 128 / 65536.
constexpr int weight_step = 128;
constexpr unsigned weight_bits = 8;

// The least probability whose odds are in the upper half of the level.
constexpr auto probability_of_level = [] {
  std::array<unsigned, std::size_t{1} << level_bits> probabilities{};
  unsigned probability = 0;
  for (int level = 0; level < 1 << level_bits; ++level) {
    const int middle = level * level_step + level_step / 2 - max_input - 1;
    while (stretch(probability) < middle) ++probability;
    probabilities[static_cast<std::size_t>(level)] = probability;
  }
  return probabilities;
}();

// A bit of the package and its adaptive probability.
template <class Coder>
class Packer {
 public:
  explicit Packer(Coder& coder) : coder_(coder) {}

  struct Bit {
    std::uint16_t one = 32768;
  };
  template <unsigned Width>
  struct Number {
    std::array<Bit, std::size_t{1} << Width> nodes;
  };

  bool code(Bit& bit, bool wanted) {
    const bool value = coder_.code(std::clamp<Probability>(bit.one, 32, 65504), wanted);
    bit.one = static_cast<std::uint16_t>(bit.one + (((value ? 65535 : 0) - bit.one) >> 6));
    return value;
  }
  template <unsigned Width>
  unsigned code(Number<Width>& number, unsigned wanted) {
    unsigned node = 1;
    for (unsigned i = Width; i-- > 0;) {
      node = node * 2 + (code(number.nodes[node], (wanted >> i & 1) != 0) ? 1 : 0);
    }
    return node - (1U << Width);
  }

  // Encoding, `tables` are what the training gave; decoding, they become the prior.
  void code(Tables& tables) {
    code_slots(tables.slots);
    code_weights(tables.weights);
  }

 private:
  void code_slots(auto& slots) {
    for (std::size_t context = 0; context < context_count; ++context) {
      Bit kept;
      Number<level_bits> level;
      for (std::size_t i = slot_offsets[context]; i < slot_offsets[context + 1]; ++i) {
        if (!code(kept, (slots[i] & 15) >= least_count)) continue;
        const int odds = stretch(slots[i] >> 4) + max_input + 1;
        const unsigned coded = code(level, static_cast<unsigned>(odds / level_step));
        if constexpr (!Coder::encoding) {
          slots[i] = static_cast<std::uint16_t>(probability_of_level[coded] << 4 | start_count);
        }
      }
    }
  }

  void code_weights(std::vector<Weights>& weights) {
    Bit kept;
    std::array<Number<weight_bits>, context_count + 1> numbers;
    const Weights start = Tables::untrained().weights[0];
    for (Weights& set : weights) {
      const bool changed = start.value != set.value;
      if (!code(kept, changed)) continue;
      for (std::size_t i = 0; i <= context_count; ++i) {
        const int rounded = (set.value[i] + weight_step / 2) >> 7;
        const unsigned coded =
            code(numbers[i], static_cast<unsigned>(std::clamp(rounded, -128, 127) + 128));
        if constexpr (!Coder::encoding) {
          set.value[i] = static_cast<std::int16_t>((static_cast<int>(coded) - 128) * weight_step);
        }
      }
    }
  }

  Coder& coder_;
};

std::vector<std::uint8_t> bytes_of_digits() {
  // 85 digits that need no escapes, four bytes in five of them, most significant first.
  constexpr std::string_view digits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>@^_`{|}~.";
  static_assert(digits.size() == 85);
  std::array<std::uint8_t, 128> values{};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
  }
  std::vector<std::uint8_t> bytes;
  std::uint32_t group = 0;
  unsigned in_group = 0;
  for (const char* line : prior_digits) {
    for (const char digit : std::string_view(line)) {
      group = group * 85 + values[static_cast<std::uint8_t>(digit)];
      if (++in_group < 5) continue;
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<std::uint8_t>(group >> shift));
      }
      group = in_group = 0;
    }
  }
  return bytes;
}

}  // namespace

std::vector<std::uint8_t> pack_prior(const Tables& trained) {
  Tables tables = trained;
  RangeEncoder coder;
  Packer(coder).code(tables);
  const std::span<const std::uint8_t> bytes = coder.finish();
  return {bytes.begin(), bytes.end()};
}

Tables unpack_prior(std::span<const std::uint8_t> packed) {
  Tables tables = Tables::untrained();
  ByteReader reader(packed);
  RangeDecoder coder(reader.array(packed.size(), 1, "prior"));
  Packer(coder).code(tables);
  return tables;
}

const Tables& prior() {
  static const Tables tables =
      prior_digits.empty() ? Tables::untrained() : unpack_prior(bytes_of_digits());
  return tables;
}

}  // namespace segpresso::native::small
