#include "CPacketKernels.h"

#if defined(__x86_64__)

__attribute__((target("avx"))) static void clear_upper_registers(void) { __builtin_ia32_vzeroupper(); }

void packet_kernel_clear_upper_registers(void) {
    if (__builtin_cpu_supports("avx")) clear_upper_registers();
}

#else

void packet_kernel_clear_upper_registers(void) {}

#endif
