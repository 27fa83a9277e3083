// Blocks of the `fast` model as streams.
#pragma once

#include <algorithm>
#include <array>

#include "native/fast/encoder.hpp"
#include "native/fast/slice_encoder.hpp"
#include "native/fast/symbol_encoder.hpp"

namespace segpresso::native::fast {

// Makes contexts of what is known and codes the symbols.
class ContextCoder {
 public:
  void start() { coder_.start(); }
  std::span<const std::uint8_t> finish() { return coder_.finish(); }

  void slice(unsigned symbol) { code(slice_model, symbol); }
  void row(std::uint32_t feature, unsigned symbol) { code(row_context(feature), symbol); }
  void end(bool first, unsigned symbol) { code(end_context(first), symbol); }
  void edge(const EdgeFeatures& features, unsigned symbol) { code(edge_context(features), symbol); }
  void offset(std::uint32_t feature, std::uint32_t around, unsigned symbol) {
    code(offset_context(feature, around), symbol);
  }
  void position(std::uint32_t feature, std::uint32_t beside, unsigned symbol) {
    code(position_context(feature, beside), symbol);
  }
  void label(std::uint32_t feature, unsigned symbol) { code(label_context(feature), symbol); }

  void bits(unsigned count, std::uint32_t value) { coder_.bits(count, value); }

 private:
  void code(unsigned context, unsigned symbol) { coder_.encode(context, symbol); }

  SymbolEncoder coder_;
};

template <class Lanes>
class LanesEncoder final : public BlockEncoder {
 public:
  std::span<const std::uint8_t> encode(const Index* indices, const BlockShape& shape) override {
    coder_.start();
    slices_.start(shape);
    for (std::uint32_t z = 0; z < shape.z; ++z) {
      slices_.encode_slice(indices + z * shape.slice(), z);
    }
    return coder_.finish();
  }

 private:
  ContextCoder coder_;
  SliceEncoder<Lanes, ContextCoder> slices_{coder_};
};

}  // namespace segpresso::native::fast
