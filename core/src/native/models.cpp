#include "native/models.hpp"

#include "segpresso/error.hpp"

namespace segpresso::native {

std::optional<Method> ModelEncoder::encode(const std::vector<Index>& /*indices*/,
                                           const BlockInfo& /*info*/, Profile profile,
                                           ByteWriter& /*out*/) {
  switch (profile) {
    case Profile::fast:
    case Profile::balanced:
    case Profile::small:
      return std::nullopt;
  }
  throw Error(ErrorKind::invalid_argument, "there is no such profile");
}

void ModelDecoder::decode(Method method, const PackedArray& payload, const BlockInfo& /*info*/,
                          std::uint32_t /*slices*/, const SliceSink& /*sink*/) {
  switch (method) {
    case Method::fast:
    case Method::balanced:
    case Method::small:
      payload.fail(ErrorKind::unsupported, "is coded by a model that this version has not", 0);
    default:
      payload.fail(ErrorKind::corrupt, "is coded by an unknown method", 0);
  }
}

}  // namespace segpresso::native
