// Block-table streams: Neuroglancer's compressed_segmentation and the variant of the Compresso
// paper.
//
// Both cut a volume into small blocks and store, per block, a table of its labels and one index of
// as few bits as possible per voxel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "segpresso/label_view.hpp"
#include "segpresso/limits.hpp"

namespace segpresso::neuroglancer {

using Bytes = std::span<const std::uint8_t>;

struct BlockSize {
  std::uint32_t x = 8;
  std::uint32_t y = 8;
  std::uint32_t z = 8;
};

// ---- compressed_segmentation: 32 or 64 bit labels, neither shape nor type in the stream -------

// One view per channel, all of one shape and type. Labels of 8 and 16 bits are stored as 32.
std::vector<std::uint8_t> encode_compressed_segmentation(std::span<const LabelView> channels,
                                                         const BlockSize& block, unsigned threads);
// The caller knows shape, type, block size and number of channels. Views of 64 bits read streams of
// 64-bit labels, all others streams of 32-bit ones.
void decode_compressed_segmentation(Bytes stream, std::span<const MutableLabelView> channels,
                                    const BlockSize& block, const Limits& limits, unsigned threads);

// ---- The paper's variant: 64-bit labels, blocks of 8^3 in chunks of 64^3 ----------------------

std::vector<std::uint8_t> encode_block_tables(const LabelView& labels, unsigned threads);
Shape shape_of_block_tables(Bytes stream);
// The type of `out` may be narrower than 64 bits if all labels fit.
void decode_block_tables(Bytes stream, const MutableLabelView& out, const Limits& limits,
                         unsigned threads);

}  // namespace segpresso::neuroglancer
