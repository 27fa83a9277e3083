// Analyses a strip: the labels, packed indices and table of each of its blocks.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <type_traits>

#include "labels/slab_reader.hpp"
#include "neuroglancer/block_labels.hpp"
#include "neuroglancer/index_bits.hpp"
#include "neuroglancer/masked_block.hpp"
#include "neuroglancer/packed_indices.hpp"
#include "neuroglancer/strip.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::neuroglancer {

// Appends a table and returns its hash. Labels of 64 bits take two words, low one first; all others
// one.
template <class T>
std::uint64_t append_table(std::span<const T> table, std::vector<std::uint32_t>& words) {
  std::uint64_t hash = table.size();
  for (const std::uint64_t label : table) {
    words.push_back(static_cast<std::uint32_t>(label));
    if constexpr (sizeof(T) == 8) words.push_back(static_cast<std::uint32_t>(label >> 32));
    hash = (std::rotl(hash, 23) ^ label) * 0x9E3779B97F4A7C15;
  }
  return hash;
}

template <class T>
class StripEncoder {
 public:
  // `labels` are those of the strip: one block deep.
  void encode(const LabelView& labels, const BlockSize& block, Strip& strip) {
    rows_.open(labels, 0, labels.shape.z);
    strip.blocks.clear();
    strip.values.clear();
    strip.tables.clear();
    for (std::size_t y = 0; y < labels.shape.y; y += block.y) {
      const std::size_t height = std::min<std::size_t>(labels.shape.y - y, block.y);
      for (std::size_t x = 0; x < labels.shape.x; x += block.x) {
        const std::size_t width = std::min<std::size_t>(labels.shape.x - x, block.x);
        encode_block({x, y, 0}, {width, height, labels.shape.z}, block, strip);
      }
    }
  }

 private:
  // What the stream holds: labels of 32 or 64 bits.
  using Stored = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  using Masked = MaskedBlock<Stored>;

  void encode_block(const Shape& origin, const Shape& size, const BlockSize& block, Strip& strip) {
    constexpr Shape masked_size{8, 8, 8};
    if (size == masked_size && size == Shape{block.x, block.y, block.z} && read_masked(origin)) {
      append_block(masked_.bits(), masked_.table(), strip,
                   [&] { masked_.append_packed(strip.values); });
      return;
    }
    read_block(origin, size, block);
    const std::span<const T> table = labels_.table();
    const unsigned bits = index_bits(table.size());
    append_block(bits, table, strip, [&] { append_packed(bits, labels_.indices(), strip.values); });
  }

  bool read_masked(const Shape& origin) {
    // Rows of a block are too far apart for the processor to foresee: asking for the next block but
    // one (uint32; the next for uint64) doubles the speed on large volumes.
    constexpr std::size_t ahead = 128;
    Stored* voxels = masked_.labels().data();
    for (std::size_t dz = 0; dz < 8; ++dz) {
      for (std::size_t dy = 0; dy < 8; ++dy, voxels += 8) {
        const T* row = rows_.row(origin.y + dy, origin.z + dz) + origin.x;
        __builtin_prefetch(reinterpret_cast<const std::byte*>(row) + ahead);
        if constexpr (sizeof(T) == sizeof(Stored)) {
          std::memcpy(voxels, row, 8 * sizeof(T));
        } else {
          std::copy_n(row, 8, voxels);
        }
      }
    }
    return masked_.find_labels(match_);
  }

  void read_block(const Shape& origin, const Shape& size, const BlockSize& block) {
    const T first = rows_.row(origin.y, origin.z)[origin.x];
    if (is_uniform(origin, size, first)) {
      labels_.reset_uniform(first);
      return;
    }
    labels_.reset(std::size_t{block.x} * block.y * block.z);
    // Sorting renumbers all indices: none may be left from a block with more labels.
    clear_outside(size, block);
    for (std::size_t dz = 0; dz < size.z; ++dz) {
      for (std::size_t dy = 0; dy < size.y; ++dy) {
        labels_.add_row(rows_.row(origin.y + dy, origin.z + dz) + origin.x, size.x,
                        block.x * (dy + block.y * dz));
      }
    }
    labels_.sort();
    clear_outside(size, block);
  }

  // Positions of the nominal block that lie outside the volume hold index 0.
  void clear_outside(const Shape& size, const BlockSize& block) {
    if (size == Shape{block.x, block.y, block.z}) return;
    for (std::size_t dz = 0; dz < block.z; ++dz) {
      for (std::size_t dy = 0; dy < block.y; ++dy) {
        const std::size_t covered = dy < size.y && dz < size.z ? size.x : 0;
        labels_.clear_indices(block.x * (dy + block.y * dz) + covered, block.x - covered);
      }
    }
  }

  [[nodiscard]] bool is_uniform(const Shape& origin, const Shape& size, T label) const {
    for (std::size_t dz = 0; dz < size.z; ++dz) {
      for (std::size_t dy = 0; dy < size.y; ++dy) {
        const T* row = rows_.row(origin.y + dy, origin.z + dz) + origin.x;
        T differs = 0;  // no early exit: rows are short, and this loop is vectorised
        for (std::size_t dx = 0; dx < size.x; ++dx) differs |= static_cast<T>(row[dx] ^ label);
        if (differs != 0) return false;
      }
    }
    return true;
  }

  template <class Label, class AppendValues>
  void append_block(unsigned bits, std::span<const Label> table, Strip& strip,
                    AppendValues&& append_values) {
    const std::size_t values = strip.values.size();
    const std::size_t tables = strip.tables.size();
    append_values();
    const std::uint64_t hash = append_table(table, strip.tables);
    // A strip alone is more than a channel can hold: no need to go on.
    if (strip.values.size() > max_offset) fail_too_large();
    strip.blocks.push_back(
        {bits, strip.values.size() - values, strip.tables.size() - tables, hash});
  }

  MatchBlock<Stored> match_ = match_block_kernels(active_simd()).of<Stored>();
  Masked masked_;
  SlabReader<T> rows_;
  BlockLabels<T> labels_;
};

}  // namespace segpresso::neuroglancer
