#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int (*fuzz_function)(const uint8_t *data, size_t byte_count);

// libFuzzer's main program. Only scripts/fuzz links it, so everybody else's build finds nothing here.
extern int LLVMFuzzerRunDriver(int *argc, char ***argv, fuzz_function run) __attribute__((weak));

static inline bool fuzzer_is_linked(void) { return LLVMFuzzerRunDriver != 0; }
