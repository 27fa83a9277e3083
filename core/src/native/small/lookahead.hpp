// Finds the contexts of decisions to come before it is sure that they will: then their slots are in
// the cache when they are needed. Guesses cost time if they are wrong, but change nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "native/small/contexts.hpp"
#include "native/small/escapes.hpp"
#include "native/small/mixing.hpp"
#include "native/small/predictor.hpp"
#include "native/small/scene.hpp"

namespace segpresso::native::small {

// A decision whether voxel x is `index`, after some others were refused.
struct Candidate {
  int x;
  Index index;
  bool guess;
  std::uint8_t place;   // among the candidates of its voxel
  std::uint32_t first;  // surroundings of the first candidate
  Decision decision;
};

template <class Lanes>
class Lookahead {
 public:
  Lookahead(Scene& scene, const Predictor<Lanes>& predictor, const RowFacts& row)
      : scene_(scene), predictor_(predictor), row_(row) {}

  // Something came that was not foreseen.
  void forget() {
    ready_ = taken_;
    x_ = -1;
  }
  // The next candidate is the first one of voxel x, to the left of which all voxels are known.
  [[gnu::always_inline]] void come_to(int x) {
    if (ready_ != taken_ || x_ == x) return;
    x_ = x;
    place_ = 0;
  }
  // The next candidate of the voxel, if there is any.
  [[gnu::always_inline]] const Candidate* next() {
    while (ready_ - taken_ < depth && x_ >= 0) look_on();
    if (ready_ == taken_) return nullptr;
    return &candidates_[taken_++ % candidates_.size()];
  }
  // What became of the candidate that was taken last.
  [[gnu::always_inline]] void learn(const Candidate& candidate, bool taken) {
    std::uint8_t& chance = chances_[candidate.decision.set[0]];
    chance = static_cast<std::uint8_t>(chance + (((taken ? 255 : 0) - chance) >> 3));
    if (taken == candidate.guess) return;
    ready_ = taken_;
    if (taken) {
      x_ = candidate.x + 1;
      place_ = 0;
    } else {
      x_ = candidate.x;
      place_ = candidate.place + 1U;
      first_ = candidate.first;
      facts_.find(scene_, row_, x_, scene_.row(0)[x_ - 1]);
      const auto all = candidates_at(x_);
      refused_.clear();
      for (std::size_t i = 0; i < place_; ++i) {
        if (all[i] != no_index && !refused_.has(all[i])) refused_.add(all[i]);
      }
    }
  }

 private:
  static constexpr std::uint32_t depth = 3;

  [[gnu::always_inline]] void look_on() {
    if (place_ == 0) {
      while (true) {
        if (x_ >= scene_.width()) return stop();
        const Index left = scene_.row(0)[x_ - 1];
        const Index above = scene_.row(1)[x_];
        if (left == above) {
          const Quiet quiet = scene_.quiet(x_);
          if (quiet != Quiet::no) {
            const int end = scene_.quiet_end(x_, quiet);
            scene_.suppose(x_, end, above);
            x_ = end;
            continue;
          }
        }
        facts_.find(scene_, row_, x_, left);
        refused_.clear();
        first_ = 0;
        break;
      }
    }
    if (place_ == 0 && scene_.row(0)[x_ - 1] != no_index) return offer(scene_.row(0)[x_ - 1]);
    const auto all = candidates_at(x_);
    for (; place_ < all.size(); ++place_) {
      const Index index = all[place_];
      if (index == no_index || refused_.has(index)) continue;
      return offer(index);
    }
    stop();
  }
  void stop() { x_ = -1; }
  [[gnu::always_inline]] void offer(Index index) {
    Candidate& candidate = candidates_[ready_++ % candidates_.size()];
    candidate.x = x_;
    candidate.index = index;
    candidate.place = static_cast<std::uint8_t>(place_);
    decide_candidate<Lanes>(scene_, row_, facts_, x_, index, refused_.size(), first_,
                            candidate.decision);
    predictor_.prefetch(candidate.decision);
    candidate.first = first_;
    candidate.guess = chances_[candidate.decision.set[0]] >= 128;
    if (candidate.guess) {
      scene_.suppose(x_, x_ + 1, index);
      ++x_;
      place_ = 0;
    } else {
      refused_.add(index);
      ++place_;
    }
  }

  [[nodiscard]] std::array<Index, 9> candidates_at(int x) const {
    const Index* above = scene_.row(1) + x;
    const Index* before = scene_.before(0) + x;
    const Index* below = scene_.before(1) + x;
    return {scene_.row(0)[x - 1], above[0],  above[1], above[-1], before[0],
            before[1],            below[0], above[2], below[1]};
  }

  Scene& scene_;
  const Predictor<Lanes>& predictor_;
  const RowFacts& row_;
  std::array<Candidate, 4> candidates_;
  std::uint32_t ready_ = 0;  // candidates that were found, in all
  std::uint32_t taken_ = 0;
  // Where to look on: -1 if that is not known.
  int x_ = -1;
  std::size_t place_ = 0;
  Refused refused_;
  std::uint32_t first_ = 0;
  VoxelFacts facts_;
  std::array<std::uint8_t, 1024> chances_{};
};

}  // namespace segpresso::native::small
