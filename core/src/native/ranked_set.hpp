// Which of the numbers 0 to n - 1 are members of a set, with ranks: a Fenwick tree of counts.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace segpresso::native {

class RankedSet {
 public:
  // All numbers below `size` are members.
  void fill(std::uint32_t size) {
    size_ = size;
    members_ = size;
    tree_.resize(std::size_t{size} + 1);
    for (std::uint32_t i = 1; i <= size; ++i) tree_[i] = i & (~i + 1);
  }

  [[nodiscard]] std::uint32_t members() const noexcept { return members_; }
  [[nodiscard]] std::uint32_t others() const noexcept { return size_ - members_; }

  // Members below `number`.
  [[nodiscard]] std::uint32_t rank(std::uint32_t number) const noexcept {
    std::uint32_t sum = 0;
    for (std::uint32_t i = number; i > 0; i &= i - 1) sum += tree_[i];
    return sum;
  }

  void remove(std::uint32_t number) noexcept {
    --members_;
    for (std::size_t i = std::size_t{number} + 1; i <= size_; i += i & (~i + 1)) --tree_[i];
  }

  // The member, or the number that is none, of a rank that exists.
  [[nodiscard]] std::uint32_t member(std::uint32_t rank) const noexcept {
    return select(rank, [&](std::size_t i, std::size_t) { return tree_[i]; });
  }
  [[nodiscard]] std::uint32_t other(std::uint32_t rank) const noexcept {
    return select(rank, [&](std::size_t i, std::size_t step) {
      return static_cast<std::uint32_t>(step) - tree_[i];
    });
  }

 private:
  template <class Count>
  [[nodiscard]] std::uint32_t select(std::uint32_t rank, Count count) const noexcept {
    std::size_t at = 0;
    for (std::size_t step = std::bit_floor(std::size_t{size_}); step > 0; step /= 2) {
      if (at + step > size_) continue;
      const std::uint32_t below = count(at + step, step);
      if (below > rank) continue;
      at += step;
      rank -= below;
    }
    return static_cast<std::uint32_t>(at);
  }

  std::vector<std::uint32_t> tree_;
  std::uint32_t size_ = 0;
  std::uint32_t members_ = 0;
};

}  // namespace segpresso::native
