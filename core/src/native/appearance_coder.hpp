// The order in which the labels of a block appear (docs/format.md section 5.5).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "entropy/adaptive_integer.hpp"
#include "native/ranked_set.hpp"

namespace segpresso::native {

// Two ways, of which each block takes the shorter one: all orders are equally probable, or each
// label is told by its distance from the one before. Both count only labels that have not appeared
// yet.
class AppearanceCoder {
 public:
  // `ascending` are the labels; `order` is read by an encoder and filled by a decoder.
  template <class Coder>
  void code(Coder& coder, std::span<const std::uint32_t> ascending,
            std::span<std::uint32_t> order) {
    bool by_distance = false;
    if constexpr (!Coder::decodes) by_distance = is_shorter_by_distance(ascending, order);
    by_distance = coder.bit(by_distance_, by_distance);
    code_order(coder, ascending, order, by_distance, distances_);
  }

 private:
  struct Distances {
    unsigned last = 0;
    std::array<entropy::AdaptiveBit, 3> back;
    std::array<entropy::AdaptiveInteger, 2> size;
  };

  bool is_shorter_by_distance(std::span<const std::uint32_t> ascending,
                              std::span<std::uint32_t> order) {
    const auto bits = [&](bool by_distance) {
      entropy::BitEncoder trial;
      Distances distances = distances_;
      code_order(trial, ascending, order, by_distance, distances);
      return trial.bits();
    };
    return bits(true) < bits(false);
  }

  template <class Coder>
  void code_order(Coder& coder, std::span<const std::uint32_t> ascending,
                  std::span<std::uint32_t> order, bool by_distance, Distances& distances) {
    unused_.fill(static_cast<std::uint32_t>(ascending.size()));
    std::uint32_t at = 0;  // unused labels below the last one
    for (std::uint32_t& entry : order) {
      std::uint32_t rank = 0;
      if constexpr (!Coder::decodes) {
        const auto place = std::ranges::lower_bound(ascending, entry) - ascending.begin();
        rank = unused_.rank(static_cast<std::uint32_t>(place));
      }
      if (unused_.members() == 1) {
        at = 0;
      } else if (by_distance) {
        at = code_distance(coder, at, rank, distances);
      } else {
        at = coder.uniform(unused_.members(), rank);
      }
      const std::uint32_t place = unused_.member(at);
      unused_.remove(place);
      if constexpr (Coder::decodes) entry = ascending[place];
    }
  }

  template <class Coder>
  std::uint32_t code_distance(Coder& coder, std::uint32_t at, std::uint32_t rank,
                              Distances& distances) {
    const std::uint32_t above = unused_.members() - at;
    bool back = above == 0 || (at > 0 && rank < at);
    if (at > 0 && above > 0) back = coder.bit(distances.back[distances.last], back);
    const std::uint64_t most = back ? at : above;
    const std::uint64_t distance =
        distances.size[back ? 1 : 0].code(coder, back ? at - 1 - rank : rank - at);
    if constexpr (Coder::decodes) {
      if (distance >= most) coder.fail("an order of labels leaves their set");
    }
    distances.last = back ? 1 : distance == 0 ? 0 : 2;
    const auto moved = static_cast<std::uint32_t>(distance);
    return back ? at - 1 - moved : at + moved;
  }

  RankedSet unused_;
  entropy::AdaptiveBit by_distance_;
  Distances distances_;
};

}  // namespace segpresso::native
