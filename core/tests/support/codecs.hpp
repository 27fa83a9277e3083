// All formats behind one interface, so that one test can go over them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "segpresso/compresso.hpp"
#include "segpresso/native.hpp"
#include "segpresso/neuroglancer.hpp"
#include "support/volume.hpp"

namespace segpresso::test {

using Stream = std::vector<std::uint8_t>;

struct Codec {
  std::string name;
  std::function<Stream(const LabelView&, unsigned threads)> encode;
  std::function<void(const Stream&, const MutableLabelView&, const Limits&, unsigned threads)>
      decode;
  // v1 and v2 refuse labels from 2^64 - 6 on where no neighbour determines them.
  bool refuses_largest_labels = false;
  // cpso with windows of 8 bits refuses more than 128 distinct windows.
  bool refuses_many_windows = false;

  [[nodiscard]] bool may_refuse(const Volume& volume) const {
    const std::uint64_t largest = volume.distinct_labels().back();
    return refuses_many_windows || (refuses_largest_labels && largest > UINT64_MAX - 6);
  }
};

inline std::string name_of(const compresso::Window& window) {
  return std::to_string(window.x) + "x" + std::to_string(window.y) + "x" + std::to_string(window.z);
}

inline Codec cpso_codec(const compresso::CpsoOptions& options) {
  return {.name = "cpso " + name_of(options.window) + " connectivity " +
                  std::to_string(options.connectivity) + (options.z_index ? " indexed" : "") +
                  (options.neuroglancer_safe ? " safe" : ""),
          .encode =
              [options](const LabelView& labels, unsigned threads) {
                return compresso::encode_cpso(labels, options, threads);
              },
          .decode =
              [](const Stream& stream, const MutableLabelView& out, const Limits& limits,
                 unsigned threads) {
                compresso::decode_cpso(stream, 0, out.shape.z, out, limits, threads);
              },
          .refuses_many_windows = options.window.voxels() <= 8};
}

inline Codec miccai_codec(const compresso::Window& window) {
  return {
      .name = "miccai " + name_of(window),
      .encode =
          [window](const LabelView& labels, unsigned threads) {
            return compresso::encode_miccai(labels, {.window = window}, threads);
          },
      .decode = [](const Stream& stream, const MutableLabelView& out, const Limits& limits,
                   unsigned threads) { compresso::decode_miccai(stream, out, limits, threads); },
      .refuses_largest_labels = true};
}

inline Codec packed_codec(const compresso::Window& window) {
  return {
      .name = "packed " + name_of(window),
      .encode =
          [window](const LabelView& labels, unsigned threads) {
            return compresso::encode_packed(labels, {.window = window}, threads);
          },
      .decode = [](const Stream& stream, const MutableLabelView& out, const Limits& limits,
                   unsigned threads) { compresso::decode_packed(stream, out, limits, threads); },
      .refuses_largest_labels = true};
}

inline Codec compressed_segmentation_codec(const neuroglancer::BlockSize& block) {
  return {.name = "compressed_segmentation " + std::to_string(block.x) + "x" +
                  std::to_string(block.y) + "x" + std::to_string(block.z),
          .encode =
              [block](const LabelView& labels, unsigned threads) {
                return neuroglancer::encode_compressed_segmentation({&labels, 1}, block, threads);
              },
          .decode =
              [block](const Stream& stream, const MutableLabelView& out, const Limits& limits,
                      unsigned threads) {
                neuroglancer::decode_compressed_segmentation(stream, {&out, 1}, block, limits,
                                                             threads);
              }};
}

inline Codec block_tables_codec() {
  return {
      .name = "block tables",
      .encode = [](const LabelView& labels,
                   unsigned threads) { return neuroglancer::encode_block_tables(labels, threads); },
      .decode =
          [](const Stream& stream, const MutableLabelView& out, const Limits& limits,
             unsigned threads) {
            neuroglancer::decode_block_tables(stream, out, limits, threads);
          }};
}

// The axes of a volume as `native::ArrayInfo::sizes` has them: those of size 1 come last.
template <class View>
View in_roles(const View& volume) {
  const std::array sizes{volume.shape.x, volume.shape.y, volume.shape.z};
  std::array<std::size_t, 3> axes{0, 1, 2};
  std::ranges::stable_partition(axes, [&](std::size_t axis) { return sizes[axis] != 1; });
  View view = volume;
  view.shape = {sizes[axes[0]], sizes[axes[1]], sizes[axes[2]]};
  for (std::size_t i = 0; i < 3; ++i) view.strides[i] = volume.strides[axes[i]];
  return view;
}

// Reads the index of a whole stream.
inline native::StreamIndex open_native(const Stream& stream, const Limits& limits = {}) {
  native::StreamIndex::check_front(stream, stream.size());
  const native::Extent extent = native::StreamIndex::locate(stream, stream.size());
  return {native::Bytes(stream).last(extent.bytes), stream.size(), limits};
}

inline void decode_native(const native::StreamIndex& index, const Stream& stream,
                          const native::Box& box, const native::MutableLabelSeries& out,
                          const Limits& limits, unsigned threads) {
  const std::vector<std::size_t> blocks = index.blocks_in(box);
  std::vector<native::Bytes> payloads;
  for (const std::size_t block : blocks) {
    const native::Extent extent = index.extent_of(block);
    payloads.push_back(native::Bytes(stream).subspan(extent.offset, extent.bytes));
  }
  index.decode(box, blocks, payloads, out, index.array().type, limits, threads);
}

inline Codec native_codec(const native::Options& options) {
  const auto& [x, y, z] = options.block;
  return {.name = "native " + std::to_string(x) + "x" + std::to_string(y) + "x" +
                  std::to_string(z) + " profile " +
                  std::to_string(static_cast<unsigned>(options.profile)),
          .encode =
              [options](const LabelView& labels, unsigned threads) {
                const native::ArrayInfo array{{labels.type, native::NumberKind::unsigned_integer},
                                              {labels.shape.z, labels.shape.y, labels.shape.x},
                                              false};
                return native::encode(array, {in_roles(labels), 1, 0}, options, threads);
              },
          .decode =
              [](const Stream& stream, const MutableLabelView& out, const Limits& limits,
                 unsigned threads) {
                const native::StreamIndex index = open_native(stream, limits);
                decode_native(index, stream, {{}, index.sizes()}, {in_roles(out), 1, 0}, limits,
                              threads);
              }};
}

inline std::vector<Codec> native_codecs() {
  std::vector<Codec> codecs;
  for (const native::Profile profile :
       {native::Profile::fast, native::Profile::balanced, native::Profile::small}) {
    codecs.push_back(native_codec({.profile = profile}));
    codecs.push_back(native_codec({.profile = profile, .block = {16, 8, 4}, .statistics = true}));
    codecs.push_back(native_codec({.profile = profile, .block = {5, 3, 7}}));
  }
  return codecs;
}

// Every format with several windows or blocks, among them ones that do not divide 64.
inline std::vector<Codec> all_codecs() {
  std::vector<Codec> codecs;
  for (const compresso::Window& window : {compresso::Window{4, 4, 1},
                                          {8, 8, 1},
                                          {4, 4, 4},
                                          {5, 3, 2},
                                          {1, 1, 17},
                                          {64, 1, 1},
                                          {3, 21, 1},
                                          {4, 2, 1},
                                          {1, 1, 1}}) {
    codecs.push_back(cpso_codec({.window = window}));
    codecs.push_back(cpso_codec({.window = window, .z_index = false}));
    codecs.push_back(cpso_codec({.window = window, .connectivity = 6, .z_index = false}));
  }
  codecs.push_back(cpso_codec({.neuroglancer_safe = true}));
  for (const compresso::Window& window :
       {compresso::Window{8, 8, 1}, {4, 4, 2}, {5, 5, 2}, {2, 1, 32}}) {
    codecs.push_back(miccai_codec(window));
  }
  for (const compresso::Window& window :
       {compresso::Window{8, 8, 1}, {4, 4, 2}, {3, 8, 1}, {5, 4, 2}, {2, 1, 4}}) {
    codecs.push_back(packed_codec(window));
  }
  for (const neuroglancer::BlockSize& block :
       {neuroglancer::BlockSize{8, 8, 8}, {4, 5, 3}, {1, 1, 1}, {64, 64, 1}, {16, 16, 16}}) {
    codecs.push_back(compressed_segmentation_codec(block));
  }
  codecs.push_back(block_tables_codec());
  for (Codec& codec : native_codecs()) codecs.push_back(std::move(codec));
  return codecs;
}

// The kind of the error that `call` raises; fails if it raises none.
template <class Call>
ErrorKind kind_of_error(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.kind();
  }
  throw std::logic_error("no error was raised");
}

}  // namespace segpresso::test

template <>
struct doctest::StringMaker<segpresso::ErrorKind> {
  static doctest::String convert(segpresso::ErrorKind kind) {
    constexpr std::array names{"corrupt", "truncated", "unsupported", "limit", "invalid_argument"};
    return names.at(static_cast<std::size_t>(kind));
  }
};
