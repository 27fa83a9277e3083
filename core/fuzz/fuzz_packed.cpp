// v2.
#include "fuzz/fuzz_paper.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace segpresso::compresso;
  return segpresso::fuzz::run([&] {
    segpresso::fuzz::check({encode_packed, describe_packed, decode_packed, labels_of_packed},
                           {data, size});
  });
}
