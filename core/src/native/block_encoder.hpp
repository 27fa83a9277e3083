// One block: its labels, its structure, and what is known of each label.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/byte_writer.hpp"
#include "base/crc32c.hpp"
#include "native/footer.hpp"
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
};

// Keeps its working memory between blocks.
template <class T>
class BlockEncoder {
 public:
  void encode(const LabelView& block, NumberType type, Profile profile, CodedBlock& coded) {
    if (local_.number(block, indices_)) {
      code(indices_, block, type, profile, coded);
    } else {
      local_.number(block, wide_);
      code(wide_, block, type, profile, coded);
    }
  }

 private:
  template <class I>
  void code(const std::vector<I>& indices, const LabelView& block, NumberType type, Profile profile,
            CodedBlock& coded) {
    coded.labels.assign(local_.labels().begin(), local_.labels().end());
    coded.bytes.clear();
    coded.method = Method::constant;
    if (coded.labels.size() == 1) return;
    const BlockInfo info{
        {static_cast<std::uint32_t>(block.shape.x), static_cast<std::uint32_t>(block.shape.y),
         static_cast<std::uint32_t>(block.shape.z)},
        static_cast<std::uint32_t>(coded.labels.size())};
    ByteWriter out;
    std::optional<Method> method;
    if constexpr (std::is_same_v<I, Index>) method = models_.encode(indices, info, profile, out);
    if (!method || out.size() > packed_bytes(info.shape, info.index_count)) {
      method = Method::packed;
      out = {};
      pack(indices, type, coded.labels, out);
    }
    coded.method = *method;
    coded.bytes = out.take();
    const std::uint32_t checksum = crc32c(coded.bytes);
    const auto* p = reinterpret_cast<const std::uint8_t*>(&checksum);
    coded.bytes.insert(coded.bytes.end(), p, p + checksum_bytes);
  }

  template <class I>
  void pack(const std::vector<I>& indices, NumberType type, std::vector<std::uint64_t>& labels,
            ByteWriter& out) {
    const LabelKeys keys(type);
    std::vector<std::uint32_t> ascending(labels.size());
    std::iota(ascending.begin(), ascending.end(), 0);
    std::ranges::sort(ascending, {}, [&](std::uint32_t i) { return keys.key(labels[i]); });
    std::vector<std::uint32_t> order(labels.size());
    std::vector<std::uint64_t> sorted(labels.size());
    for (std::uint32_t place = 0; place < labels.size(); ++place) {
      order[ascending[place]] = place;
      sorted[place] = labels[ascending[place]];
    }
    labels = std::move(sorted);
    encode_packed(indices, order, out);
  }

  LocalIndices<T> local_;
  ModelEncoder models_;
  std::vector<Index> indices_;
  std::vector<std::uint32_t> wide_;
};

}  // namespace segpresso::native
