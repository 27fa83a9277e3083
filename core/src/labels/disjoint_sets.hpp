// Union-find whose representatives are the smallest members of their sets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace segpresso {

class DisjointSets {
 public:
  void clear() noexcept { parent_.clear(); }
  void reset(std::size_t count) {
    parent_.resize(count);
    for (std::size_t i = 0; i < count; ++i) parent_[i] = static_cast<std::uint32_t>(i);
  }
  [[nodiscard]] std::size_t size() const noexcept { return parent_.size(); }

  std::uint32_t add() {
    const auto member = static_cast<std::uint32_t>(parent_.size());
    parent_.push_back(member);
    return member;
  }

  std::uint32_t find(std::uint32_t member) noexcept {
    while (parent_[member] != member) {
      parent_[member] = parent_[parent_[member]];
      member = parent_[member];
    }
    return member;
  }

  // Joins two sets and returns the representative.
  std::uint32_t join(std::uint32_t a, std::uint32_t b) noexcept {
    a = find(a);
    b = find(b);
    if (a > b) std::swap(a, b);
    parent_[b] = a;
    return a;
  }

  // Numbers the sets 0, 1, ... in the order of their smallest members: afterwards `number(m)` is
  // the number of m's set. Calls `function(representative)` for each set in that order.
  template <class Function>
  std::uint32_t number_sets(Function&& function) {
    std::uint32_t count = 0;
    for (std::uint32_t member = 0; member < parent_.size(); ++member) {
      // A parent is smaller than its members, so its entry already is a number.
      if (parent_[member] == member) {
        function(member);
        parent_[member] = count++;
      } else {
        parent_[member] = parent_[parent_[member]];
      }
    }
    return count;
  }
  [[nodiscard]] std::uint32_t number(std::uint32_t member) const noexcept {
    return parent_[member];
  }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace segpresso
