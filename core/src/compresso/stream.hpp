// What the three formats share around their byte layouts.
#pragma once

#include <string>

#include "base/thread_team.hpp"
#include "compresso/model_decoder.hpp"

namespace segpresso::compresso {

inline constexpr const char* header_section = "header";

// Slices of connectivity 4 have at least one component each, since their last voxel never is a
// boundary voxel: a header that claims more slices than labels is refused before anything is
// allocated for it.
inline void check_counts(const StreamParts& parts, const ByteReader& reader) {
  const Shape& shape = parts.geometry.shape;
  const bool six = parts.geometry.connectivity == Connectivity::six;
  if (parts.ids.size() < (six ? 1 : shape.z)) {
    reader.fail(ErrorKind::corrupt, "fewer labels than slices", header_section);
  }
  if (parts.values.size() == 0) {
    reader.fail(ErrorKind::corrupt, "no window values", header_section);
  }
}

inline void check_target(const MutableLabelView& out, const Shape& shape, const Limits& limits) {
  if (out.shape != shape) {
    throw Error(ErrorKind::invalid_argument, "the output array has the wrong shape");
  }
  const std::size_t bytes =
      checked_multiply(checked_voxels(shape), width_of(out.type), "the volume");
  if (bytes > limits.max_bytes) {
    throw Error(ErrorKind::limit,
                "the volume takes " + std::to_string(bytes) + " bytes, more than the limit of " +
                    std::to_string(limits.max_bytes),
                header_section, 0);
  }
}

inline void decode_parts(const StreamParts& parts, std::size_t z_begin, std::size_t z_end,
                         const MutableLabelView& out, const Limits& limits, unsigned threads) {
  Shape shape = parts.geometry.shape;
  shape.z = z_end - z_begin;
  check_target(out, shape, limits);
  if (shape.voxels() == 0) return;
  ThreadTeam team(threads);
  with_label_type(out.type, [&]<class T>() {
    ModelDecoder<T>(parts, z_begin, z_end, out, limits, team).decode();
  });
}

}  // namespace segpresso::compresso
