#include "native/models.hpp"

#include "native/balanced/balanced.hpp"
#include "native/fast/decoder.hpp"
#include "native/fast/encoder.hpp"
#include "native/small/decoder.hpp"
#include "native/small/encoder.hpp"
#include "segpresso/error.hpp"

namespace segpresso::native {
namespace {

template <class Model>
Model& made(std::unique_ptr<Model>& model) {
  if (!model) model = std::make_unique<Model>();
  return *model;
}

}  // namespace

ModelEncoder::ModelEncoder() = default;
ModelEncoder::~ModelEncoder() = default;

Method ModelEncoder::encode(const std::vector<Index>& indices, const BlockInfo& info,
                            Profile profile, ByteWriter& out) {
  switch (profile) {
    case Profile::fast:
      made(fast_).encode(indices.data(), info, out);
      return Method::fast;
    case Profile::balanced:
      made(balanced_).encode(indices.data(), info, out);
      return Method::balanced;
    case Profile::small:
      made(small_).encode(indices.data(), info, out);
      return Method::small;
  }
  throw Error(ErrorKind::invalid_argument, "there is no such profile");
}

bool ModelEncoder::encode(fast::RowSource& rows, const BlockShape& shape, ByteWriter& out) {
  return made(fast_).encode(rows, shape, out);
}

ModelDecoder::ModelDecoder() = default;
ModelDecoder::~ModelDecoder() = default;

void ModelDecoder::decode(Method method, const PackedArray& payload, const BlockInfo& info,
                          std::uint32_t slices, BlockSink& sink) {
  switch (method) {
    case Method::fast:
      return made(fast_).decode({payload.bytes_of(0, payload.size()), payload.size()}, info, slices,
                                sink);
    case Method::balanced:
      return made(balanced_).decode(payload, info, slices, sink);
    case Method::small:
      return made(small_).decode(payload, info, slices,
                                 [&](std::uint32_t z, const Index* slice, std::size_t stride) {
                                   sink.take_slice(z, slice, stride);
                                 });
    default:
      payload.fail(ErrorKind::corrupt, "is coded by an unknown method", 0);
  }
}

}  // namespace segpresso::native
