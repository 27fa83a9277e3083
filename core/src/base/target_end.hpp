// Ends what target_avx2_begin.hpp begins.
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
