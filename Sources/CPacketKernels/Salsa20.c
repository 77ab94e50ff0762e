#include "CPacketKernels.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the words of Salsa20 are little-endian");

#define BLOCK_BYTE_COUNT 64
#define WORD_COUNT 16
#define ROW_BYTE_COUNT 16

#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))

#define QUARTER_ROUND(a, b, c, d) \
    do {                          \
        b ^= ROTATE(a + d, 7);    \
        c ^= ROTATE(b + a, 9);    \
        d ^= ROTATE(c + b, 13);   \
        a ^= ROTATE(d + c, 18);   \
    } while (0)

/// Four neighbouring words of one block.
typedef uint32_t row __attribute__((vector_size(ROW_BYTE_COUNT)));

/// The sixteen words of block 0: constants on the diagonal, key around them, nonce and counter in the middle.
static void salsa20_first_block(const uint8_t *key, const uint8_t *nonce, uint32_t words[WORD_COUNT]) {
    words[0] = 0x61707865;
    memcpy(words + 1, key, 16);
    words[5] = 0x3320646e;
    memcpy(words + 6, nonce, 8);
    memset(words + 8, 0, 8);
    words[10] = 0x79622d32;
    memcpy(words + 11, key + 16, 16);
    words[15] = 0x6b206574;
}

// Four lanes are what every 64-bit processor has registers for.
#define LANE_COUNT 4
#define VARIANT(name) name##_baseline
#define TARGET
#include "Salsa20Lanes.h"

#if defined(__x86_64__)

#define LANE_COUNT 8
#define VARIANT(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#include "Salsa20Lanes.h"

// 256-bit vectors here too: what pays is the rotation in one instruction and twice the registers. Sixteen lanes
// would waste a third of their work on a datagram of 21 blocks.
#define LANE_COUNT 8
#define VARIANT(name) name##_avx512
#define TARGET __attribute__((target("avx2,avx512f,avx512vl")))
#include "Salsa20Lanes.h"

#endif

void packet_salsa20_xor(
    packet_kernel_level level, const uint8_t *key, const uint8_t *nonce, uint8_t *bytes, size_t byte_count) {
    uint32_t first_block[WORD_COUNT];
    salsa20_first_block(key, nonce, first_block);
    switch (level) {
#if defined(__x86_64__)
    case PACKET_KERNEL_AVX512: salsa20_xor_avx512(first_block, bytes, byte_count); break;
    case PACKET_KERNEL_AVX2: salsa20_xor_avx2(first_block, bytes, byte_count); break;
#endif
    default: salsa20_xor_baseline(first_block, bytes, byte_count); break;
    }
}
