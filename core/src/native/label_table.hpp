// The labels of a stream (docs/format.md section 5.3): one entry each, which blocks refer to.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "entropy/adaptive_integer.hpp"
#include "segpresso/native.hpp"

namespace segpresso::native {

// Integers of 64 bits that are ordered as labels of a type are.
class LabelKeys {
 public:
  explicit LabelKeys(NumberType type)
      : sign_(type.kind == NumberKind::signed_integer
                  ? std::uint64_t{1} << (8 * width_of(type.width) - 1)
                  : 0),
        largest_(type.kind == NumberKind::boolean ? 1 : max_label(type.width)) {}

  [[nodiscard]] std::uint64_t key(std::uint64_t label) const noexcept { return label ^ sign_; }
  [[nodiscard]] std::uint64_t label(std::uint64_t key) const noexcept { return key ^ sign_; }
  [[nodiscard]] std::uint64_t largest_key() const noexcept { return largest_; }

 private:
  std::uint64_t sign_;
  std::uint64_t largest_;
};

// Codes labels as keys: ascending without repetition, or any (as remapping makes them).
template <class Coder>
class LabelTableCoder {
 public:
  LabelTableCoder(Coder& coder, NumberType type) : coder_(coder), order_(type) {}

  // `checked(count)` is called before memory is used for so many labels.
  template <class Check>
  void code(std::vector<std::uint64_t>& labels, bool ascending, Check&& check) {
    entropy::AdaptiveInteger count_model;
    const std::uint64_t count = count_model.code(coder_, labels.size());
    std::uint64_t before = order_.key(0);
    for (std::uint64_t i = 0; i < count; ++i) {
      if constexpr (Coder::decodes) {
        check(i + 1);
        before = next_key(before, 0, ascending && i > 0);
        labels.push_back(order_.label(before));
      } else {
        before = next_key(before, order_.key(labels[i]), ascending && i > 0);
      }
    }
  }

 private:
  std::uint64_t next_key(std::uint64_t before, std::uint64_t key, bool is_gap) {
    if (is_gap) {
      // As many bits as the gap before had, often.
      const std::uint64_t gap = gaps_[last_gap_].code(coder_, key - before - 1);
      last_gap_ = gap == 0 ? 0 : gap < 8 ? 1 : 2;
      if (gap >= order_.largest_key() - before) fail();
      return before + gap + 1;
    }
    const std::uint64_t difference = key - before;
    const std::uint64_t folded = differences_.code(
        coder_, difference << 1 ^ (difference >> 63 != 0 ? ~std::uint64_t{0} : 0));
    const std::uint64_t result =
        before + (folded >> 1 ^ ((folded & 1) != 0 ? ~std::uint64_t{0} : 0));
    if (result > order_.largest_key()) fail();
    return result;
  }

  [[noreturn]] void fail() const {
    if constexpr (Coder::decodes) coder_.fail("a label exceeds the type");
    throw Error(ErrorKind::invalid_argument, "labels must ascend and fit the type");
  }

  Coder& coder_;
  LabelKeys order_;
  entropy::AdaptiveInteger differences_;
  std::array<entropy::AdaptiveInteger, 3> gaps_;
  unsigned last_gap_ = 0;
};

}  // namespace segpresso::native
