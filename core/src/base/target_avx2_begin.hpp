// What follows is compiled for AVX2 and what comes with it (counting zeros in one instruction and
// shifts by any register are worth a quarter of the time of decoding), up to target_end.hpp. Only
// templates over the lanes and functions that are always inlined may stand between the two, so that
// no function that other files share is compiled for AVX2. (No include guard: it is no header.)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif
