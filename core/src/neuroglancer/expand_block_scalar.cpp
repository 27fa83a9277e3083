#include "neuroglancer/expand_block_isa.hpp"

#define SEGPRESSO_TARGET

namespace segpresso::neuroglancer {
namespace {

template <class T>
class Row {
 public:
  explicit Row(const T* table) : table_(table) {}

  template <unsigned Bits>
  void expand(std::uint32_t field, T* out) const {
    for (unsigned i = 0; i < 8; ++i) out[i] = table_[field >> (Bits * i) & ((1U << Bits) - 1)];
  }

 private:
  const T* table_;
};

#include "neuroglancer/expand_block_template.hpp"

}  // namespace

const ExpandBlockKernels expand_block_scalar = kernels;

}  // namespace segpresso::neuroglancer
