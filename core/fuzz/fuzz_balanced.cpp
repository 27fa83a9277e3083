// The structure model of the profile `balanced`.
#include "fuzz/fuzz_model.hpp"
#include "native/balanced/balanced.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static segpresso::native::BalancedEncoder encoder;
  static segpresso::native::BalancedDecoder decoder;
  segpresso::fuzz::check_model({data, size}, encoder, decoder);
  return 0;
}
