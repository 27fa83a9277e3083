// The method `packed`: indices into the ascending labels of a block, in as few bits as they need
// (docs/format.md section 3.2).
//
// For blocks that no model makes smaller, and those of more labels than models take.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/arithmetic.hpp"
#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "native/structure.hpp"

namespace segpresso::native {

inline unsigned packed_bits(std::size_t labels) noexcept {
  return static_cast<unsigned>(std::bit_width(labels - 1));
}

inline std::uint64_t packed_bytes(const BlockShape& shape, std::size_t labels) noexcept {
  return divide_up(std::uint64_t{shape.voxels()} * packed_bits(labels), std::uint64_t{8});
}

// `order[i]` is the place of index i in the ascending labels.
template <class I>
void encode_packed(const std::vector<I>& indices, const std::vector<std::uint32_t>& order,
                   ByteWriter& out) {
  const unsigned bits = packed_bits(order.size());
  std::vector<std::uint8_t> bytes(divide_up(indices.size() * bits, std::size_t{8}) +
                                  sizeof(std::uint64_t));
  std::uint64_t pending = 0;
  unsigned count = 0;
  std::size_t at = 0;
  for (const I index : indices) {
    pending |= std::uint64_t{order[index]} << count;
    count += bits;
    if (count >= 32) {
      std::memcpy(&bytes[at], &pending, sizeof(std::uint32_t));
      at += sizeof(std::uint32_t);
      pending >>= 32;
      count -= 32;
    }
  }
  std::memcpy(&bytes[at], &pending, sizeof(std::uint32_t));
  bytes.resize(bytes.size() - sizeof(std::uint64_t));
  out.write_all(std::span<const std::uint8_t>(bytes));
}

// Reads rows of a block in any order.
class PackedRows {
 public:
  PackedRows(const PackedArray& payload, const BlockShape& shape, std::uint32_t labels)
      : payload_(payload), shape_(shape), labels_(labels), bits_(packed_bits(labels)) {
    if (payload.size() != packed_bytes(shape, labels)) {
      payload.fail(ErrorKind::corrupt, "has not the size of its packed indices", 0);
    }
    row_.resize(shape.x);
  }

  // Voxels [begin, end) of a row; valid until the next call.
  const std::uint32_t* read(std::uint32_t z, std::uint32_t y, std::uint32_t begin,
                            std::uint32_t end) {
    const std::uint64_t voxel = std::uint64_t{shape_.x} * (y + std::uint64_t{shape_.y} * z);
    const std::uint64_t first_bit = (voxel + begin) * bits_;
    const std::uint64_t last_bit = (voxel + end) * bits_;
    const auto first = static_cast<std::size_t>(first_bit / 8);
    const auto bytes = static_cast<std::size_t>((last_bit + 7) / 8) - first;
    // An index takes at most 7 + 28 bits of the eight bytes that are read for it.
    const std::uint8_t* data = payload_.bytes_of(first, bytes);
    if (payload_.size() - first - bytes < sizeof(std::uint64_t)) {
      tail_.assign(bytes + sizeof(std::uint64_t), 0);
      std::memcpy(tail_.data(), data, bytes);
      data = tail_.data();
    }
    std::uint64_t bit = first_bit % 8;
    const std::uint64_t mask = (std::uint64_t{1} << bits_) - 1;
    std::uint32_t largest = 0;
    for (std::uint32_t x = 0; x < end - begin; ++x, bit += bits_) {
      std::uint64_t word = 0;
      std::memcpy(&word, data + bit / 8, sizeof word);
      row_[x] = static_cast<std::uint32_t>(word >> (bit % 8) & mask);
      largest = std::max(largest, row_[x]);
    }
    if (largest >= labels_) {
      payload_.fail(ErrorKind::corrupt, "an index exceeds the block's labels", first);
    }
    return row_.data();
  }

 private:
  PackedArray payload_;
  BlockShape shape_;
  std::uint32_t labels_;
  unsigned bits_;
  std::vector<std::uint32_t> row_;
  std::vector<std::uint8_t> tail_;  // the last rows, with room behind them
};

}  // namespace segpresso::native
