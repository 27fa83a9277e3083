// Who takes the rows of a block while a model decodes them.
#pragma once

#include <cstdint>

#include "native/runs.hpp"

namespace segpresso::native {

class RowSink {
 public:
  virtual ~RowSink() = default;

  // The rows of a block in order. The memory is the decoder's and is written again after the call.
  virtual void take_row(std::uint32_t z, std::uint32_t y, const Runs& runs) = 0;
  // The same as the row above; never the first row of a slice.
  virtual void repeat_row(std::uint32_t z, std::uint32_t y) = 0;
};

}  // namespace segpresso::native
