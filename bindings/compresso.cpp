// Bindings of the Compresso family.
#include "segpresso/compresso.hpp"

#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"

namespace segpresso::bindings {
namespace {

using namespace compresso;
using Size3 = std::array<std::uint32_t, 3>;

Window window_of(const Size3& xyz) { return {xyz[0], xyz[1], xyz[2]}; }

nb::dict to_dict(const Description& description) {
  nb::dict sections;
  for (const Section& section : description.sections) sections[section.name] = section.bytes;
  nb::dict result;
  result["version"] = description.version;
  result["shape_xyz"] =
      nb::make_tuple(description.shape.x, description.shape.y, description.shape.z);
  result["label_bytes"] = width_of(description.type);
  result["window_xyz"] =
      nb::make_tuple(description.window.x, description.window.y, description.window.z);
  result["connectivity"] = description.connectivity;
  result["z_index"] = description.z_index;
  result["ids"] = description.ids;
  result["values"] = description.values;
  result["locations"] = description.locations;
  result["sections"] = sections;
  return result;
}

using Encoder = std::vector<std::uint8_t> (*)(const LabelView&, const PaperOptions&, unsigned);
using Describer = Description (*)(Bytes);
using Decoder = void (*)(Bytes, const MutableLabelView&, const Limits&, unsigned);
using Lister = std::vector<std::uint64_t> (*)(Bytes);

template <Encoder encoder>
nb::bytes encode_paper(const Labels& labels, const Size3& window, bool wrap_labels,
                       unsigned threads) {
  std::vector<std::uint8_t> bytes;
  {
    const nb::gil_scoped_release release;
    bytes = encoder(view_of(labels), {window_of(window), wrap_labels}, threads);
  }
  return to_bytes(bytes);
}

template <Describer describer>
nb::dict describe(const Stream& stream) {
  return to_dict(describer(span_of(stream)));
}

template <Decoder decoder>
void decode(const Stream& stream, const MutableLabels& out, std::size_t max_bytes,
            unsigned threads) {
  const nb::gil_scoped_release release;
  decoder(span_of(stream), view_of(out), {max_bytes}, threads);
}

template <Lister lister>
auto labels(const Stream& stream) {
  std::vector<std::uint64_t> found;
  {
    const nb::gil_scoped_release release;
    found = lister(span_of(stream));
  }
  return to_array(std::move(found));
}

nb::bytes encode_cpso_stream(const Labels& labels, const Size3& window, unsigned connectivity,
                             bool z_index, bool neuroglancer_safe, unsigned threads) {
  std::vector<std::uint8_t> bytes;
  {
    const nb::gil_scoped_release release;
    bytes = encode_cpso(view_of(labels),
                        {window_of(window), connectivity, z_index, neuroglancer_safe}, threads);
  }
  return to_bytes(bytes);
}

void decode_cpso_slices(const Stream& stream, std::size_t z_begin, std::size_t z_end,
                        const MutableLabels& out, std::size_t max_bytes, unsigned threads) {
  const nb::gil_scoped_release release;
  decode_cpso(span_of(stream), z_begin, z_end, view_of(out), {max_bytes}, threads);
}

using LabelList = nb::ndarray<nb::numpy, const std::uint64_t, nb::ndim<1>, nb::c_contig>;

nb::bytes remap_cpso_stream(const Stream& stream, const LabelList& from, const LabelList& to,
                            bool neuroglancer_safe) {
  std::vector<std::uint8_t> bytes;
  {
    const nb::gil_scoped_release release;
    bytes = remap_cpso(span_of(stream), {from.data(), from.size()}, {to.data(), to.size()},
                       neuroglancer_safe);
  }
  return to_bytes(bytes);
}

}  // namespace

void add_compresso(nb::module_& module) {
  using namespace nb::literals;
  module.def("miccai_encode", encode_paper<encode_miccai>, "labels"_a.noconvert(), "window"_a,
             "wrap_labels"_a, "threads"_a);
  module.def("miccai_describe", describe<describe_miccai>, "stream"_a.noconvert());
  module.def("miccai_decode", decode<decode_miccai>, "stream"_a.noconvert(), "out"_a.noconvert(),
             "max_bytes"_a, "threads"_a);
  module.def("miccai_labels", labels<labels_of_miccai>, "stream"_a.noconvert());

  module.def("packed_encode", encode_paper<encode_packed>, "labels"_a.noconvert(), "window"_a,
             "wrap_labels"_a, "threads"_a);
  module.def("packed_describe", describe<describe_packed>, "stream"_a.noconvert());
  module.def("packed_decode", decode<decode_packed>, "stream"_a.noconvert(), "out"_a.noconvert(),
             "max_bytes"_a, "threads"_a);
  module.def("packed_labels", labels<labels_of_packed>, "stream"_a.noconvert());

  module.def("cpso_encode", encode_cpso_stream, "labels"_a.noconvert(), "window"_a,
             "connectivity"_a, "z_index"_a, "neuroglancer_safe"_a, "threads"_a);
  module.def("cpso_describe", describe<describe_cpso>, "stream"_a.noconvert());
  module.def("cpso_decode", decode_cpso_slices, "stream"_a.noconvert(), "z_begin"_a, "z_end"_a,
             "out"_a.noconvert(), "max_bytes"_a, "threads"_a);
  module.def("cpso_labels", labels<labels_of_cpso>, "stream"_a.noconvert());
  module.def("cpso_remap", remap_cpso_stream, "stream"_a.noconvert(), "old_labels"_a,
             "new_labels"_a, "neuroglancer_safe"_a);
}

}  // namespace segpresso::bindings
