// One bit per voxel for consecutive slices, rows padded to whole 64-bit words.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/arithmetic.hpp"

namespace segpresso {

class BitSlab {
 public:
  // All bits clear. Slices [z_begin, z_end) of slices of x * y voxels.
  void reset(std::size_t x, std::size_t y, std::size_t z_begin, std::size_t z_end) {
    x_ = x;
    y_ = y;
    z_begin_ = z_begin;
    z_end_ = z_end;
    words_ = divide_up(x, std::size_t{64});
    bits_.assign(words_ * y * (z_end - z_begin), 0);
  }

  [[nodiscard]] std::size_t x() const noexcept { return x_; }
  [[nodiscard]] std::size_t y() const noexcept { return y_; }
  [[nodiscard]] std::size_t z_begin() const noexcept { return z_begin_; }
  [[nodiscard]] std::size_t z_end() const noexcept { return z_end_; }
  [[nodiscard]] std::size_t words_per_row() const noexcept { return words_; }

  [[nodiscard]] const std::uint64_t* row(std::size_t y, std::size_t z) const noexcept {
    return bits_.data() + ((z - z_begin_) * y_ + y) * words_;
  }
  [[nodiscard]] std::uint64_t* row(std::size_t y, std::size_t z) noexcept {
    return bits_.data() + ((z - z_begin_) * y_ + y) * words_;
  }
  [[nodiscard]] bool test(std::size_t x, std::size_t y, std::size_t z) const noexcept {
    return (row(y, z)[x / 64] >> (x % 64)) & 1;
  }

  // The bits of a row's last word that lie inside the volume.
  [[nodiscard]] std::uint64_t last_word_mask() const noexcept {
    return ~std::uint64_t{0} >> ((64 - x_ % 64) % 64);
  }

 private:
  std::size_t x_ = 0;
  std::size_t y_ = 0;
  std::size_t z_begin_ = 0;
  std::size_t z_end_ = 0;
  std::size_t words_ = 0;
  std::vector<std::uint64_t> bits_;
};

// Calls `function(x)` for every set bit of `word`, whose bit 0 is voxel `x0`.
template <class Function>
void for_each_set_bit(std::uint64_t word, std::size_t x0, Function&& function) {
  while (word != 0) {
    function(x0 + static_cast<std::size_t>(std::countr_zero(word)));
    word &= word - 1;
  }
}

// Calls `function(begin, end)` for every maximal run of clear bits among the first `x` of a row.
template <class Function>
void for_each_clear_run(const std::uint64_t* row, std::size_t x, Function&& function) {
  const std::size_t words = divide_up(x, std::size_t{64});
  std::size_t begin = 0;
  std::uint64_t previous = 1;  // the voxel before the row counts as set
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t word = row[i];
    std::uint64_t changes = word ^ (word << 1 | previous);
    previous = word >> 63;
    while (changes != 0) {
      const int bit = std::countr_zero(changes);
      const std::size_t position = i * 64 + static_cast<std::size_t>(bit);
      changes &= changes - 1;
      if ((word >> bit) & 1) {
        function(begin, position);
      } else {
        begin = position;
      }
    }
  }
  // Padding bits are clear, so the last run of a row that is not a whole number of words either
  // goes on into the padding or begins there.
  if (previous == 0 && begin < x) function(begin, x);
}

}  // namespace segpresso
