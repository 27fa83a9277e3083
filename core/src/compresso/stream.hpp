// What the three formats share around their byte layouts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compresso/stream_parts.hpp"
#include "segpresso/compresso.hpp"

namespace segpresso::compresso {

inline constexpr const char* header_section = "header";

// Refuses shapes that cannot be, or that the rest of the stream does not bear out. Empty volumes
// are a header and nothing else.
void check_shape(const StreamParts& parts, const ByteReader& reader, std::size_t header_bytes,
                 std::size_t stream_bytes);

// v1 and v2: sizes z, y, x from element `first` of a header on.
Shape shape_in(const PackedArray& header, std::size_t first);
Window window_in(const PackedArray& header, std::size_t first);

// The rest of the stream as window words.
PackedArray read_words(ByteReader& reader, unsigned width, std::size_t bytes);

Description describe_parts(const StreamParts& parts, LabelType type, unsigned version);

// The distinct labels, from the label sections alone.
std::vector<std::uint64_t> list_labels(const StreamParts& parts, LabelType type);

// Slices [z_begin, z_end).
void decode_parts(const StreamParts& parts, std::size_t z_begin, std::size_t z_end,
                  const MutableLabelView& out, const Limits& limits, unsigned threads);

}  // namespace segpresso::compresso
