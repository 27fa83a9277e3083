// Bindings of the block-table streams.
#include "segpresso/neuroglancer.hpp"

#include <nanobind/stl/array.h>
#include <nanobind/stl/vector.h>

#include "arrays.hpp"

namespace segpresso::bindings {
namespace {

using namespace neuroglancer;
using Size3 = std::array<std::uint32_t, 3>;

BlockSize block_of(const Size3& xyz) { return {xyz[0], xyz[1], xyz[2]}; }

nb::bytes encode_segmentation(const std::vector<Labels>& channels, const Size3& block,
                              unsigned threads) {
  std::vector<std::uint8_t> bytes;
  {
    std::vector<LabelView> views;
    for (const Labels& channel : channels) views.push_back(view_of(channel));
    const nb::gil_scoped_release release;
    bytes = encode_compressed_segmentation(views, block_of(block), threads);
  }
  return to_bytes(bytes);
}

void decode_segmentation(const Stream& stream, const std::vector<MutableLabels>& channels,
                         const Size3& block, std::size_t max_bytes, unsigned threads) {
  std::vector<MutableLabelView> views;
  for (const MutableLabels& channel : channels) views.push_back(view_of(channel));
  const nb::gil_scoped_release release;
  decode_compressed_segmentation(span_of(stream), views, block_of(block), {max_bytes}, threads);
}

nb::bytes encode_tables(const Labels& labels, unsigned threads) {
  std::vector<std::uint8_t> bytes;
  {
    const nb::gil_scoped_release release;
    bytes = encode_block_tables(view_of(labels), threads);
  }
  return to_bytes(bytes);
}

nb::tuple shape_of_tables(const Stream& stream) {
  const Shape shape = shape_of_block_tables(span_of(stream));
  return nb::make_tuple(shape.x, shape.y, shape.z);
}

void decode_tables(const Stream& stream, const MutableLabels& out, std::size_t max_bytes,
                   unsigned threads) {
  const nb::gil_scoped_release release;
  decode_block_tables(span_of(stream), view_of(out), {max_bytes}, threads);
}

}  // namespace

void add_neuroglancer(nb::module_& module) {
  using namespace nb::literals;
  module.def("segmentation_encode", encode_segmentation, "channels"_a.noconvert(), "block_size"_a,
             "threads"_a);
  module.def("segmentation_decode", decode_segmentation, "stream"_a.noconvert(),
             "channels"_a.noconvert(), "block_size"_a, "max_bytes"_a, "threads"_a);
  module.def("block_tables_encode", encode_tables, "labels"_a.noconvert(), "threads"_a);
  module.def("block_tables_shape", shape_of_tables, "stream"_a.noconvert());
  module.def("block_tables_decode", decode_tables, "stream"_a.noconvert(), "out"_a.noconvert(),
             "max_bytes"_a, "threads"_a);
}

}  // namespace segpresso::bindings
