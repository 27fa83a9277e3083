// Decodes what SmallEncoder wrote (docs/format_small.md).
#pragma once

#include <cstdint>
#include <memory>

#include "base/byte_reader.hpp"
#include "native/structure.hpp"

namespace segpresso::native {

class SmallDecoder {
 public:
  SmallDecoder();
  ~SmallDecoder();
  SmallDecoder(SmallDecoder&&) noexcept;
  SmallDecoder& operator=(SmallDecoder&&) noexcept;

  // Decodes the slices [0, slices). Raises an error if the payload ends early or, all slices being
  // asked for, late; other damage may go unnoticed but gives indices below `info.index_count`.
  void decode(const PackedArray& payload, const BlockInfo& info, std::uint32_t slices,
              const SliceSink& sink);

 private:
  struct State;
  std::unique_ptr<State> state_;  // kept between blocks
};

}  // namespace segpresso::native
