// Bindings of the native stream.
#include "segpresso/native.hpp"

#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>

#include "arrays.hpp"

namespace segpresso::bindings {
namespace {

using namespace native;

// Axes x, y, z, w.
using Volumes = nb::ndarray<nb::numpy, nb::ro, nb::ndim<4>, nb::device::cpu>;
using MutableVolumes = nb::ndarray<nb::numpy, nb::ndim<4>, nb::device::cpu>;

template <class View, class Array>
Series<View> series_of(const Array& array) {
  return {view_of<View, Array>(array), array.shape(3),
          array.stride(3) * static_cast<std::ptrdiff_t>(array.itemsize())};
}

// "u", "i" or "b", as numpy names kinds.
NumberType type_of(const std::string& kind, std::size_t bytes) {
  const NumberKind known = kind == "b"   ? NumberKind::boolean
                           : kind == "i" ? NumberKind::signed_integer
                                         : NumberKind::unsigned_integer;
  return {static_cast<LabelType>(bytes), known};
}

const char* kind_name(NumberKind kind) {
  return kind == NumberKind::boolean ? "b" : kind == NumberKind::signed_integer ? "i" : "u";
}

ArrayInfo info_of(const std::string& kind, std::size_t bytes, std::vector<std::size_t> shape,
                  bool fortran_order) {
  return {type_of(kind, bytes), std::move(shape), fortran_order};
}

Options options_of(unsigned profile, const std::array<std::size_t, 3>& block, bool statistics) {
  return {static_cast<Profile>(profile), block, statistics};
}

nb::bytes encode_array(const Volumes& labels, const std::string& kind,
                       const std::vector<std::size_t>& shape, bool fortran_order, unsigned profile,
                       const std::array<std::size_t, 3>& block, bool statistics, unsigned threads) {
  const ArrayInfo info = info_of(kind, labels.itemsize(), shape, fortran_order);
  std::vector<std::uint8_t> bytes;
  {
    const nb::gil_scoped_release release;
    bytes =
        encode(info, series_of<LabelView>(labels), options_of(profile, block, statistics), threads);
  }
  return to_bytes(bytes);
}

nb::tuple to_tuple(const Extent& extent) { return nb::make_tuple(extent.offset, extent.bytes); }

nb::tuple to_tuple(const Box& box) { return nb::make_tuple(box.begin, box.end); }

// Counts, and boxes as rows of eight numbers: begin, then end, each along x, y, z, w.
nb::tuple statistics(const StreamIndex& index, const Stream& section) {
  std::vector<std::uint64_t> counts;
  std::vector<std::uint64_t> boxes;
  {
    const nb::gil_scoped_release release;
    LabelStatistics found = index.statistics(span_of(section));
    counts = std::move(found.counts);
    for (const Box& box : found.boxes) {
      boxes.insert(boxes.end(), box.begin.begin(), box.begin.end());
      boxes.insert(boxes.end(), box.end.begin(), box.end.end());
    }
  }
  return nb::make_tuple(to_array(std::move(counts)), to_array(std::move(boxes)));
}

Box box_of(const Vector4& begin, const Vector4& end) { return {begin, end}; }

void decode_box(const StreamIndex& index, const Vector4& begin, const Vector4& end,
                const std::vector<std::size_t>& blocks, const std::vector<Stream>& payloads,
                const MutableVolumes& out, const std::string& kind, std::size_t max_bytes,
                unsigned threads) {
  std::vector<Bytes> spans;
  spans.reserve(payloads.size());
  for (const Stream& payload : payloads) spans.push_back(span_of(payload));
  const nb::gil_scoped_release release;
  index.decode(box_of(begin, end), blocks, spans, series_of<MutableLabelView>(out),
               type_of(kind, out.itemsize()), {max_bytes}, threads);
}

// Decodes a box of a stream that is in memory as a whole.
void decode_stream(const StreamIndex& index, const Vector4& begin, const Vector4& end,
                   const Stream& stream, const MutableVolumes& out, const std::string& kind,
                   std::size_t max_bytes, unsigned threads) {
  const nb::gil_scoped_release release;
  const Box box = box_of(begin, end);
  const std::vector<std::size_t> blocks = index.blocks_in(box);
  std::vector<Bytes> payloads;
  payloads.reserve(blocks.size());
  for (const std::size_t block : blocks) {
    const Extent extent = index.extent_of(block);
    if (extent.offset + extent.bytes > stream.size()) {
      throw Error(ErrorKind::invalid_argument, "this is not the stream of the index");
    }
    payloads.push_back(span_of(stream).subspan(extent.offset, extent.bytes));
  }
  index.decode(box, blocks, payloads, series_of<MutableLabelView>(out),
               type_of(kind, out.itemsize()), {max_bytes}, threads);
}

nb::dict describe(const StreamIndex& index) {
  const ArrayInfo& array = index.array();
  nb::dict sections;
  for (const Section& section : index.sections()) sections[section.name] = section.bytes;
  nb::dict result;
  result["shape"] = nb::tuple(nb::cast(array.shape));
  result["kind"] = kind_name(array.type.kind);
  result["label_bytes"] = width_of(array.type.width);
  result["fortran_order"] = array.fortran_order;
  result["profile"] = static_cast<unsigned>(index.profile());
  result["block_shape"] = index.block_shape();
  result["blocks"] = index.block_count();
  result["methods"] = index.methods();
  result["statistics"] = index.has_statistics();
  result["sections"] = sections;
  return result;
}

// Slab by slab.
void make_encoder(StreamEncoder* self, const std::string& kind, std::size_t label_bytes,
                  const std::vector<std::size_t>& shape, bool fortran_order, unsigned profile,
                  const std::array<std::size_t, 3>& block, bool statistics, unsigned threads) {
  new (self) StreamEncoder(info_of(kind, label_bytes, shape, fortran_order),
                           options_of(profile, block, statistics), threads);
}

nb::bytes add_slab(StreamEncoder& encoder, const Volumes& slab) {
  std::vector<std::uint8_t> bytes;
  {
    const nb::gil_scoped_release release;
    bytes = encoder.add(series_of<LabelView>(slab));
  }
  return to_bytes(bytes);
}

nb::bytes finish(StreamEncoder& encoder) {
  std::vector<std::uint8_t> bytes;
  {
    const nb::gil_scoped_release release;
    bytes = encoder.finish();
  }
  return to_bytes(bytes);
}

}  // namespace

void add_native(nb::module_& module) {
  using namespace nb::literals;
  module.def("native_encode", encode_array, "labels"_a.noconvert(), "kind"_a, "shape"_a,
             "fortran_order"_a, "profile"_a, "block"_a, "statistics"_a, "threads"_a);

  module.def(
      "native_block_shape",
      [](const Vector4& sizes, unsigned profile, bool unrelated) {
        return choose_block_shape(sizes, static_cast<Profile>(profile), unrelated);
      },
      "sizes"_a, "profile"_a, "slices_unrelated"_a);

  nb::class_<StreamEncoder>(module, "NativeEncoder")
      .def("__init__", make_encoder, "kind"_a, "label_bytes"_a, "shape"_a, "fortran_order"_a,
           "profile"_a, "block"_a, "statistics"_a, "threads"_a)
      .def_prop_ro("depth", &StreamEncoder::depth)
      .def("add", add_slab, "slab"_a.noconvert())
      .def("finish", finish);

  nb::class_<StreamIndex>(module, "NativeIndex")
      .def_ro_static("tail_bytes", &StreamIndex::tail_bytes)
      .def_ro_static("front_bytes", &StreamIndex::front_bytes)
      .def(
          "__init__",
          [](StreamIndex* self, const Stream& bytes, std::uint64_t stream_bytes,
             std::size_t max_bytes) {
            const nb::gil_scoped_release release;
            new (self) StreamIndex(span_of(bytes), stream_bytes, {max_bytes});
          },
          "bytes"_a.noconvert(), "stream_bytes"_a, "max_bytes"_a)
      .def_static(
          "check_front",
          [](const Stream& front, std::uint64_t stream_bytes) {
            StreamIndex::check_front(span_of(front), stream_bytes);
          },
          "front"_a.noconvert(), "stream_bytes"_a)
      .def_static(
          "locate",
          [](const Stream& tail, std::uint64_t stream_bytes) {
            return to_tuple(StreamIndex::locate(span_of(tail), stream_bytes));
          },
          "tail"_a.noconvert(), "stream_bytes"_a)
      .def("describe", describe)
      .def(
          "blocks_in",
          [](const StreamIndex& index, const Vector4& begin, const Vector4& end) {
            return index.blocks_in(box_of(begin, end));
          },
          "begin"_a, "end"_a)
      .def(
          "extent_of",
          [](const StreamIndex& index, std::size_t i) { return to_tuple(index.extent_of(i)); },
          "block"_a)
      .def(
          "check_block",
          [](const StreamIndex& index, std::size_t i, const Stream& bytes) {
            const nb::gil_scoped_release release;
            index.check_block(i, span_of(bytes));
          },
          "block"_a, "bytes"_a.noconvert())
      .def(
          "box_of",
          [](const StreamIndex& index, std::size_t i) { return to_tuple(index.box_of(i)); },
          "block"_a)
      .def(
          "labels_of",
          [](const StreamIndex& index, std::size_t i) { return to_array(index.labels_of(i)); },
          "block"_a)
      .def("blocks_with", &StreamIndex::blocks_with, "label"_a)
      .def("statistics_extent",
           [](const StreamIndex& index) { return to_tuple(index.statistics_extent()); })
      .def(
          "check_statistics",
          [](const StreamIndex& index, const Stream& section) {
            index.check_statistics(span_of(section));
          },
          "section"_a.noconvert())
      .def("statistics", statistics, "section"_a.noconvert())
      .def("labels", [](const StreamIndex& index) { return to_array(index.labels()); })
      .def("decode", decode_box, "begin"_a, "end"_a, "blocks"_a, "payloads"_a.noconvert(),
           "out"_a.noconvert(), "kind"_a, "max_bytes"_a, "threads"_a)
      .def("decode_stream", decode_stream, "begin"_a, "end"_a, "stream"_a.noconvert(),
           "out"_a.noconvert(), "kind"_a, "max_bytes"_a, "threads"_a);
}

}  // namespace segpresso::bindings
