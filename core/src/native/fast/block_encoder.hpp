// Blocks of the `fast` model as streams.
#pragma once

#include <algorithm>
#include <array>

#include "native/fast/encoder.hpp"
#include "native/fast/slice_encoder.hpp"
#include "native/fast/symbol_encoder.hpp"

namespace segpresso::native::fast {

// Makes contexts of what is known and codes the symbols.
// (For each set of instructions its own, as target_avx2_begin.hpp demands.)
template <class Lanes>
class ContextCoder {
 public:
  void start() { coder_.start(); }
  std::span<const std::uint8_t> finish() { return coder_.finish(); }

  void slice(unsigned symbol) { code(slice_model, symbol); }
  // For a symbol of a row that is told later.
  std::size_t leave_room() { return coder_.leave_room(); }
  void row_at(std::size_t place, std::uint32_t feature, unsigned symbol) {
    coder_.encode_at(place, row_context(feature), symbol);
  }
  void row(std::uint32_t feature, unsigned symbol) { code(row_context(feature), symbol); }
  void end(bool first, unsigned symbol) { code(end_context(first), symbol); }
  using EdgeContext = std::uint16_t;
  static EdgeContext edge_context(const EdgeFeatures& features) {
    return fast::edge_context(features);
  }
  void edge(EdgeContext context, unsigned symbol) { code(context, symbol); }
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
  std::optional<Bytes> encode(RowSource& rows, const BlockShape& shape) override {
    coder_.start();
    slices_.start(shape);
    for (std::uint32_t z = 0; z < shape.z; ++z) {
      if (!slices_.encode_slice(rows, z)) return {};
    }
    return coder_.finish();
  }

 private:
  ContextCoder<Lanes> coder_;
  SliceEncoder<Lanes, ContextCoder<Lanes>> slices_{coder_};
};

}  // namespace segpresso::native::fast
