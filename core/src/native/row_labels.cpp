#include "native/row_labels.hpp"

#include <algorithm>

#include "base/stream_copy.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace segpresso::native {
namespace {

// Most runs are shorter than 32 voxels; the next run overwrites what is too much.
template <class T>
void fill_labels(const Runs& runs, const T* labels, T* row) {
  for (const Run& run : runs) {
    const std::uint32_t stop = (&run)[1].start;
    const T label = labels[run.label];
    for (std::uint32_t x = run.start; x < stop; x += 32) std::fill_n(row + x, 32, label);
  }
}

constexpr RowLabelKernels portable{{fill_labels<std::uint8_t>, fill_labels<std::uint16_t>,
                                    fill_labels<std::uint32_t>, fill_labels<std::uint64_t>},
                                   stream_copy};

#if defined(__x86_64__)

#define SEGPRESSO_TARGET __attribute__((target("avx2")))

SEGPRESSO_TARGET inline __m256i all(std::uint8_t label) {
  return _mm256_set1_epi8(static_cast<char>(label));
}
SEGPRESSO_TARGET inline __m256i all(std::uint16_t label) {
  return _mm256_set1_epi16(static_cast<short>(label));
}
SEGPRESSO_TARGET inline __m256i all(std::uint32_t label) {
  return _mm256_set1_epi32(static_cast<int>(label));
}
SEGPRESSO_TARGET inline __m256i all(std::uint64_t label) {
  return _mm256_set1_epi64x(static_cast<long long>(label));
}

template <class T>
SEGPRESSO_TARGET void fill_labels_avx2(const Runs& runs, const T* labels, T* row) {
  for (const Run *run = runs.begin(), *end = runs.end(); run != end; ++run) {
    const std::uint32_t stop = run[1].start;
    const __m256i label = all(labels[run->label]);
    for (std::uint32_t x = run->start; x < stop; x += 32) {
      auto* to = reinterpret_cast<__m256i*>(row + x);
      for (std::size_t i = 0; i < sizeof(T); ++i) _mm256_storeu_si256(to + i, label);
    }
  }
}

// Half as many stores wait for memory as with those of 16 bytes.
SEGPRESSO_TARGET void stream_avx2(std::byte* to, const std::byte* from, std::size_t bytes) {
  std::size_t i = bytes_before_line(to, bytes);
  std::memcpy(to, from, i);
  for (; i + cache_line <= bytes; i += cache_line) {
    const auto* source = reinterpret_cast<const __m256i*>(from + i);
    auto* target = reinterpret_cast<__m256i*>(to + i);
    _mm256_stream_si256(target, _mm256_loadu_si256(source));
    _mm256_stream_si256(target + 1, _mm256_loadu_si256(source + 1));
  }
  std::memcpy(to + i, from + i, bytes - i);
}

constexpr RowLabelKernels avx2{{fill_labels_avx2<std::uint8_t>, fill_labels_avx2<std::uint16_t>,
                                fill_labels_avx2<std::uint32_t>, fill_labels_avx2<std::uint64_t>},
                               stream_avx2};

#endif

}  // namespace

const RowLabelKernels& row_label_kernels(Simd simd) {
#if defined(__x86_64__)
  if (includes_avx2(simd)) return avx2;
#endif
  static_cast<void>(simd);
  return portable;
}

}  // namespace segpresso::native
