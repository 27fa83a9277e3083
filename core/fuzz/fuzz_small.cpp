// The structure model of the profile `small`.
#include "fuzz/fuzz_model.hpp"
#include "native/small/decoder.hpp"
#include "native/small/encoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static segpresso::native::SmallEncoder encoder;
  static segpresso::native::SmallDecoder decoder;
  segpresso::fuzz::check_model({data, size}, encoder, decoder);
  return 0;
}
