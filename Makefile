# Everything a newcomer needs is one of these words. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo build test sanitize fuzz soak bench bench-links interop docs install uninstall deb format lint clean

# The programs, with the Swift runtime inside where that is possible. `make test` builds its own, in a folder of its
# own: what tests look into must be built for that.
SWIFT_BUILD := swift build -c release $(if $(filter Linux,$(shell uname)),--static-swift-stdlib)
TEST_FLAGS = -c release -Xswiftc -enable-testing --scratch-path .build/tests
BUILD_TESTS = swift build $(TEST_FLAGS) --build-tests
RUN_TESTS = KCPTUN_PROGRAMS="$$(swift build $(TEST_FLAGS) --show-bin-path)" \
	scripts/run-tests swift test $(TEST_FLAGS) --skip-build --disable-xctest
SOURCES := Package.swift Sources Tests $(wildcard Examples/*/Package.swift Examples/*/Sources) Benchmarks/Package.swift \
	Benchmarks/Comparison Benchmarks/Instructions Benchmarks/Links Benchmarks/Support Fuzzing

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## build, then carry a file through a tunnel over a lossy link, all in one process
	@$(SWIFT_BUILD) --product kcptun
	@"$$($(SWIFT_BUILD) --show-bin-path)/kcptun" demo

build: setup ## build the three programs, optimised
	@$(SWIFT_BUILD)

test: ## everything that must pass: formatting, imports, unit tests, vectors, interoperability, examples, package
	@scripts/setup --tests
	@scripts/check-imports
	@$(MAKE) --no-print-directory lint
	@$(BUILD_TESTS)
	@scripts/docs "$$(swift build $(TEST_FLAGS) --show-bin-path)"
	@scripts/check-examples
	@$(SWIFT_BUILD)
	@scripts/check-install
	@if command -v dpkg-deb >/dev/null; then scripts/make-deb && scripts/check-package .build/swift-kcptun_*.deb; fi
	@$(RUN_TESTS)

# A smaller quarantine, so that the tests that watch the programs' memory see the programs and not the sanitizer.
sanitize: export ASAN_OPTIONS = detect_leaks=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=16
sanitize: export KCPTUN_SANITIZED = 1
sanitize: TEST_FLAGS = -c release -Xswiftc -enable-testing --sanitize=address --scratch-path .build/sanitized
sanitize: ## all tests with the address sanitizer in tests and programs
	@scripts/setup --tests
	@$(BUILD_TESTS)
	@$(RUN_TESTS)

fuzz: ## feed the parsers what a fuzzer thinks of, 5 minutes in all (FUZZ="--seconds 60 --only conversation": as you like)
	@scripts/setup
	@scripts/fuzz $(FUZZ)

soak: ## 100,000 seeds of the fault simulation, then 30 minutes under load and restarts (SOAK="--minutes 3": as you like)
	@scripts/setup --tests
	@$(BUILD_TESTS)
	@export KCPTUN_SEEDS=100000; $(RUN_TESTS) --filter FaultSimulationTests
	@scripts/soak $(SOAK)

interop: ## every combination of options with Debian's kcptun in both roles; writes interop-results.md
	@scripts/setup --tests
	@$(BUILD_TESTS)
	@export KCPTUN_INTEROP=full; $(RUN_TESTS) --filter InteropMatrixTests

bench: ## measure beside Debian's kcptun (BENCH=--quick: 2 minutes instead of 8); writes Benchmarks/results
	@scripts/setup --bench
	@scripts/bench $(BENCH)

bench-links: ## measure over bad links beside Debian's kcptun and TCP (BENCH=--quick: 15 minutes); writes Benchmarks/results
	@scripts/setup --bench
	@scripts/bench-links $(BENCH)

docs: build ## build the documentation of the libraries, in .build/documentation
	@scripts/docs

install: ## install what `make build` has built: programs, manuals, completions, units (DESTDIR, PREFIX)
	@scripts/install

uninstall: ## remove what `make install` has installed
	@scripts/install --uninstall

deb: ## make a Debian package of the programs, in .build
	@scripts/setup --package
	@$(SWIFT_BUILD)
	@scripts/make-deb

format: ## put the sources into the project's format
	@swift format --in-place --recursive --parallel $(SOURCES)

lint: ## complain about sources that are not in the project's format
	@swift format lint --strict --recursive --parallel $(SOURCES)

clean: ## remove what was built
	@rm -rf .build interop-results.md

setup:
	@scripts/setup
