#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "native/balanced/escape_places.hpp"
#include "native/balanced/predictor.hpp"
#include "native/balanced/rows.hpp"
#include "native/structure.hpp"

#define SEGPRESSO_BALANCED_ISA scalar

namespace segpresso::native::balanced::scalar {

// Which of 16 indices are the label, four at a time.
inline std::uint32_t matches(const Index* row, std::uint64_t pattern) noexcept {
  std::uint32_t result = 0;
  for (unsigned i = 0; i < 16; i += 4) {
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

inline void fill(Index* row, std::ptrdiff_t length, Index index) noexcept {
  std::fill(row, row + std::max<std::ptrdiff_t>(length, 0), index);
}

// The labels next to a voxel, the likeliest first.
class Candidates {
 public:
  static constexpr std::uint32_t all = 0x1FF;

  Candidates(const Rows& rows, std::ptrdiff_t x) noexcept
      : indices_{rows[n][x],  rows[n][x + 1], rows[n][x - 1],  rows[p][x], rows[p][x + 1],
                 rows[ps][x], rows[n][x + 2], rows[ps][x + 1], rows[pn][x]} {}

  [[nodiscard]] Index operator[](unsigned i) const noexcept { return indices_[i]; }

  // A bit for each that is `index`.
  [[nodiscard]] std::uint32_t equal(Index index) const noexcept {
    std::uint32_t result = 0;
    for (unsigned i = 0; i < indices_.size(); ++i) {
      result |= (indices_[i] == index ? 1U : 0U) << i;
    }
    return result;
  }

 private:
  std::array<Index, 9> indices_;
};

// Which of the labels around a voxel are among those that have been added.
class PlaceBits {
 public:
  explicit PlaceBits(const PlaceIndices& indices) noexcept : indices_(indices) {}

  void add(Index index) noexcept {
    bits_ |= matches(indices_.data(), index * 0x0001000100010001ULL);
  }
  [[nodiscard]] std::uint32_t bits() const noexcept { return bits_; }

 private:
  PlaceIndices indices_;
  std::uint32_t bits_ = 0xFFFF0000U;
};

template <unsigned Count = row_count>
LabelEnds label_ends(const Rows& rows, std::ptrdiff_t x, Index label) noexcept {
  const std::uint64_t pattern = label * 0x0001000100010001ULL;
  LabelEnds result = 0;
  for (unsigned row = 0; row < Count; ++row) {
    const std::uint32_t mask = matches(rows[row] + x - 8, pattern);
    const std::uint32_t from = mask >> 8;
    const int end = (from & 1) != 0 ? std::min(13, 7 + std::countr_one(from))
                                    : std::max(2, static_cast<int>(std::bit_width(mask & 255)) - 1);
    result |= static_cast<LabelEnds>(end) << (8 * row);
  }
  return result;
}

// Of the first four rows only.
inline LabelEnds near_label_ends(const Rows& rows, std::ptrdiff_t x, Index label) noexcept {
  return label_ends<4>(rows, x, label);
}

template <class SlotOf>
void learn_all(const SlotOf& slot, int error, int variance) noexcept {
  for (unsigned i = 0; i < context_count; ++i) learn(slot(i), error, variance);
}

}  // namespace segpresso::native::balanced::scalar

#include "native/balanced/coder_template.hpp"
