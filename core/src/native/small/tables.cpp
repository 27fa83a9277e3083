#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "native/small/contexts.hpp"
#include "native/small/curves.hpp"
#include "native/small/mixing.hpp"

namespace segpresso::native::small {

Tables Tables::untrained() {
  Tables tables;
  tables.slots.assign(slot_total, 0x8000);
  Weights weights{};
  std::fill_n(weights.value.begin(), context_count, std::int16_t{909});
  tables.weights.assign(set_total, weights);
  tables.refinements.resize(std::size_t{refinement_total} * points);
  for (std::size_t i = 0; i < tables.refinements.size(); ++i) {
    const int odds = (static_cast<int>(i % points) - points / 2) * (1 << point_shift);
    tables.refinements[i] = static_cast<std::uint16_t>(squash(clamp_output(odds)));
  }
  return tables;
}

}  // namespace segpresso::native::small
