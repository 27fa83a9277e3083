// One block: its labels, its structure, and what is known of each label.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/byte_writer.hpp"
#include "base/crc32c.hpp"
#include "entropy/bit_coder.hpp"
#include "native/appearance_coder.hpp"
#include "native/fast/block_rows.hpp"
#include "native/label_runs.hpp"
#include "native/label_table.hpp"
#include "native/local_indices.hpp"
#include "native/models.hpp"
#include "native/packed_block.hpp"

namespace segpresso::native {

struct CodedBlock {
  Method method = Method::constant;
  // Payload and checksum; empty if constant.
  std::vector<std::uint8_t> bytes;
  // By index: in order of first appearance, ascending if the method is `packed`.
  std::vector<std::uint64_t> labels;
  std::vector<LocalStatistics> statistics;  // as `labels`, if wanted
};

// Keeps its working memory between blocks.
template <class T>
class BlockEncoder {
 public:
  void encode(const LabelView& block, NumberType type, const Options& options, CodedBlock& coded) {
    const bool by_rows = options.profile == Profile::fast && !options.statistics;
    if (by_rows && code_rows(block, type, coded)) return;
    if (local_.number(block, indices_)) {
      code(indices_, runs_, block, type, options, by_rows, coded);
    } else {
      local_.number(block, wide_);
      code(wide_, wide_runs_, block, type, options, true, coded);
    }
  }

 private:
  // Without an array of indices, which takes a third of the time. False if the block is better
  // packed.
  bool code_rows(const LabelView& block, NumberType type, CodedBlock& coded) {
    const BlockShape shape = block_shape(block);
    numbers_.clear();
    rows_.open(block, numbers_);
    ByteWriter out;
    if (!models_.encode(rows_, shape, out)) return false;
    coded.labels.assign(numbers_.labels().begin(), numbers_.labels().end());
    coded.method = Method::constant;
    coded.bytes.clear();
    if (coded.labels.size() == 1) return true;
    if (!is_smaller_than_packed(out.size(), shape, type, coded.labels)) return false;
    coded.method = Method::fast;
    finish(out, coded);
    return true;
  }

  static BlockShape block_shape(const LabelView& block) {
    return {static_cast<std::uint32_t>(block.shape.x), static_cast<std::uint32_t>(block.shape.y),
            static_cast<std::uint32_t>(block.shape.z)};
  }

  static void finish(ByteWriter& out, CodedBlock& coded) {
    out.write(crc32c(out.bytes()));
    coded.bytes = out.take();
  }

  // `pack` says that no model does better.
  template <class I>
  void code(const std::vector<I>& indices, LabelRuns<I>& runs, const LabelView& block,
            NumberType type, const Options& options, bool pack, CodedBlock& coded) {
    coded.labels.assign(local_.labels().begin(), local_.labels().end());
    coded.bytes.clear();
    coded.method = Method::constant;
    const BlockInfo info{block_shape(block), static_cast<std::uint32_t>(coded.labels.size())};
    if (options.statistics) runs.collect(indices, info.shape, info.index_count, coded.statistics);
    if (info.index_count == 1) return;
    ByteWriter out;
    coded.method = Method::packed;
    if constexpr (std::is_same_v<I, Index>) {
      if (!pack) {
        const Method method = models_.encode(indices, info, options.profile, out);
        if (is_smaller_than_packed(out.size(), info.shape, type, coded.labels)) {
          coded.method = method;
        }
      }
    }
    if (coded.method == Method::packed) {
      out = {};
      encode_packed(indices, make_ascending(type, coded), out);
    }
    finish(out, coded);
  }

  // The index has the order of labels too, unless the block is packed: for noise, it can be a fifth
  // of the whole.
  static bool is_smaller_than_packed(std::size_t bytes, const BlockShape& shape, NumberType type,
                                     const std::vector<std::uint64_t>& labels) {
    const std::size_t packed = packed_bytes(shape, labels.size());
    if (bytes > packed) return false;
    const std::size_t most_for_order = labels.size() * std::bit_width(labels.size()) / 8 + 1;
    return most_for_order <= packed - bytes ||
           bytes + order_bytes(ascending_order(type, labels)) <= packed;
  }

  // What it takes in the index, alone.
  static std::size_t order_bytes(const std::vector<std::uint32_t>& ascending) {
    std::vector<std::uint32_t> entries(ascending.size());
    std::iota(entries.begin(), entries.end(), 0);
    std::vector<std::uint32_t> order = inverse(ascending);
    entropy::BitCounter counter;
    AppearanceCoder().code(counter, entries, std::span(order));
    return counter.bits() / 8;
  }

  // Indices of the labels, by their keys.
  static std::vector<std::uint32_t> ascending_order(NumberType type,
                                                    const std::vector<std::uint64_t>& labels) {
    const LabelKeys keys(type);
    std::vector<std::uint32_t> ascending(labels.size());
    std::iota(ascending.begin(), ascending.end(), 0);
    std::ranges::sort(ascending, {}, [&](std::uint32_t i) { return keys.key(labels[i]); });
    return ascending;
  }

  static std::vector<std::uint32_t> inverse(const std::vector<std::uint32_t>& ascending) {
    std::vector<std::uint32_t> places(ascending.size());
    for (std::uint32_t place = 0; place < places.size(); ++place) places[ascending[place]] = place;
    return places;
  }

  // Sorts labels and what is known of them; returns the new places.
  static std::vector<std::uint32_t> make_ascending(NumberType type, CodedBlock& coded) {
    const std::vector<std::uint32_t> ascending = ascending_order(type, coded.labels);
    const auto reorder = [&]<class Value>(std::vector<Value>& values) {
      std::vector<Value> result;
      result.reserve(values.size());
      for (const std::uint32_t i : ascending) result.push_back(values[i]);
      values = std::move(result);
    };
    reorder(coded.labels);
    if (!coded.statistics.empty()) reorder(coded.statistics);
    return inverse(ascending);
  }

  LabelNumbers<T> numbers_;
  fast::BlockRows<T, LabelNumbers<T>> rows_;
  LocalIndices<T> local_;
  ModelEncoder models_;
  LabelRuns<Index> runs_;
  LabelRuns<std::uint32_t> wide_runs_;
  std::vector<Index> indices_;
  std::vector<std::uint32_t> wide_;
};

}  // namespace segpresso::native
