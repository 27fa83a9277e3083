// The order in which the labels of a block appear (docs/format.md section 5.5).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

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
    const auto count = static_cast<std::uint32_t>(ascending.size());
    unused_.fill(count);
    if constexpr (Coder::decodes) {
      code_ranks(coder, count, coder.bit(by_distance_), distances_,
                 [&](std::uint32_t i, auto rank) {
                   const std::uint32_t place = unused_.member(rank);
                   unused_.remove(place);
                   order[i] = ascending[place];
                 });
    } else {
      find_ranks(ascending, order);
      const bool by_distance = bits(count, true) < bits(count, false);
      coder.bit(by_distance_, by_distance);
      code_ranks(coder, count, by_distance, distances_, [](auto, auto) {});
    }
  }

 private:
  struct Distances {
    unsigned last = 0;
    std::array<entropy::AdaptiveBit, 3> back;
    std::array<entropy::AdaptiveInteger, 2> size;
  };

  // Ranks of the labels among those that have not appeared before them.
  void find_ranks(std::span<const std::uint32_t> ascending, std::span<const std::uint32_t> order) {
    ranks_.clear();
    for (const std::uint32_t entry : order) {
      const auto place = static_cast<std::uint32_t>(std::ranges::lower_bound(ascending, entry) -
                                                    ascending.begin());
      ranks_.push_back(unused_.rank(place));
      unused_.remove(place);
    }
  }

  // What the ranks take, coded in one of the ways.
  [[nodiscard]] std::size_t bits(std::uint32_t count, bool by_distance) const {
    entropy::BitCounter counter;
    Distances distances = distances_;
    code_ranks(counter, count, by_distance, distances, [](auto, auto) {});
    return counter.bits();
  }

  // Codes `ranks_`, or hands each that is found to `take`.
  template <class Coder, class Take>
  void code_ranks(Coder& coder, std::uint32_t count, bool by_distance, Distances& distances,
                  Take&& take) const {
    std::uint32_t at = 0;  // unused labels below the last one
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t unused = count - i;
      const std::uint32_t rank = Coder::decodes ? 0 : ranks_[i];
      if (unused == 1) {
        at = 0;
      } else if (by_distance) {
        at = code_distance(coder, unused, at, rank, distances);
      } else {
        at = coder.uniform(unused, rank);
      }
      take(i, at);
    }
  }

  template <class Coder>
  static std::uint32_t code_distance(Coder& coder, std::uint32_t unused, std::uint32_t at,
                                     std::uint32_t rank, Distances& distances) {
    const std::uint32_t above = unused - at;
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
  std::vector<std::uint32_t> ranks_;  // an encoder's
  entropy::AdaptiveBit by_distance_;
  Distances distances_;
};

}  // namespace segpresso::native
