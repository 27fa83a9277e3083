#include "native/models.hpp"

#include "native/balanced/balanced.hpp"
#include "segpresso/error.hpp"

namespace segpresso::native {

ModelEncoder::ModelEncoder() = default;
ModelEncoder::~ModelEncoder() = default;

std::optional<Method> ModelEncoder::encode(const std::vector<Index>& indices, const BlockInfo& info,
                                           Profile profile, ByteWriter& out) {
  switch (profile) {
    case Profile::balanced:
      if (!balanced_) balanced_ = std::make_unique<BalancedEncoder>();
      balanced_->encode(indices.data(), info, out);
      return Method::balanced;
    case Profile::fast:
    case Profile::small:
      return std::nullopt;
  }
  throw Error(ErrorKind::invalid_argument, "there is no such profile");
}

ModelDecoder::ModelDecoder() = default;
ModelDecoder::~ModelDecoder() = default;

void ModelDecoder::decode(Method method, const PackedArray& payload, const BlockInfo& info,
                          std::uint32_t slices, const SliceSink& sink) {
  switch (method) {
    case Method::balanced:
      if (!balanced_) balanced_ = std::make_unique<BalancedDecoder>();
      balanced_->decode(payload, info, slices, sink);
      return;
    case Method::fast:
    case Method::small:
      payload.fail(ErrorKind::unsupported, "is coded by a model that this version has not", 0);
    default:
      payload.fail(ErrorKind::corrupt, "is coded by an unknown method", 0);
  }
}

}  // namespace segpresso::native
