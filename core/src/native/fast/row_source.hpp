// Who knows the rows of a block while the `fast` model encodes them.
#pragma once

#include <cstdint>

#include "native/runs.hpp"

namespace segpresso::native::fast {

// Slices and rows are asked for in order; a row is read unless it repeats the one above.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // Whether a slice is the same as the one before.
  virtual bool repeats_slice(std::uint32_t z) = 0;
  // Whether many of its edges are near some of the slice before; asked unless it repeats that.
  virtual bool is_related(std::uint32_t z) = 0;
  // Whether a row is the same as the one above.
  virtual bool repeats_above(std::uint32_t z, std::uint32_t y) = 0;
  // Fills in starts and indices. False if there are more indices than fit.
  virtual bool read(std::uint32_t z, std::uint32_t y, Runs& runs) = 0;
};

}  // namespace segpresso::native::fast
