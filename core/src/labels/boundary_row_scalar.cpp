#include "labels/boundary_row_isa.hpp"

#define SEGPRESSO_TARGET

namespace segpresso {
namespace {

template <class T>
std::uint64_t differ64(const T* a, const T* b) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; ++i) word |= static_cast<std::uint64_t>(a[i] != b[i]) << i;
  return word;
}

#include "labels/boundary_row_template.hpp"

}  // namespace

const BoundaryRowKernels boundary_row_scalar = kernels;
const DifferRowKernels differ_row_scalar = differ_kernels;

}  // namespace segpresso
