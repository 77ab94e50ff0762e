// Inner loops that need vector instructions which Swift cannot ask for: it has no rotation of vectors, and no code
// for more than the baseline processor. No logic: what is computed when is decided in Ciphers.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Instruction sets that the kernels are compiled for. A processor with one has those before it.
typedef enum packet_kernel_level {
    PACKET_KERNEL_BASELINE = 0,
    PACKET_KERNEL_AVX2 = 1,
    PACKET_KERNEL_AVX512 = 2,
} packet_kernel_level;

/// The best level of this processor. On others than x86-64 it is the baseline, which has vectors too.
packet_kernel_level packet_kernel_best_level(void);

/// Xors bytes in place with the Salsa20/20 key stream of a 32-byte key and an 8-byte nonce, from block 0 on.
/// The kernel counts blocks in 32 bits. The level must not be above the best one.
void packet_salsa20_xor(
    packet_kernel_level level, const uint8_t *key, const uint8_t *nonce, uint8_t *bytes, size_t byte_count);

/// How many blocks GHASH takes in before it reduces.
#define PACKET_GHASH_POWER_COUNT 32

/// A GHASH key with its powers, the highest first.
typedef struct packet_ghash_key {
    uint8_t powers[16 * PACKET_GHASH_POWER_COUNT];
} packet_ghash_key;

/// Whether this processor has what the GHASH kernel needs (AVX-512 with carry-less multiplication). It must not be
/// called if not.
bool packet_ghash_is_available(void);

/// Prepares the key for the 16 bytes `h`, which are AES(0).
void packet_ghash_set_key(packet_ghash_key *key, const uint8_t *h);

/// The GHASH of a cipher text without associated data, its length block included (NIST SP 800-38D). Writes 16 bytes.
/// Takes the same time for all keys and contents.
void packet_ghash(const packet_ghash_key *key, const uint8_t *bytes, size_t byte_count, uint8_t *result);

/// Clears the upper halves of the vector registers. ISA-L returns without doing so, and as long as they are in use,
/// code for the baseline processor (all of Swift, libgcrypt's tables) runs up to 3.5 times slower. Nothing on
/// processors without them.
void packet_kernel_clear_upper_registers(void);
