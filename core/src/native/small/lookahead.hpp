// Finds the contexts of the candidate to come while it is not yet sure that it will: then its slots
// are in the cache when they are needed. Wrong guesses cost time, and change nothing.
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

// A decision whether a voxel has an index, after some others were refused.
struct Candidate {
  Index index;
  Decision decision;
};

template <class Lanes>
class Lookahead {
 public:
  Lookahead(Scene& scene, const Predictor<Lanes>& predictor, const RowFacts& row)
      : scene_(scene), predictor_(predictor), row_(row) {}

  // What comes is not what was foreseen.
  void forget() { foreseen().x = nowhere; }

  // The first candidate of voxel x, to the left of which all voxels are known; if it has any.
  [[gnu::always_inline]] const Candidate* first(int x) {
    if (foreseen().x == x) {
      voxel_ ^= 1;
    } else {
      begin(voxels_[voxel_], x);
      find(voxels_[voxel_]);
    }
    forget();
    return take();
  }
  // Finds what comes next if the current candidate is taken, or if it is not, by what became of
  // others that looked alike.
  [[gnu::always_inline]] void foresee() {
    guess_ = chances_[candidates_[candidate_].decision.set[0]] >= 128;
    Voxel* voxel = &voxels_[voxel_];
    if (guess_) {
      const int x = after_runs(voxel->x, candidates_[candidate_].index);
      if (x == scene_.width()) return;
      voxel = &foreseen();
      begin(*voxel, x);
    } else {
      refuse();
    }
    find(*voxel);
  }
  // What became of the current candidate.
  [[gnu::always_inline]] void learn(bool taken) {
    std::uint8_t& chance = chances_[candidates_[candidate_].decision.set[0]];
    chance = static_cast<std::uint8_t>(chance + (((taken ? 255 : 0) - chance) >> 3));
  }
  // The voxel's next candidate, if there is any.
  [[gnu::always_inline]] const Candidate* after_refusal() {
    if (guess_) {
      forget();
      look_at_refusal();
    }
    return take();
  }
  // The candidates of the voxel that were refused.
  [[nodiscard]] const Refused& refused() const { return voxels_[voxel_].refused; }

 private:
  static constexpr int nowhere = -1;

  struct Voxel {
    int x = nowhere;
    bool has_candidate = false;
    std::uint32_t place = 0;  // of the candidate
    std::uint32_t first = 0;
    Refused refused;
    VoxelFacts facts;
  };

  Voxel& foreseen() { return voxels_[voxel_ ^ 1U]; }

  [[gnu::always_inline]] const Candidate* take() {
    if (!voxels_[voxel_].has_candidate) return nullptr;
    candidate_ ^= 1;
    return &candidates_[candidate_];
  }

  void refuse() {
    Voxel& voxel = voxels_[voxel_];
    voxel.refused.add(candidates_[candidate_].index);
    ++voxel.place;
  }
  // What was not foreseen; seldom needed, so that it is kept apart.
  [[gnu::noinline]] void look_at_refusal() {
    refuse();
    find(voxels_[voxel_]);
  }

  // Where runs end that begin after voxel x, if that is `index`.
  [[gnu::always_inline]] int after_runs(int x, Index index) {
    scene_.suppose(x, x + 1, index);
    for (++x; x < scene_.width();) {
      const Index above = scene_.row(1)[x];
      if (index != above) break;
      const Quiet quiet = scene_.quiet(x);
      if (quiet == Quiet::no) break;
      const int end = scene_.quiet_end(x, quiet);
      scene_.suppose(x, end, above);
      x = end;
    }
    return x;
  }

  [[gnu::always_inline]] void begin(Voxel& voxel, int x) {
    voxel.x = x;
    voxel.place = 0;
    voxel.first = 0;
    voxel.refused.clear();
    voxel.facts.find(scene_, row_, x, scene_.row(0)[x - 1]);
  }

  // The voxel's next candidate that is not NONE and not refused.
  [[gnu::always_inline]] void find(Voxel& voxel) {
    const Index left = scene_.row(0)[voxel.x - 1];
    if (voxel.place == 0 && left != no_index) return offer(voxel, left);
    const Index* above = scene_.row(1) + voxel.x;
    const Index* before = scene_.before(0) + voxel.x;
    const Index* below = scene_.before(1) + voxel.x;
    const std::array<Index, 9> all{left,      above[0], above[1], above[-1], before[0],
                                   before[1], below[0], above[2], below[1]};
    voxel.has_candidate = false;
    for (; voxel.place < all.size(); ++voxel.place) {
      const Index index = all[voxel.place];
      if (index != no_index && !voxel.refused.has(index)) return offer(voxel, index);
    }
  }

  [[gnu::always_inline]] void offer(Voxel& voxel, Index index) {
    Candidate& candidate = candidates_[candidate_ ^ 1U];
    voxel.has_candidate = true;
    candidate.index = index;
    decide_candidate<Lanes>(scene_, row_, voxel.facts, voxel.x, index, voxel.refused.size(),
                            voxel.first, candidate.decision);
    predictor_.prefetch(candidate.decision);
  }

  Scene& scene_;
  const Predictor<Lanes>& predictor_;
  const RowFacts& row_;
  std::array<Voxel, 2> voxels_;
  std::array<Candidate, 2> candidates_;
  std::uint32_t voxel_ = 0;      // which of them is current
  std::uint32_t candidate_ = 0;  // likewise
  bool guess_ = false;           // that the current candidate is taken
  std::array<std::uint8_t, 1024> chances_{};
};

}  // namespace segpresso::native::small
