#include "CPacketKernels.h"

#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,vpclmulqdq,pclmul")))
#define INLINE TARGET static inline __attribute__((always_inline))

#define BLOCK_BYTE_COUNT 16
#define POWER_COUNT PACKET_GHASH_POWER_COUNT
#define LANE_COUNT 4

// The field's bits run backwards in GHASH. With all blocks reversed byte by byte and H multiplied by x beforehand, the
// products come out right without reversing bits (RFC 8452, appendix A), and are reduced modulo
// x^128 + x^127 + x^126 + x^121 + 1, of which the part above x^64 is this.
#define REDUCTION 0xc200000000000000

/// Sums of products that have not been reduced: their 64-bit columns, in each lane.
typedef struct {
    __m512i low, middle, high;
} products;

INLINE __m512i reverse_bytes(__m512i blocks) {
    const __m128i order = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_shuffle_epi8(blocks, _mm512_broadcast_i32x4(order));
}

INLINE void add_products(products *sum, __m512i a, __m512i b) {
    const __m512i low_high = _mm512_clmulepi64_epi128(a, b, 0x10), high_low = _mm512_clmulepi64_epi128(a, b, 0x01);
    sum->low = _mm512_xor_si512(sum->low, _mm512_clmulepi64_epi128(a, b, 0x00));
    sum->middle = _mm512_xor_si512(sum->middle, _mm512_xor_si512(low_high, high_low));
    sum->high = _mm512_xor_si512(sum->high, _mm512_clmulepi64_epi128(a, b, 0x11));
}

INLINE __m128i sum_of_lanes(__m512i x) {
    const __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
    return _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

/// Swaps the halves of `x` and adds what its low half is worth there: one half of the reduction.
INLINE __m128i fold(__m128i x) {
    const __m128i reduction = _mm_set_epi64x(0, (long long)REDUCTION);
    return _mm_xor_si128(_mm_shuffle_epi32(x, 0x4e), _mm_clmulepi64_si128(x, reduction, 0x00));
}

INLINE __m128i reduce(const products *sum) {
    const __m128i middle = sum_of_lanes(sum->middle);
    const __m128i low = _mm_xor_si128(sum_of_lanes(sum->low), _mm_slli_si128(middle, 8));
    const __m128i high = _mm_xor_si128(sum_of_lanes(sum->high), _mm_srli_si128(middle, 8));
    return _mm_xor_si128(fold(fold(low)), high);
}

INLINE __m128i multiply(__m128i a, __m128i b) {
    products product = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    add_products(&product, _mm512_zextsi128_si512(a), _mm512_zextsi128_si512(b));
    return reduce(&product);
}

/// Takes 1 to POWER_COUNT blocks into the hash.
INLINE __m128i absorb(const packet_ghash_key *key, __m128i hash, const uint8_t *blocks, size_t count) {
    const uint8_t *powers = key->powers + BLOCK_BYTE_COUNT * (POWER_COUNT - count);
    products sum = {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_setzero_si512()};
    __m512i carried = _mm512_zextsi128_si512(hash);
    for (size_t done = 0; done < count; done += LANE_COUNT) {
        const size_t left = count - done;
        const __mmask8 words = left < LANE_COUNT ? (__mmask8)((1 << 2 * left) - 1) : 0xff;
        const __m512i text = _mm512_maskz_loadu_epi64(words, blocks + BLOCK_BYTE_COUNT * done);
        const __m512i power = _mm512_maskz_loadu_epi64(words, powers + BLOCK_BYTE_COUNT * done);
        add_products(&sum, _mm512_xor_si512(reverse_bytes(text), carried), power);
        carried = _mm512_setzero_si512();
    }
    return reduce(&sum);
}

/// H times x.
INLINE __m128i first_power(const uint8_t h[BLOCK_BYTE_COUNT]) {
    uint64_t high, low;
    memcpy(&high, h, sizeof high);
    memcpy(&low, h + sizeof high, sizeof low);
    high = __builtin_bswap64(high);
    low = __builtin_bswap64(low);
    const uint64_t overflow = 0 - (high >> 63);
    const uint64_t shifted_high = (high << 1 | low >> 63) ^ (overflow & REDUCTION);
    return _mm_set_epi64x((long long)shifted_high, (long long)(low << 1 ^ (overflow & 1)));
}

TARGET static void set_key(packet_ghash_key *key, const uint8_t *h) {
    const __m128i first = first_power(h);
    __m128i power = first;
    for (int index = POWER_COUNT - 1; index >= 0; index--) {
        memcpy(key->powers + BLOCK_BYTE_COUNT * index, &power, BLOCK_BYTE_COUNT);
        power = multiply(power, first);
    }
}

TARGET static void hash(const packet_ghash_key *key, const uint8_t *bytes, size_t byte_count, uint8_t *result) {
    // One block less than there are powers, so that what is left and the length always go together.
    const size_t chunk_byte_count = BLOCK_BYTE_COUNT * (POWER_COUNT - 1);
    const uint64_t bit_count = __builtin_bswap64(8 * (uint64_t)byte_count);
    __m128i state = _mm_setzero_si128();
    for (; byte_count > chunk_byte_count; byte_count -= chunk_byte_count, bytes += chunk_byte_count)
        state = absorb(key, state, bytes, POWER_COUNT - 1);

    uint8_t rest[BLOCK_BYTE_COUNT * POWER_COUNT];
    const size_t block_count = (byte_count + BLOCK_BYTE_COUNT - 1) / BLOCK_BYTE_COUNT;
    uint8_t *length_block = rest + BLOCK_BYTE_COUNT * block_count;
    memcpy(rest, bytes, byte_count);
    memset(rest + byte_count, 0, (size_t)(length_block - rest) - byte_count + BLOCK_BYTE_COUNT / 2);
    memcpy(length_block + BLOCK_BYTE_COUNT / 2, &bit_count, sizeof bit_count);
    state = absorb(key, state, rest, block_count + 1);
    state = _mm512_castsi512_si128(reverse_bytes(_mm512_zextsi128_si512(state)));
    memcpy(result, &state, BLOCK_BYTE_COUNT);
}

bool packet_ghash_is_available(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("pclmul");
}

void packet_ghash_set_key(packet_ghash_key *key, const uint8_t *h) { set_key(key, h); }

void packet_ghash(const packet_ghash_key *key, const uint8_t *bytes, size_t byte_count, uint8_t *result) {
    hash(key, bytes, byte_count, result);
}

#else

bool packet_ghash_is_available(void) { return false; }
void packet_ghash_set_key(packet_ghash_key *key, const uint8_t *h) { __builtin_trap(); }
void packet_ghash(const packet_ghash_key *key, const uint8_t *bytes, size_t byte_count, uint8_t *result) {
    __builtin_trap();
}

#endif
