// The three streams of the Compresso family (Matejek et al., MICCAI 2017).
//
// All describe a volume by its boundary map in small windows, one label per connected component of
// the rest, and codes for boundary voxels that no neighbour determines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "segpresso/label_view.hpp"
#include "segpresso/limits.hpp"
#include "segpresso/window.hpp"

namespace segpresso::compresso {

// A part of a stream.
struct Section {
  const char* name;
  std::size_t bytes;
};

// What a stream tells about itself.
struct Description {
  Shape shape;
  LabelType type = LabelType::u64;
  Window window;
  unsigned version = 0;
  unsigned connectivity = 4;
  bool z_index = false;
  std::uint64_t ids = 0;
  std::uint64_t values = 0;
  std::uint64_t locations = 0;
  std::vector<Section> sections;
};

using Bytes = std::span<const std::uint8_t>;

// ---- MICCAI v1: 64-bit labels, no magic -------------------------------------------------------

struct PaperOptions {
  Window window{8, 8, 1};
  // Labels from 2^64 - 6 on cannot be stored at voxels that no neighbour determines. False refuses
  // them, true writes what the original writes (which does not decode to the input).
  bool wrap_labels = false;
};

std::vector<std::uint8_t> encode_miccai(const LabelView& labels, const PaperOptions& options,
                                        unsigned threads);
Description describe_miccai(Bytes stream);
// `out` has the stream's shape; its type may be narrower than 64 bits if all labels fit.
void decode_miccai(Bytes stream, const MutableLabelView& out, const Limits& limits,
                   unsigned threads);
std::vector<std::uint64_t> labels_of_miccai(Bytes stream);

// ---- v2: the same model, byte-packed ----------------------------------------------------------

std::vector<std::uint8_t> encode_packed(const LabelView& labels, const PaperOptions& options,
                                        unsigned threads);
Description describe_packed(Bytes stream);
void decode_packed(Bytes stream, const MutableLabelView& out, const Limits& limits,
                   unsigned threads);
std::vector<std::uint64_t> labels_of_packed(Bytes stream);

// ---- cpso: as CloudVolume writes and Neuroglancer reads ---------------------------------------

struct CpsoOptions {
  Window window{4, 4, 1};
  unsigned connectivity = 4;  // 4 or 6
  bool z_index = true;        // makes slices decodable alone; connectivity 4 only
  // Escapes every label >= 2^32 - 7, which Neuroglancer's 32-bit reader would truncate otherwise.
  bool neuroglancer_safe = false;
};

std::vector<std::uint8_t> encode_cpso(const LabelView& labels, const CpsoOptions& options,
                                      unsigned threads);
Description describe_cpso(Bytes stream);
// Slices [z_begin, z_end) into `out`, whose shape is that of these slices.
void decode_cpso(Bytes stream, std::size_t z_begin, std::size_t z_end, const MutableLabelView& out,
                 const Limits& limits, unsigned threads);
std::vector<std::uint64_t> labels_of_cpso(Bytes stream);
// Replaces label `from[i]` (ascending) by `to[i]`; other labels stay. Escaped labels stay escaped.
std::vector<std::uint8_t> remap_cpso(Bytes stream, std::span<const std::uint64_t> from,
                                     std::span<const std::uint64_t> to,
                                     bool neuroglancer_safe = false);

}  // namespace segpresso::compresso
