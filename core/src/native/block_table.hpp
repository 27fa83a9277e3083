// Which labels each block holds, and in which order they appear (docs/format.md section 5.4).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "entropy/adaptive_integer.hpp"
#include "native/appearance_coder.hpp"
#include "native/block_grid.hpp"
#include "native/packed_block.hpp"
#include "native/ranked_set.hpp"
#include "native/structure.hpp"
#include "native/tables.hpp"

namespace segpresso::native {

// Codes the records of all blocks, in raster order.
template <class Coder>
class BlockTableCoder {
 public:
  // `known_bytes` are those of the only block, if the stream's size tells them.
  BlockTableCoder(Coder& coder, const BlockGrid& grid, std::uint32_t label_count,
                  std::optional<std::uint64_t> known_bytes)
      : coder_(coder), grid_(grid), known_bytes_(known_bytes) {
    unseen_.fill(label_count);
  }

  // `check()` is called after each block, when memory has been used for it.
  template <class Check>
  void code(Tables& tables, Check&& check) {
    sets_.reserve(tables.entries.size());
    for (std::size_t i = 0; i < grid_.size(); ++i) {
      if constexpr (Coder::decodes) tables.blocks.emplace_back();
      code_block(tables, i);
      check();
    }
    if (unseen_.members() != 0) fail("a label is in no block");
  }

 private:
  using Set = std::span<const std::uint32_t>;

  // An entry that a neighbour holds, and which ones do: bit 0 left, bit 1 above, bit 2 behind.
  struct Candidate {
    std::uint32_t entry;
    std::uint32_t neighbours;
  };

  void code_block(Tables& tables, std::size_t index) {
    BlockRecord& block = tables.blocks[index];
    code_method(block);
    if constexpr (Coder::decodes) {
      block.first_entry = tables.entries.size();
    } else {
      const Set order = tables.entries_of(block);
      wanted_.assign(order.begin(), order.end());
      std::ranges::sort(wanted_);
    }
    find_candidates(index);
    code_set(block.method == Method::constant, index + 1 == grid_.size());
    set_begins_.push_back(sets_.size());
    sets_.insert(sets_.end(), set_.begin(), set_.end());
    const BlockShape shape = shape_of(grid_.box(index));
    if constexpr (Coder::decodes) check_count(block.method, shape);
    block.entry_count = static_cast<std::uint32_t>(set_.size());
    code_order(tables, block);
    if (block.method == Method::packed) {
      block.bytes = packed_bytes(shape, set_.size());
    } else if (known_bytes_ && block.method != Method::constant) {
      block.bytes = *known_bytes_;
    } else if (block.method != Method::constant) {
      block.bytes = bytes_[static_cast<std::size_t>(block.method)].code(coder_, block.bytes);
    }
  }

  void code_method(BlockRecord& block) {
    auto& models = methods_[last_method_];
    const auto method = static_cast<unsigned>(block.method);
    unsigned node = 1;
    for (unsigned i = 3; i-- > 0;) {
      node = 2 * node + static_cast<unsigned>(coder_.bit(models[node], (method >> i & 1) != 0));
    }
    last_method_ = node - 8;
    if constexpr (Coder::decodes) {
      if (last_method_ >= method_count) {
        coder_.fail("a block is coded by a method that this version does not know",
                    ErrorKind::unsupported);
      }
      block.method = static_cast<Method>(last_method_);
    }
  }

  void check_count(Method method, const BlockShape& shape) const {
    const std::size_t count = set_.size();
    const bool constant = method == Method::constant;
    if (count == 0 || count > shape.voxels() || (constant ? count > 1 : count < 2) ||
        (method > Method::packed && count > max_indices)) {
      coder_.fail("a block has an impossible number of labels");
    }
  }

  // The union of the sets of the neighbours that come before.
  void find_candidates(std::size_t index) {
    candidates_.clear();
    const Vector4 place = grid_.place(index);
    std::size_t step = 1;
    std::array<Set, 3> sets;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (place[axis] > 0) sets[axis] = set_of(index - step);
      step *= grid_.counts()[axis];
    }
    std::array<std::size_t, 3> at{};
    for (;;) {
      Candidate next{UINT32_MAX, 0};
      for (std::size_t k = 0; k < 3; ++k) {
        if (at[k] == sets[k].size()) continue;
        const std::uint32_t entry = sets[k][at[k]];
        if (entry < next.entry) next = {entry, 0};
        if (entry == next.entry) next.neighbours |= 1U << k;
      }
      if (next.neighbours == 0) return;
      for (std::size_t k = 0; k < 3; ++k) at[k] += next.neighbours >> k & 1;
      candidates_.push_back(next);
    }
  }

  [[nodiscard]] Set set_of(std::size_t index) const noexcept {
    const std::size_t begin = set_begins_[index];
    const std::size_t end = index + 1 < set_begins_.size() ? set_begins_[index + 1] : sets_.size();
    return {sets_.data() + begin, end - begin};
  }

  // Fills `set_`, ascending, and `kinds_`.
  void code_set(bool constant, bool last) {
    set_.clear();
    members_.clear();
    const auto wanted = [&](std::uint32_t entry) {
      return !Coder::decodes && std::ranges::binary_search(wanted_, entry);
    };
    std::uint32_t before = 0;
    for (const Candidate& candidate : candidates_) {
      AdaptiveBit& model = held_[constant ? 1 : 0][candidate.neighbours][before];
      before = coder_.bit(model, wanted(candidate.entry)) ? 1 : 0;
      if (before == 0) continue;
      members_.push_back(candidate);
      if (constant) break;
    }
    if (!constant || members_.empty()) {
      code_unseen(constant, last);
      code_elsewhere(constant);
    }
    std::ranges::sort(members_, {}, &Candidate::entry);
    for (const Candidate& member : members_) set_.push_back(member.entry);
  }

  // Entries that no block before holds; the last block holds all that are left.
  void code_unseen(bool constant, bool last) {
    const std::uint32_t most = unseen_.members();
    if (most == 0) return;
    std::vector<std::uint32_t> found;
    if constexpr (!Coder::decodes) {
      for (const std::uint32_t entry : wanted_) {
        if (unseen_.rank(entry + 1) != unseen_.rank(entry)) found.push_back(entry);
      }
    }
    const std::uint64_t count = last       ? most
                                : constant ? unseen_count_[1].code(coder_, found.size())
                                           : unseen_count_[0].code(coder_, found.size());
    check_new(count, most, constant);
    std::uint32_t rank = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      // Those found are still members: removing them moves the ranks of the others down.
      std::uint64_t gap = 0;
      if (!last) {
        if constexpr (!Coder::decodes) gap = unseen_.rank(found[i]) - rank;
        gap = unseen_gaps_.code(coder_, gap);
      }
      if (gap >= unseen_.members() - rank) fail("an entry is beyond the table");
      rank += static_cast<std::uint32_t>(gap);
      const std::uint32_t entry = unseen_.member(rank);
      unseen_.remove(entry);
      members_.push_back({entry, 8});
    }
  }

  // Entries that blocks before hold, but no neighbour.
  void code_elsewhere(bool constant) {
    // Ranks among the seen ones that are not new in this block: the new ones are taken out again.
    std::vector<std::uint32_t> skipped;
    skipped.reserve(candidates_.size() + members_.size());
    for (const Candidate& candidate : candidates_) skipped.push_back(candidate.entry);
    for (const Candidate& member : members_) {
      if (member.neighbours == 8) skipped.push_back(member.entry);
    }
    std::ranges::sort(skipped);
    const std::uint32_t most = unseen_.others() - static_cast<std::uint32_t>(skipped.size());
    if (most == 0) return;
    if (constant && !members_.empty()) return;
    std::vector<std::uint32_t> found;
    if constexpr (!Coder::decodes) {
      for (const std::uint32_t entry : wanted_) {
        if (!std::ranges::binary_search(skipped, entry)) found.push_back(entry);
      }
    }
    const std::uint64_t count = constant ? 1 : elsewhere_count_.code(coder_, found.size());
    check_new(count, most, constant);
    std::uint32_t rank = 0;  // among all that are left
    std::size_t passed = 0;  // of `skipped`
    for (std::uint64_t i = 0; i < count; ++i) {
      std::uint64_t gap = 0;
      if constexpr (!Coder::decodes) {
        const auto below = std::ranges::lower_bound(skipped, found[i]) - skipped.begin();
        gap = found[i] - unseen_.rank(found[i]) - static_cast<std::uint32_t>(below) - rank;
      }
      gap = elsewhere_gaps_.code(coder_, gap);
      if (gap >= most - rank) fail("an entry is beyond the table");
      rank += static_cast<std::uint32_t>(gap);
      // The seen entry before which `rank` others that are not skipped come.
      std::uint32_t entry = unseen_.other(rank + static_cast<std::uint32_t>(passed));
      while (passed < skipped.size() && skipped[passed] <= entry) {
        ++passed;
        entry = unseen_.other(rank + static_cast<std::uint32_t>(passed));
      }
      members_.push_back({entry, 0});
      ++rank;
    }
  }

  void check_new(std::uint64_t count, std::uint32_t most, bool constant) const {
    if (count > most || (constant && count > 1)) fail("a block has too many labels");
  }

  [[noreturn]] void fail(const char* message) const {
    if constexpr (Coder::decodes) coder_.fail(message);
    throw Error(ErrorKind::invalid_argument, message);
  }

  void code_order(Tables& tables, BlockRecord& block) {
    if (block.method <= Method::packed) {
      // Ascending by definition.
      if constexpr (Coder::decodes) {
        tables.entries.insert(tables.entries.end(), set_.begin(), set_.end());
      }
      return;
    }
    if constexpr (Coder::decodes) {
      tables.entries.resize(block.first_entry + set_.size());
    }
    appearance_.code(coder_, set_,
                     std::span(tables.entries).subspan(block.first_entry, set_.size()));
  }

  using AdaptiveBit = entropy::AdaptiveBit;
  using AdaptiveInteger = entropy::AdaptiveInteger;

  Coder& coder_;
  const BlockGrid& grid_;
  std::optional<std::uint64_t> known_bytes_;
  RankedSet unseen_;
  std::vector<std::uint32_t> sets_;  // of all blocks, each ascending
  std::vector<std::size_t> set_begins_;
  // Of the current block.
  std::vector<std::uint32_t> wanted_;
  std::vector<Candidate> candidates_;
  std::vector<Candidate> members_;
  std::vector<std::uint32_t> set_;

  std::size_t last_method_ = 0;
  std::array<std::array<AdaptiveBit, 8>, method_count> methods_;
  std::array<AdaptiveInteger, method_count> bytes_;
  std::array<std::array<std::array<AdaptiveBit, 2>, 8>, 2> held_;
  std::array<AdaptiveInteger, 2> unseen_count_;
  AdaptiveInteger unseen_gaps_;
  AdaptiveInteger elsewhere_count_;
  AdaptiveInteger elsewhere_gaps_;
  AppearanceCoder appearance_;
};

}  // namespace segpresso::native
