// The distinct labels of one block and the index of each voxel among them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "segpresso/error.hpp"

namespace segpresso::neuroglancer {

template <class T>
class BlockLabels {
 public:
  static constexpr std::size_t max_labels = 65536;  // indices have at most 16 bits

  // Starts a block of `voxels` voxels; all indices must be set, by rows or `clear_indices`.
  void reset(std::size_t voxels) {
    indices_.resize(voxels);
    table_.clear();
    ++epoch_;
  }

  // Starts a block that has one label only.
  void reset_uniform(T label) {
    indices_.clear();
    table_.assign(1, label);
  }

  // Row of `count` labels at position `first` of the block.
  void add_row(const T* row, std::size_t count, std::size_t first) {
    std::uint16_t* indices = indices_.data() + first;
    if (table_.empty()) {
      last_label_ = row[0];
      last_index_ = append(row[0]);
    }
    // Neighbours mostly agree: one comparison instead of a search. Locals stay in registers.
    T label = last_label_;
    std::uint16_t index = last_index_;
    for (std::size_t i = 0; i < count; ++i) {
      if (row[i] != label) {
        label = row[i];
        index = find(label);
      }
      indices[i] = index;
    }
    last_label_ = label;
    last_index_ = index;
  }

  // Sorts the table and renumbers the indices, all of which must have been set.
  void sort() {
    if (std::ranges::is_sorted(table_)) return;
    order_.resize(table_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::uint32_t>(i);
    std::ranges::sort(order_,
                      [this](std::uint32_t a, std::uint32_t b) { return table_[a] < table_[b]; });
    rank_.resize(table_.size());
    sorted_.resize(table_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      rank_[order_[i]] = static_cast<std::uint16_t>(i);
      sorted_[i] = table_[order_[i]];
    }
    table_.swap(sorted_);
    for (std::uint16_t& index : indices_) index = rank_[index];
  }

  // Sets `count` indices from `first` on to 0.
  void clear_indices(std::size_t first, std::size_t count) {
    std::fill_n(indices_.begin() + static_cast<std::ptrdiff_t>(first), count, 0);
  }

  [[nodiscard]] const std::vector<T>& table() const noexcept { return table_; }
  // Empty if the block has one label only.
  [[nodiscard]] const std::vector<std::uint16_t>& indices() const noexcept { return indices_; }

 private:
  struct Slot {
    std::uint32_t epoch = 0;
    std::uint32_t index = 0;
  };

  // Most blocks have a handful of labels: a short scan beats hashing there.
  static constexpr std::size_t scanned = 8;

  std::uint16_t find(T label) {
    const std::size_t in_scan = std::min(table_.size(), scanned);
    for (std::size_t i = 0; i < in_scan; ++i) {
      if (table_[i] == label) return static_cast<std::uint16_t>(i);
    }
    if (table_.size() < scanned) return append(label);
    if (slots_.size() < 4 * table_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash(label) & mask;
    while (slots_[i].epoch == epoch_) {
      if (table_[slots_[i].index] == label) return static_cast<std::uint16_t>(slots_[i].index);
      i = (i + 1) & mask;
    }
    slots_[i] = {epoch_, static_cast<std::uint32_t>(table_.size())};
    return append(label);
  }

  std::uint16_t append(T label) {
    if (table_.size() == max_labels) {
      throw Error(ErrorKind::unsupported,
                  "a block has more than 65536 labels; choose smaller blocks");
    }
    table_.push_back(label);
    return static_cast<std::uint16_t>(table_.size() - 1);
  }

  void grow() {
    slots_.assign(std::max<std::size_t>(1024, 8 * std::bit_ceil(table_.size())), Slot{});
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t index = scanned; index < table_.size(); ++index) {
      std::size_t i = hash(table_[index]) & mask;
      while (slots_[i].epoch == epoch_) i = (i + 1) & mask;
      slots_[i] = {epoch_, static_cast<std::uint32_t>(index)};
    }
  }

  static std::size_t hash(T label) noexcept {
    return static_cast<std::size_t>((std::uint64_t{label} * 0x9E3779B97F4A7C15) >> 32);
  }

  std::vector<T> table_;
  std::vector<std::uint16_t> indices_;
  T last_label_ = 0;
  std::uint16_t last_index_ = 0;
  std::vector<Slot> slots_;
  std::uint32_t epoch_ = 0;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint16_t> rank_;
  std::vector<T> sorted_;
};

}  // namespace segpresso::neuroglancer
