// The models that code the structure of blocks, by method. Here a model is plugged in.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "native/structure.hpp"
#include "segpresso/native.hpp"

namespace segpresso::native {

class BalancedDecoder;
class BalancedEncoder;
class FastDecoder;
class FastEncoder;
class SmallDecoder;
class SmallEncoder;

// Each keeps its working memory between blocks; they are made when they are first needed.
class ModelEncoder {
 public:
  ModelEncoder();
  ~ModelEncoder();

  // Appends the structure and returns the method.
  Method encode(const std::vector<Index>& indices, const BlockInfo& info, Profile profile,
                ByteWriter& out);

 private:
  std::unique_ptr<FastEncoder> fast_;
  std::unique_ptr<BalancedEncoder> balanced_;
  std::unique_ptr<SmallEncoder> small_;
};

class ModelDecoder {
 public:
  ModelDecoder();
  ~ModelDecoder();

  // As structure.hpp demands. `method` is one of a model.
  void decode(Method method, const PackedArray& payload, const BlockInfo& info,
              std::uint32_t slices, const SliceSink& sink);

 private:
  std::unique_ptr<FastDecoder> fast_;
  std::unique_ptr<BalancedDecoder> balanced_;
  std::unique_ptr<SmallDecoder> small_;
};

}  // namespace segpresso::native
