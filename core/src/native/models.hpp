// The models that code the structure of blocks, by method. Here a model is plugged in.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "native/fast/row_source.hpp"
#include "native/row_sink.hpp"
#include "native/structure.hpp"
#include "segpresso/native.hpp"

namespace segpresso::native {

class BalancedDecoder;
class BalancedEncoder;
class FastDecoder;
class FastEncoder;
class SmallDecoder;
class SmallEncoder;

// Takes what models decode: whole slices as structure.hpp says, or rows.
class BlockSink : public RowSink {
 public:
  virtual void take_slice(std::uint32_t z, const Index* slice, std::size_t stride) = 0;
};

// Each keeps its working memory between blocks; they are made when they are first needed.
class ModelEncoder {
 public:
  ModelEncoder();
  ~ModelEncoder();

  // Appends the structure and returns the method.
  Method encode(const std::vector<Index>& indices, const BlockInfo& info, Profile profile,
                ByteWriter& out);
  // The same for the profile `fast`, of rows. False if there are too many indices.
  bool encode(fast::RowSource& rows, const BlockShape& shape, ByteWriter& out);

 private:
  std::unique_ptr<FastEncoder> fast_;
  std::unique_ptr<BalancedEncoder> balanced_;
  std::unique_ptr<SmallEncoder> small_;
};

class ModelDecoder {
 public:
  ModelDecoder();
  ~ModelDecoder();

  // `method` is one of a model. Hands over the first slices, or all of their rows.
  void decode(Method method, const PackedArray& payload, const BlockInfo& info,
              std::uint32_t slices, BlockSink& sink);

 private:
  std::unique_ptr<FastDecoder> fast_;
  std::unique_ptr<BalancedDecoder> balanced_;
  std::unique_ptr<SmallDecoder> small_;
};

}  // namespace segpresso::native
