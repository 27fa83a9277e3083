// Where threads begin.
#pragma once

#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace segpresso {

// Linux may begin a thread on the processor of the one that makes it, which is busy, though another
// is idle. On two processors that were idle for 5 ms it then waits for 2.7 ms until it runs (median
// of 40); sent to another processor, for 0.1 ms.
class OtherProcessors {
 public:
  // All processors that the calling thread may use but the one that it runs on.
  OtherProcessors() noexcept;

  // Has a thread that waits go on on one of them, if there is any.
  void send(std::thread& thread) const noexcept;

  // Allows the calling thread, which was sent, all processors again.
  void settle() const noexcept;

 private:
#if defined(__linux__)
  bool exist_ = false;
  cpu_set_t all_{};
  cpu_set_t others_{};
#endif
};

}  // namespace segpresso
