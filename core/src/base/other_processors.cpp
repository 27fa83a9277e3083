#include "base/other_processors.hpp"

#if defined(__linux__)
#include <pthread.h>
#endif

namespace segpresso {

#if defined(__linux__)

OtherProcessors::OtherProcessors() noexcept {
  const int here = sched_getcpu();
  // Fails where there are more processors than the set has room for: threads then begin anywhere.
  if (here < 0 || sched_getaffinity(0, sizeof all_, &all_) != 0) return;
  others_ = all_;
  CPU_CLR(here, &others_);
  exist_ = CPU_COUNT(&others_) > 0;
}

void OtherProcessors::send(std::thread& thread) const noexcept {
  if (exist_) pthread_setaffinity_np(thread.native_handle(), sizeof others_, &others_);
}

void OtherProcessors::settle() const noexcept {
  if (exist_) sched_setaffinity(0, sizeof all_, &all_);
}

#else

OtherProcessors::OtherProcessors() noexcept = default;
void OtherProcessors::send(std::thread&) const noexcept {}
void OtherProcessors::settle() const noexcept {}

#endif

}  // namespace segpresso
