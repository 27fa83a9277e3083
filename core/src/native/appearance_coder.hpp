// The order in which the labels of a block appear (docs/format.md section 5.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "entropy/adaptive_integer.hpp"
#include "native/ranked_set.hpp"

namespace segpresso::native {

// Each label is told by its distance from the one before, counted in labels that have not appeared
// yet: nothing but a few flags if they ascend.
class AppearanceCoder {
 public:
  // `ascending` are the labels; `order` is read by an encoder and filled by a decoder.
  template <class Coder>
  void code(Coder& coder, std::span<const std::uint32_t> ascending,
            std::span<std::uint32_t> order) {
    unused_.fill(static_cast<std::uint32_t>(ascending.size()));
    std::uint32_t at = 0;  // unused labels below the last one
    for (std::uint32_t& entry : order) {
      if (unused_.members() > 1) {
        std::uint32_t rank = 0;
        if constexpr (!Coder::decodes) {
          const auto place = std::ranges::lower_bound(ascending, entry) - ascending.begin();
          rank = unused_.rank(static_cast<std::uint32_t>(place));
        }
        at = code_rank(coder, at, rank);
      } else {
        at = 0;
      }
      const std::uint32_t place = unused_.member(at);
      unused_.remove(place);
      if constexpr (Coder::decodes) entry = ascending[place];
    }
  }

 private:
  template <class Coder>
  std::uint32_t code_rank(Coder& coder, std::uint32_t at, std::uint32_t rank) {
    const std::uint32_t above = unused_.members() - at;
    bool back = at > 0 && rank < at;
    if (at > 0 && above > 0) {
      back = coder.bit(back_[last_], back);
    } else {
      back = at > 0;
    }
    const std::uint64_t most = back ? at : above;
    const std::uint64_t distance =
        distances_[back ? 1 : 0].code(coder, back ? at - 1 - rank : rank - at);
    if constexpr (Coder::decodes) {
      if (distance >= most) coder.fail("an order of labels leaves their set");
    }
    last_ = back ? 1 : distance == 0 ? 0 : 2;
    const auto moved = static_cast<std::uint32_t>(distance);
    return back ? at - 1 - moved : at + moved;
  }

  RankedSet unused_;
  unsigned last_ = 0;
  entropy::AdaptiveBit back_[3];
  entropy::AdaptiveInteger distances_[2];
};

}  // namespace segpresso::native
