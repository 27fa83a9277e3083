// v2: description, labels, volume.
#include "fuzz/fuzz_support.hpp"
#include "segpresso/compresso.hpp"

namespace segpresso::fuzz {
namespace {

using compresso::Description;

Volume decode(Bytes stream, const Description& description, unsigned threads) {
  return decode_within_limits(
      description.shape, description.type,
      [&](const MutableLabelView& out) { compresso::decode_packed(stream, out, limits, threads); });
}

void check(Bytes stream) {
  const std::uint64_t hash = hash_of(stream);
  const Description description = compresso::describe_packed(stream);
  const std::vector<std::uint64_t> labels = compresso::labels_of_packed(stream);
  const Volume volume = decode(stream, description, threads_of(hash));
  for (std::size_t i = 0; i < volume.shape().voxels(); ++i) {
    require(std::binary_search(labels.begin(), labels.end(), volume.label(i)),
            "a stream lists all labels of its volume");
  }
  const Stream again = encode_if_possible([&] {
    return compresso::encode_packed(volume.view(), {.window = description.window},
                                    threads_of(hash >> 3));
  });
  if (again.empty()) return;
  require(decode(again, compresso::describe_packed(again), 1) == volume,
          "an encoded volume decodes to itself");
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return segpresso::fuzz::run([&] { segpresso::fuzz::check({data, size}); });
}
