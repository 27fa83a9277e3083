// What is required of v1 and v2: description, labels, volume.
#pragma once

#include "fuzz/fuzz_support.hpp"
#include "segpresso/compresso.hpp"

namespace segpresso::fuzz {

using compresso::Description;

// A format of the paper; both have the same functions.
struct PaperFormat {
  decltype(&compresso::encode_miccai) encode;
  decltype(&compresso::describe_miccai) describe;
  decltype(&compresso::decode_miccai) decode;
  decltype(&compresso::labels_of_miccai) labels;
};

inline Volume decode(const PaperFormat& format, Bytes stream, const Description& description,
                     unsigned threads) {
  return decode_within_limits(
      description.shape, description.type,
      [&](const MutableLabelView& out) { format.decode(stream, out, limits, threads); });
}

inline void check(const PaperFormat& format, Bytes stream) {
  const std::uint64_t hash = hash_of(stream);
  const Description description = format.describe(stream);
  const std::vector<std::uint64_t> labels = format.labels(stream);
  const Volume volume = decode(format, stream, description, threads_of(hash));
  for (std::size_t i = 0; i < volume.shape().voxels(); ++i) {
    require(std::binary_search(labels.begin(), labels.end(), volume.label(i)),
            "a stream lists all labels of its volume");
  }
  const Stream again = encode_if_possible([&] {
    return format.encode(volume.view(), {.window = description.window}, threads_of(hash >> 3));
  });
  if (again.empty()) return;
  require(decode(format, again, format.describe(again), 1) == volume,
          "an encoded volume decodes to itself");
}

}  // namespace segpresso::fuzz
