// cpso: description, labels, whole volume, slices, relabelling.
#include "fuzz/fuzz_support.hpp"
#include "segpresso/compresso.hpp"

namespace segpresso::fuzz {
namespace {

using compresso::Description;

Volume decode(Bytes stream, const Description& description, std::size_t z_begin, std::size_t z_end,
              unsigned threads) {
  const Shape shape{description.shape.x, description.shape.y, z_end - z_begin};
  return decode_within_limits(shape, description.type, [&](const MutableLabelView& out) {
    compresso::decode_cpso(stream, z_begin, z_end, out, limits, threads);
  });
}

Volume decode(Bytes stream, const Description& description, unsigned threads) {
  return decode(stream, description, 0, description.shape.z, threads);
}

void check_round_trip(const Volume& volume, const Description& description, unsigned threads) {
  const Stream stream = encode_if_possible([&] {
    return compresso::encode_cpso(volume.view(),
                                  {.window = description.window,
                                   .connectivity = description.connectivity,
                                   .z_index = description.z_index},
                                  threads);
  });
  if (stream.empty()) return;
  require(decode(stream, compresso::describe_cpso(stream), threads) == volume,
          "an encoded volume decodes to itself");
  std::vector<std::uint64_t> labels;
  for (std::size_t i = 0; i < volume.shape().voxels(); ++i) labels.push_back(volume.label(i));
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  require(compresso::labels_of_cpso(stream) == labels, "a stream's labels are its volume's");
}

// New labels near the type's largest, so that some move between the forms of a location.
struct Mapping {
  std::vector<std::uint64_t> from;
  std::vector<std::uint64_t> to;

  Mapping(const std::vector<std::uint64_t>& labels, LabelType type, std::uint64_t hash) {
    for (const std::uint64_t label : labels) {
      hash = hash * 6364136223846793005 + 1442695040888963407;
      if (hash >> 62 == 0) continue;
      from.push_back(label);
      to.push_back((hash >> 60 & 1) != 0 ? max_label(type) - (hash >> 40) % 12
                                         : hash >> 20 & max_label(type));
    }
  }

  [[nodiscard]] std::uint64_t operator()(std::uint64_t label) const {
    const auto at = std::lower_bound(from.begin(), from.end(), label);
    if (at == from.end() || *at != label) return label;
    return to[static_cast<std::size_t>(at - from.begin())];
  }
};

void check_slices(Bytes stream, const Description& description, const Volume& volume,
                  std::uint64_t hash) {
  if (!description.z_index) return;
  const std::size_t z_begin = (hash >> 8) % (description.shape.z + 1);
  const std::size_t z_end = z_begin + (hash >> 24) % (description.shape.z - z_begin + 1);
  require(volume.contains(decode(stream, description, z_begin, z_end, threads_of(hash)), z_begin),
          "slices decoded alone are those of the volume");
}

void check(Bytes stream) {
  const std::uint64_t hash = hash_of(stream);
  const Description description = compresso::describe_cpso(stream);
  const std::vector<std::uint64_t> labels = compresso::labels_of_cpso(stream);
  const Mapping mapping(labels, description.type, hash);
  const Stream remapped = compresso::remap_cpso(stream, mapping.from, mapping.to);
  if (description.z_index && description.shape.z > 0) {
    // May succeed although other slices are damaged.
    run([&] {
      const std::size_t z = (hash >> 16) % description.shape.z;
      decode(stream, description, z, z + 1, 1);
    });
  }
  const Volume volume = decode(stream, description, threads_of(hash));
  for (std::size_t i = 0; i < volume.shape().voxels(); ++i) {
    require(std::binary_search(labels.begin(), labels.end(), volume.label(i)),
            "a stream lists all labels of its volume");
  }
  check_slices(stream, description, volume, hash);
  check_round_trip(volume, description, threads_of(hash >> 3));
  const Description remapped_description = compresso::describe_cpso(remapped);
  const Volume remapped_volume = decode(remapped, remapped_description, 1);
  for (std::size_t i = 0; i < volume.shape().voxels(); ++i) {
    require(remapped_volume.label(i) == mapping(volume.label(i)), "remapping maps each voxel");
  }
  check_slices(remapped, remapped_description, remapped_volume, hash);
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return segpresso::fuzz::run([&] { segpresso::fuzz::check({data, size}); });
}
