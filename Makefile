# The commands of the house. `make test` is what CI runs.

CARGO ?= cargo
RESULTS = --test golden --test properties --test gradients --test dual --test sampling --test logistic --test logistic_rows \
	--test logistic_csr --test logistic_fit --test logistic_merge --test logistic_product --test sparse --test metrics \
	--test score_index --test score_index_store \
	--test threshold_buckets --test threshold_distinct --test threshold_isotonic --test threshold_search --test uncertainty
FUZZ_SECONDS ?= 60
FUZZ_TARGETS = graph aggregate top_k softmax_loss sparse_model buckets index certified data_file

.PHONY: demo test test-release test-tiers test-demo test-cpp test-java test-go test-serving test-aarch64 test-long lint \
	bench bench-bindings bench-peers header natives install package java go fuzz clean

# Trains and serves dual embeddings on the Debian package graph.
demo:
	$(CARGO) run --release -p related_products

# Everything: lint, all tests on the best tier, the tests of results again on every other tier, the full training with its
# accuracy gate, the bindings, and the same recommendations from a program in each language.
test: lint
	tools/need cc c++ gcc g++ clang clang++ ar ld objcopy readelf valgrind cmake ctest gtest pkg-config javac mvn go
	$(CARGO) test --workspace
	$(MAKE) test-release
	$(MAKE) test-tiers
	$(MAKE) test-demo
	$(MAKE) test-cpp
	$(MAKE) test-java
	$(MAKE) test-go
	$(MAKE) test-serving

# What ships is the release build: results again there, where the compiler does most.
test-release:
	$(CARGO) test --release -p avocet --lib $(RESULTS)

# Tiers that the machine does not have fall back to its best; the tests print which tier ran.
test-tiers:
	AVOCET_ISA=avx2 $(CARGO) test --release -p avocet $(RESULTS)
	AVOCET_ISA=portable $(CARGO) test --release -p avocet $(RESULTS)

# Three seeds against the accuracy gate.
test-demo:
	$(CARGO) test --release -p related_products --features full_training --test training

# The bindings, each with its ecosystem's tools, against the libraries as they ship.
test-cpp: package
	tools/need c++ g++ clang++ cmake ctest gtest
	bindings/cpp/test target/package target/cpp

test-java: natives
	tools/need cc readelf javac mvn
	bindings/java/test target/natives/lib/libavocet.a

test-go: package
	tools/need cc pkg-config go
	bindings/go/test target/natives/lib/libavocet.a target/package

# One file of embeddings, and programs in Rust, C, C++, Java and Go: the same ten packages, the same bits.
test-serving: java go
	$(CARGO) test -p avocet --test serving -- --include-ignored

# What is too long for CI: every bit pattern of the functions, 200 million fused operations, long properties.
test-long:
	AVOCET_EXHAUSTIVE=1 AVOCET_FMA_CASES=200000000 PROPTEST_CASES=20000 $(CARGO) test --release -p avocet

lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features -- -D warnings
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --quiet

# Measures everything (about three minutes) and draws docs/roofline.svg: the kernels under the machine's ceilings.
bench:
	$(CARGO) bench -p avocet
	$(CARGO) run --release --quiet -p roofline

# What a call costs beside its work, from C++, Java and Go.
bench-bindings: package java go
	cmake -S bindings/cpp -B target/cpp/bench -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=$(CURDIR)/target/package
	cmake --build target/cpp/bench --target calls
	target/cpp/bench/calls
	bindings/java/bench/run
	bindings/go/bench

# Side by side with what people use today: FAMILY=aggregate, score, blade or logistic. PEERS_OPTIONS=--markdown prints
# the tables of docs/performance.md.
bench-peers:
	benches/peers/run $(FAMILY) $(PEERS_OPTIONS)

# The tests of results for aarch64, under emulation.
test-aarch64:
	tools/test-aarch64

# Writes include/avocet.h from the sources; a test fails if it is out of date.
header:
	AVOCET_BLESS=1 $(CARGO) test -p avocet --test header

# The libraries for C, C++, JVM and Go programs: target/natives/lib/libavocet.a and libavocet.so.
natives:
	packaging/natives target/natives

# Header, libraries, pkg-config file and CMake package: make install PREFIX=/usr/local DESTDIR=
PREFIX ?= /usr/local
install: natives
	DESTDIR=$(DESTDIR) packaging/install target/natives $(PREFIX)

# The package in a folder of its own, for the tests of what is built on it.
package: natives
	rm -rf target/package
	packaging/install target/natives $(CURDIR)/target/package

# The jar: bindings/java/target/avocet-VERSION.jar.
java: natives
	tools/need cc readelf javac mvn
	bindings/java/build-native target/natives/lib/libavocet.a
	cd bindings/java && mvn -B -ntp -q package -DskipTests

# The archive in place for builds of the Go module from this checkout.
go: natives
	tools/need go
	bindings/go/prepare target/natives/lib/libavocet.a

fuzz: target/tools/bin/cargo-fuzz
	for target in $(FUZZ_TARGETS); do \
		target/tools/bin/cargo-fuzz fuzz run --sanitizer none $$target -- -max_total_time=$(FUZZ_SECONDS) || exit 1; \
	done

target/tools/bin/cargo-fuzz:
	$(CARGO) install cargo-fuzz --locked --root target/tools

clean:
	$(CARGO) clean
