// The method `packed`: indices into the ascending labels of a block, in as few bits as they need
// (docs/format.md section 3.2).
//
// For blocks that no model makes smaller, and those of more labels than models take.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
  std::uint64_t pending = 0;
  unsigned count = 0;
  for (const I index : indices) {
    pending |= std::uint64_t{order[index]} << count;
    count += bits;
    if (count >= 32) {
      out.write(static_cast<std::uint32_t>(pending));
      pending >>= 32;
      count -= 32;
    }
  }
  out.write(pending, divide_up(count, 8U));
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
    std::uint64_t bit =
        (std::uint64_t{shape_.x} * (y + std::uint64_t{shape_.y} * z) + begin) * bits_;
    const std::uint64_t mask = (std::uint64_t{1} << bits_) - 1;
    std::uint32_t largest = 0;
    for (std::uint32_t x = begin; x < end; ++x, bit += bits_) {
      // At most 7 + 28 bits.
      const auto index = static_cast<std::uint32_t>(word(bit / 8) >> (bit % 8) & mask);
      row_[x - begin] = index;
      largest = index > largest ? index : largest;
    }
    if (largest >= labels_) {
      payload_.fail(ErrorKind::corrupt, "an index exceeds the block's labels", bit / 8);
    }
    return row_.data();
  }

 private:
  [[nodiscard]] std::uint64_t word(std::uint64_t byte) const {
    const auto first = static_cast<std::size_t>(byte);
    const std::size_t count = std::min<std::size_t>(8, payload_.size() - first);
    std::uint64_t value = 0;
    std::memcpy(&value, payload_.bytes_of(first, count), count);
    return value;
  }

  PackedArray payload_;
  BlockShape shape_;
  std::uint32_t labels_;
  unsigned bits_;
  std::vector<std::uint32_t> row_;
};

}  // namespace segpresso::native
