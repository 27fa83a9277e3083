// MICCAI v1.
#include "fuzz/fuzz_paper.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace segpresso::compresso;
  return segpresso::fuzz::run([&] {
    segpresso::fuzz::check({encode_miccai, describe_miccai, decode_miccai, labels_of_miccai},
                           {data, size});
  });
}
