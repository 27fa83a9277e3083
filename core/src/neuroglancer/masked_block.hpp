// A whole 8 x 8 x 8 block of few labels, as one bit map per label.
//
// Real blocks have two or three labels. Comparing all voxels with each of them takes as many passes
// of a few dozen vector instructions, and packed indices are made of the same maps: five to ten
// times as fast as looking the label of each voxel up.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neuroglancer/index_bits.hpp"
#include "neuroglancer/match_block.hpp"

namespace segpresso::neuroglancer {

// T is a type of 32 or 64 bits.
template <class T>
class MaskedBlock {
 public:
  static constexpr std::size_t voxels = 512;
  static constexpr std::size_t max_labels = 16;

  // Voxels in raster order, to be set before `find_labels`.
  [[nodiscard]] std::span<T, voxels> labels() noexcept { return labels_; }

  // Whether the block has few labels; if not, nothing else may be asked.
  bool find_labels(MatchBlock<T> match) {
    count_ = 0;
    BlockMask rest;
    rest.fill(~std::uint64_t{0});
    for (std::size_t w = 0; w < rest.size();) {
      if (rest[w] == 0) {
        ++w;
        continue;
      }
      if (count_ == max_labels) return false;
      Entry& entry = entries_[count_++];
      entry.label = labels_[64 * w + static_cast<std::size_t>(std::countr_zero(rest[w]))];
      match(labels_.data(), entry.label, entry.mask);
      for (std::size_t i = w; i < rest.size(); ++i) rest[i] &= ~entry.mask[i];
    }
    sort();
    return true;
  }

  // In ascending order.
  [[nodiscard]] std::span<const T> table() const noexcept { return {table_.data(), count_}; }
  [[nodiscard]] unsigned bits() const noexcept { return index_bits(count_); }

  // Appends the indices of all voxels, `bits()` each, the first in the lowest bits.
  void append_packed(std::vector<std::uint32_t>& words) const {
    switch (bits()) {
      case 1:
        return append_packed<1>(words);
      case 2:
        return append_packed<2>(words);
      case 4:
        return append_packed<4>(words);
      default:
        return;
    }
  }

 private:
  struct Entry {
    T label;
    BlockMask mask;
  };

  void sort() {
    for (std::size_t i = 0; i < count_; ++i) order_[i] = static_cast<std::uint8_t>(i);
    std::sort(order_.begin(), order_.begin() + count_, [this](std::uint8_t a, std::uint8_t b) {
      return entries_[a].label < entries_[b].label;
    });
    for (std::size_t i = 0; i < count_; ++i) table_[i] = entries_[order_[i]].label;
  }

  template <unsigned Bits>
  void append_packed(std::vector<std::uint32_t>& words) const {
    std::array<BlockMask, Bits> planes{};  // plane b holds bit b of all indices
    for (std::size_t index = 1; index < count_; ++index) {
      const BlockMask& mask = entries_[order_[index]].mask;
      for (unsigned b = 0; b < Bits; ++b) {
        const std::uint64_t has_bit = -(index >> b & 1);
        for (std::size_t i = 0; i < mask.size(); ++i) planes[b][i] |= mask[i] & has_bit;
      }
    }
    const std::size_t begin = words.size();
    words.resize(begin + voxels / 32 * Bits);
    std::uint32_t* out = words.data() + begin;
    for (std::size_t i = 0; i < voxels; i += 32 / Bits) {
      std::uint32_t word = 0;
      for (unsigned b = 0; b < Bits; ++b) word |= spread<Bits>(planes[b][i / 64] >> i % 64) << b;
      *out++ = word;
    }
  }

  // The lowest 32 / Bits bits, moved Bits places apart.
  template <unsigned Bits>
  static std::uint32_t spread(std::uint64_t mask) noexcept {
    auto x = static_cast<std::uint32_t>(mask);
    if constexpr (Bits == 2) {
      x &= 0xFFFF;
      x = (x | x << 8) & 0x00FF00FF;
      x = (x | x << 4) & 0x0F0F0F0F;
      x = (x | x << 2) & 0x33333333;
      x = (x | x << 1) & 0x55555555;
    } else if constexpr (Bits == 4) {
      x &= 0xFF;
      x = (x | x << 12) & 0x000F000F;
      x = (x | x << 6) & 0x03030303;
      x = (x | x << 3) & 0x11111111;
    }
    return x;
  }

  std::array<T, voxels> labels_;
  std::array<Entry, max_labels> entries_;
  std::array<std::uint8_t, max_labels> order_;
  std::array<T, max_labels> table_;
  std::size_t count_ = 0;
};

}  // namespace segpresso::neuroglancer
