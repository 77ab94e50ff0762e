#include "CPacketKernels.h"

packet_kernel_level packet_kernel_best_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2")) return PACKET_KERNEL_BASELINE;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl")) return PACKET_KERNEL_AVX2;
    return PACKET_KERNEL_AVX512;
#else
    return PACKET_KERNEL_BASELINE;
#endif
}
