// Items that are made side by side and used one after the other.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <vector>

#include "base/thread_team.hpp"

namespace segpresso {

// Whichever thread ends an item uses all that are next in order, while the others go on making.
// Few items wait at a time, whose memory is used again.
template <class Item>
class OrderedWork {
 public:
  explicit OrderedWork(ThreadTeam& team) : team_(team), slots_(4 * std::size_t{team.size()}) {}

  // Calls `make(index, item, worker)` for each index below `count`, several at a time, and
  // `use(item)` for each in order, one at a time. The first error in that order is rethrown.
  template <class Make, class Use>
  void run(std::size_t count, Make&& make, Use&& use) {
    used_ = 0;
    stopped_ = false;
    for (Slot& slot : slots_) slot.made = false;
    team_.for_each(count, [&](std::size_t index, unsigned worker) {
      Slot& slot = slots_[index % slots_.size()];
      {
        // Indices are handed out in order: the item that this one waits for is being made or used.
        std::unique_lock lock(mutex_);
        free_.wait(lock, [&] { return stopped_ || index < used_ + slots_.size(); });
        if (stopped_) return;
      }
      slot.error = nullptr;
      try {
        make(index, slot.item, worker);
      } catch (...) {
        slot.error = std::current_exception();
      }
      std::unique_lock lock(mutex_);
      slot.made = true;
      use_next(lock, use);
    });
  }

 private:
  struct Slot {
    Item item;
    bool made = false;
    std::exception_ptr error;
  };

  template <class Use>
  void use_next(std::unique_lock<std::mutex>& lock, Use& use) {
    if (using_ || stopped_) return;
    using_ = true;
    try {
      for (;;) {
        Slot& slot = slots_[used_ % slots_.size()];
        if (!slot.made) break;
        lock.unlock();
        if (slot.error) std::rethrow_exception(slot.error);
        use(slot.item);
        lock.lock();
        slot.made = false;
        ++used_;
        free_.notify_all();
      }
    } catch (...) {
      lock.lock();
      stopped_ = true;
      using_ = false;
      free_.notify_all();
      throw;
    }
    using_ = false;
  }

  ThreadTeam& team_;
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t used_ = 0;
  bool using_ = false;
  bool stopped_ = false;
};

}  // namespace segpresso
