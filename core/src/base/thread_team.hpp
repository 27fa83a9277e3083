// A fixed set of threads that share the indices of a loop.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace segpresso {

// As many of `threads` as have something to do: below 2^16 voxels each, starting them costs more
// than they save.
constexpr unsigned useful_threads(unsigned threads, std::size_t voxels) noexcept {
  const std::size_t most = std::max<std::size_t>(1, voxels >> 16);
  return static_cast<unsigned>(std::min<std::size_t>(threads, most));
}

class ThreadTeam {
 public:
  // The calling thread is one of the `threads`. Where the system allows no more threads, the team
  // is smaller; results never depend on its size.
  explicit ThreadTeam(unsigned threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  [[nodiscard]] unsigned size() const noexcept {
    return static_cast<unsigned>(workers_.size()) + 1;
  }

  using Body = std::function<void(std::size_t index, unsigned worker)>;

  // Calls `body` once for each index below `count`; indices are handed out in order, worker
  // numbers are below size(). Returns when all are done. If calls throw, the exception of the
  // smallest index is rethrown and no further index is started.
  void for_each(std::size_t count, const Body& body);

  // The same, but indices that are handed out one after the other lie far apart: threads that fill
  // a new array need different pages then. Two that need the same one both clear it, and one of
  // them for nothing, which takes longer than filling it if pages are large. Which exception is
  // rethrown depends on the number of threads.
  void for_each_apart(std::size_t count, const Body& body);

 private:
  void work(unsigned worker);
  // Takes indices until none is left; `lock` is held at both ends.
  void run(std::unique_lock<std::mutex>& lock, unsigned worker);

  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable done_;
  const Body* body_ = nullptr;
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  // Changed under the mutex only; read without it by threads that wait.
  std::atomic<bool> is_open_ = false;  // there are indices to take
  std::atomic<bool> stop_ = false;
  std::atomic<unsigned> busy_ = 0;  // threads that work on an index
  std::exception_ptr error_;
  std::size_t error_index_ = 0;
  std::vector<std::thread> workers_;
};

}  // namespace segpresso
