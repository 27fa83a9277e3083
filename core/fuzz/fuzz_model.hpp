// What the targets of models share: any payload gives an error or indices in range; these come back
// from another round, and some of the slices are the same without the others.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "fuzz/fuzz_support.hpp"
#include "fuzz/model_input.hpp"
#include "native/fast/decoder.hpp"
#include "native/small/decoder.hpp"
#include "native/structure.hpp"
#include "segpresso/error.hpp"
#include "support/index_rows.hpp"

namespace segpresso::fuzz {

using native::BlockInfo;
using native::Index;
using Indices = std::vector<Index>;

// Nothing if the payload is refused.
template <class Decoder>
std::optional<Indices> decode_model(Decoder& decoder, Bytes payload, const BlockInfo& info,
                                    std::uint32_t slices) {
  Indices indices;
  const auto sink = [&](std::uint32_t, const Index* slice, std::size_t stride) {
    for (std::uint32_t y = 0; y < info.shape.y; ++y) {
      const Index* row = slice + y * stride;
      indices.insert(indices.end(), row, row + info.shape.x);
    }
  };
  try {
    ByteReader reader(payload);
    const PackedArray structure = reader.array(payload.size(), 1, "structure");
    if constexpr (std::is_same_v<Decoder, native::SmallDecoder>) {
      decoder.decode(structure, info, slices, sink);
    } else {
      test::IndexRows rows(info.shape);
      if constexpr (std::is_same_v<Decoder, native::FastDecoder>) {
        decoder.decode(payload, info, slices, rows);
      } else {
        decoder.decode(structure, info, slices, rows);
      }
      require(rows.in_order(), "rows come in order");
      indices = std::move(rows.indices);
    }
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::corrupt || error.kind() == ErrorKind::truncated,
            "a payload is corrupt or truncated");
    return {};
  }
  require(indices.size() == info.shape.slice() * slices, "all slices are decoded");
  return indices;
}

// Returns what the input decodes to.
template <class Encoder, class Decoder>
std::optional<Indices> check_model(Bytes input, Encoder& encoder, Decoder& decoder) {
  if (input.size() < model_header_bytes) return {};
  const BlockInfo info = read_model_header(input);
  const Bytes payload = input.subspan(model_header_bytes);
  const auto indices = decode_model(decoder, payload, info, info.shape.z);
  if (!indices) return {};
  for (const Index index : *indices) require(index < info.index_count, "indices are in range");
  const std::uint64_t hash = hash_of(input);
  if (hash % 4 == 0) {
    const auto slices = static_cast<std::uint32_t>((hash >> 2) % info.shape.z);
    const auto first = decode_model(decoder, payload, info, slices);
    require(first && std::equal(first->begin(), first->end(), indices->begin()),
            "the first slices are the same alone");
  }
  ByteWriter out;
  encoder.encode(indices->data(), info, out);
  require(decode_model(decoder, out.take(), info, info.shape.z) == indices, "a block comes back");
  return indices;
}

}  // namespace segpresso::fuzz
