// The textbook coders. The first byte chooses one, the rest are its codes; data that decode survive
// another round.
#include "fuzz/fuzz_support.hpp"
#include "segpresso/lempel_ziv.hpp"

namespace segpresso::fuzz {
namespace {

template <class T>
Bytes bytes_of(const std::vector<T>& codes) {
  return {reinterpret_cast<const std::uint8_t*>(codes.data()), codes.size() * sizeof(T)};
}

void check(Bytes input) {
  if (input.empty()) return;
  const Bytes codes = input.subspan(1);
  if (input[0] % 3 == 0) {
    const Stream data = lempel_ziv::decode_lzw(codes, limits);
    const auto again = lempel_ziv::encode_lzw(data);
    require(lempel_ziv::decode_lzw(bytes_of(again), limits) == data, "LZW returns the data");
  } else {
    const unsigned width = input[0] % 3 == 1 ? 4 : 8;
    const Stream data = lempel_ziv::decode_lz78(codes, width, limits);
    const auto again = lempel_ziv::encode_lz78(data);
    require(lempel_ziv::decode_lz78(bytes_of(again), 8, limits) == data, "LZ78 returns the data");
  }
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return segpresso::fuzz::run([&] { segpresso::fuzz::check({data, size}); });
}
