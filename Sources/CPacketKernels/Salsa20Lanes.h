// Salsa20 on several blocks side by side: a vector holds the same word of each of them. Included once for each
// instruction set, with LANE_COUNT (4 or 8), VARIANT(name) and TARGET defined.

#define GROUP_BYTE_COUNT (LANE_COUNT * BLOCK_BYTE_COUNT)
#define INLINE TARGET static inline __attribute__((always_inline))
#define lanes VARIANT(lanes)

typedef uint32_t lanes __attribute__((vector_size(4 * LANE_COUNT)));

/// Picks, in every 128 bits by themselves, two words of `x` and then two of `y`.
#if LANE_COUNT == 4
#define PICK(x, y, i, j) __builtin_shufflevector(x, y, i, j, 4 + i, 4 + j)
#else
#define PICK(x, y, i, j) __builtin_shufflevector(x, y, i, j, 8 + i, 8 + j, 4 + i, 4 + j, 12 + i, 12 + j)
#endif

INLINE void VARIANT(twenty_rounds)(lanes x[WORD_COUNT]) {
    for (int round = 0; round < 20; round += 2) {
        QUARTER_ROUND(x[0], x[4], x[8], x[12]);
        QUARTER_ROUND(x[5], x[9], x[13], x[1]);
        QUARTER_ROUND(x[10], x[14], x[2], x[6]);
        QUARTER_ROUND(x[15], x[3], x[7], x[11]);
        QUARTER_ROUND(x[0], x[1], x[2], x[3]);
        QUARTER_ROUND(x[5], x[6], x[7], x[4]);
        QUARTER_ROUND(x[10], x[11], x[8], x[9]);
        QUARTER_ROUND(x[15], x[12], x[13], x[14]);
    }
}

/// Xors one row of block `block`, and of the one four blocks on if there are eight.
INLINE void VARIANT(xor_row)(uint8_t *bytes, int block, const lanes *rows) {
    for (int half = 0; half < LANE_COUNT / 4; half++) {
        uint8_t *target = bytes + (block + 4 * half) * BLOCK_BYTE_COUNT;
        row plain, mask;
        memcpy(&plain, target, ROW_BYTE_COUNT);
        memcpy(&mask, (const uint8_t *)rows + half * ROW_BYTE_COUNT, ROW_BYTE_COUNT);
        plain ^= mask;
        memcpy(target, &plain, ROW_BYTE_COUNT);
    }
}

/// Xors the row that the four words `x` are, in all blocks: transposes them first.
INLINE void VARIANT(xor_rows)(uint8_t *bytes, const lanes x[4]) {
    const lanes even01 = PICK(x[0], x[1], 0, 2), even23 = PICK(x[2], x[3], 0, 2);
    const lanes odd01 = PICK(x[0], x[1], 1, 3), odd23 = PICK(x[2], x[3], 1, 3);
    const lanes rows[4] = {
        PICK(even01, even23, 0, 2), PICK(odd01, odd23, 0, 2), PICK(even01, even23, 1, 3), PICK(odd01, odd23, 1, 3)};
    for (int block = 0; block < 4; block++) VARIANT(xor_row)(bytes, block, rows + block);
}

/// Xors LANE_COUNT whole blocks.
INLINE void VARIANT(xor_group)(const lanes start[WORD_COUNT], uint8_t *bytes) {
    lanes x[WORD_COUNT];
    for (int word = 0; word < WORD_COUNT; word++) x[word] = start[word];
    VARIANT(twenty_rounds)(x);
    for (int word = 0; word < WORD_COUNT; word++) x[word] += start[word];
    for (int word = 0; word < WORD_COUNT; word += 4) VARIANT(xor_rows)(bytes + 4 * word, x + word);
}

TARGET static void VARIANT(salsa20_xor)(const uint32_t first_block[WORD_COUNT], uint8_t *bytes, size_t byte_count) {
    lanes start[WORD_COUNT];
    for (int word = 0; word < WORD_COUNT; word++) start[word] = (lanes){0} + first_block[word];
    for (uint32_t lane = 0; lane < LANE_COUNT; lane++) start[8][lane] += lane;
    while (byte_count > 0) {
        uint8_t partial[GROUP_BYTE_COUNT];
        const size_t group = byte_count < GROUP_BYTE_COUNT ? byte_count : GROUP_BYTE_COUNT;
        uint8_t *target = group < GROUP_BYTE_COUNT ? memcpy(partial, bytes, group) : bytes;
        VARIANT(xor_group)(start, target);
        if (target == partial) memcpy(bytes, partial, group);
        start[8] += LANE_COUNT;
        bytes += group;
        byte_count -= group;
    }
}

#undef lanes
#undef PICK
#undef INLINE
#undef GROUP_BYTE_COUNT
#undef TARGET
#undef VARIANT
#undef LANE_COUNT
