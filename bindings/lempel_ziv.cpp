#include "segpresso/lempel_ziv.hpp"

#include "arrays.hpp"

namespace segpresso::bindings {
namespace {

// What `code` makes of the bytes, without the interpreter's lock.
template <class Code>
auto run(const Stream& bytes, Code code) {
  auto result = [&] {
    const nb::gil_scoped_release release;
    return code(span_of(bytes));
  }();
  return to_array(std::move(result));
}

}  // namespace

void add_lempel_ziv(nb::module_& module) {
  using namespace nb::literals;
  module.def(
      "lz78_encode", [](const Stream& data) { return run(data, lempel_ziv::encode_lz78); },
      "data"_a.noconvert());
  module.def(
      "lz78_decode",
      [](const Stream& codes, unsigned width, std::size_t max_bytes) {
        return run(codes,
                   [&](auto bytes) { return lempel_ziv::decode_lz78(bytes, width, {max_bytes}); });
      },
      "codes"_a.noconvert(), "width"_a, "max_bytes"_a);
  module.def(
      "lzw_encode", [](const Stream& data) { return run(data, lempel_ziv::encode_lzw); },
      "data"_a.noconvert());
  module.def(
      "lzw_decode",
      [](const Stream& codes, std::size_t max_bytes) {
        return run(codes, [&](auto bytes) { return lempel_ziv::decode_lzw(bytes, {max_bytes}); });
      },
      "codes"_a.noconvert(), "max_bytes"_a);
}

}  // namespace segpresso::bindings
