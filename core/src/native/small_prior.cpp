#include "native/small_prior.hpp"

namespace segpresso::native::small {

const Tables& prior() {
  static const Tables tables = Tables::untrained();
  return tables;
}

}  // namespace segpresso::native::small
