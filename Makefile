# Everything a newcomer needs is one of these words. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo build test sanitize bench interop docs format lint clean

# The programs. `make test` builds its own, in a folder of its own: what tests look into must be built for that.
SWIFT_BUILD := swift build -c release
TEST_FLAGS = -c release -Xswiftc -enable-testing --scratch-path .build/tests
BUILD_TESTS = swift build $(TEST_FLAGS) --build-tests
RUN_TESTS = KCPTUN_PROGRAMS="$$(swift build $(TEST_FLAGS) --show-bin-path)" swift test $(TEST_FLAGS) --skip-build --disable-xctest
SOURCES := Package.swift Sources Tests $(wildcard Examples/*/Package.swift Examples/*/Sources) Benchmarks/Package.swift Benchmarks/Comparison Benchmarks/Instructions

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## build, then carry a file through a tunnel over a lossy link, all in one process
	@$(SWIFT_BUILD) --product kcptun
	@"$$($(SWIFT_BUILD) --show-bin-path)/kcptun" demo

build: setup ## build the three programs, optimised
	@$(SWIFT_BUILD)

test: ## everything that must pass: formatting, imports, unit tests, vectors, simulation, interoperability
	@scripts/setup --tests
	@scripts/check-imports
	@$(MAKE) --no-print-directory lint
	@$(BUILD_TESTS)
	@$(RUN_TESTS)
	@scripts/docs "$$(swift build $(TEST_FLAGS) --show-bin-path)"
	@scripts/check-examples

# A smaller quarantine, so that the tests that watch the programs' memory see the programs and not the sanitizer.
sanitize: export ASAN_OPTIONS = detect_leaks=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=16
sanitize: TEST_FLAGS = -c release -Xswiftc -enable-testing --sanitize=address --scratch-path .build/sanitized
sanitize: ## all tests with the address sanitizer in tests and programs
	@scripts/setup --tests
	@$(BUILD_TESTS)
	@$(RUN_TESTS)

interop: ## every combination of options with Debian's kcptun in both roles; writes interop-results.md
	@scripts/setup --tests
	@$(BUILD_TESTS)
	@export KCPTUN_INTEROP=full; $(RUN_TESTS) --filter InteropMatrixTests

bench: ## measure beside Debian's kcptun (BENCH=--quick: 2 minutes instead of 8); writes Benchmarks/results
	@scripts/setup --bench
	@scripts/bench $(BENCH)

docs: build ## build the documentation of the libraries, in .build/documentation
	@scripts/docs

format: ## put the sources into the project's format
	@swift format --in-place --recursive --parallel $(SOURCES)

lint: ## complain about sources that are not in the project's format
	@swift format lint --strict --recursive --parallel $(SOURCES)

clean: ## remove what was built
	@rm -rf .build interop-results.md

setup:
	@scripts/setup
