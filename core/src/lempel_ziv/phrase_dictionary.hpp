// The phrases of an encoder: a phrase is another one and a byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/huge_pages.hpp"
#include "segpresso/error.hpp"

namespace segpresso::lempel_ziv {

// Phrases are numbered from `first` on in the order in which they are added.
class PhraseDictionary {
 public:
  explicit PhraseDictionary(std::uint32_t first) : next_(first) {}

  // Follows `prefix` by `byte`: moves to that phrase and returns true, or adds it and returns
  // false.
  bool follow(std::uint32_t& prefix, std::uint8_t byte) {
    const std::uint64_t key = (std::uint64_t{prefix} << 8 | byte) + 1;
    std::size_t i = slot_of(key);
    while (slots_[i].key != 0) {
      if (slots_[i].key == key) {
        prefix = slots_[i].phrase;
        return true;
      }
      i = (i + 1) & (slots_.size() - 1);
    }
    if (next_ == std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorKind::unsupported, "more than 2^32 - 1 phrases");
    }
    slots_[i] = {key, next_++};
    if (2 * ++count_ > slots_.size()) grow();
    return false;
  }

 private:
  // `key` is 0 in empty slots.
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t phrase = 0;
  };

  [[nodiscard]] std::size_t slot_of(std::uint64_t key) const noexcept {
    return (key * 0x9E3779B97F4A7C15) >> shift_;
  }

  void grow() {
    std::vector<Slot, HugePageAllocator<Slot>> before(2 * slots_.size());
    before.swap(slots_);
    --shift_;
    for (const Slot& slot : before) {
      if (slot.key == 0) continue;
      std::size_t i = slot_of(slot.key);
      while (slots_[i].key != 0) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = slot;
    }
  }

  std::uint32_t next_;
  unsigned shift_ = 64 - 12;
  std::size_t count_ = 0;
  std::vector<Slot, HugePageAllocator<Slot>> slots_ =
      std::vector<Slot, HugePageAllocator<Slot>>(std::size_t{1} << 12);
};

}  // namespace segpresso::lempel_ziv
