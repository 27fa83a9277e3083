#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "native/balanced/predictor.hpp"
#include "native/balanced/rows.hpp"
#include "native/structure.hpp"

#define SEGPRESSO_BALANCED_ISA scalar

namespace segpresso::native::balanced::scalar {

// Which of 32 indices are the label, four at a time.
inline std::uint32_t matches(const Index* row, std::uint64_t pattern) noexcept {
  std::uint32_t result = 0;
  for (unsigned i = 0; i < 32; i += 4) {
    std::uint64_t word = 0;
    std::memcpy(&word, row + i, sizeof word);
    word ^= pattern;
    constexpr std::uint64_t low = 0x7FFF7FFF7FFF7FFFULL;
    const std::uint64_t differ = ((word & low) + low) | word;  // in the highest bit of each
    const std::uint64_t equal = ~differ >> 15 & 0x0001000100010001ULL;
    result |= static_cast<std::uint32_t>((equal * 0x0001000200040008ULL) >> 48 & 15) << i;
  }
  return result;
}

// Where a label is in the rows around: bit i stands for place base + i.
class RowMasks {
 public:
  RowMasks() = default;
  RowMasks(const Rows& rows, std::ptrdiff_t base, Index label) noexcept {
    const std::uint64_t pattern = label * 0x0001000100010001ULL;
    for (unsigned row = 0; row < row_count; ++row) masks_[row] = matches(rows[row] + base, pattern);
  }

  [[nodiscard]] std::uint32_t ends(unsigned place) const noexcept {
    std::uint32_t result = 0;
    for (unsigned row = 0; row < row_count; ++row) {
      const std::uint32_t from = masks_[row] >> place;
      const std::uint32_t back = (masks_[row] >> (place - 7)) & 127;
      const int end = (from & 1) != 0 ? 7 + std::min(std::countr_one(from), 8)
                                      : static_cast<int>(std::bit_width(back));
      result |= static_cast<std::uint32_t>(end) << (4 * row);
    }
    return result;
  }

  [[nodiscard]] std::uint32_t near(unsigned place) const noexcept {
    std::uint32_t result = 0;
    for (unsigned row = 0; row < row_count; ++row) {
      const NearPlaces& places = near_places[row];
      const std::uint32_t from = masks_[row] >> (place + static_cast<unsigned>(places.first));
      result |= (from & ((1U << places.count) - 1)) << places.shift;
    }
    return result;
  }

 private:
  std::array<std::uint32_t, row_count> masks_{};
};

// The slots of a decision with six contexts.
class SlotVector {
 public:
  explicit SlotVector(const std::array<Slot*, 6>& slots) noexcept : slots_(slots) {}

  template <class Coder, class Actual>
  bool code(Coder& coder, Actual&& actual) {
    return balanced::code(coder, slots_, actual);
  }

 private:
  std::array<Slot*, 6> slots_;
};

}  // namespace segpresso::native::balanced::scalar

#include "native/balanced/coder_template.hpp"
