// One program with two Rust libraries and C++ exceptions: a panic in each becomes what that library makes of it.

#include "avocet.h"

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

extern "C" {
std::size_t neighbour_catches(std::size_t threads);
avocet_status avocet_test_panic(int32_t in_pool, const avocet_pool *pool, avocet_error *error);
}

namespace {
void check(bool condition, const char *what) {
    if (!condition) {
        std::fprintf(stderr, "not so: %s\n", what);
        std::exit(1);
    }
}

std::string thrown(int round) {
    try {
        throw std::runtime_error("round " + std::to_string(round));
    } catch (const std::exception &e) {
        return e.what();
    }
}
}  // namespace

int main() {
    avocet_pool *pool = nullptr;
    check(avocet_pool_create(2, &pool, nullptr) == AVOCET_OK, "a pool");
    for (int round = 0; round < 3; round++) {
        for (int32_t in_pool = 0; in_pool < 2; in_pool++) {
            avocet_error error{};
            check(avocet_test_panic(in_pool, pool, &error) == AVOCET_ERROR_INTERNAL, "the panic's status");
            check(error.status == AVOCET_ERROR_INTERNAL, "the error is filled");
        }
        check(neighbour_catches(3) == 3, "the neighbour's panics");
        check(thrown(round) == "round " + std::to_string(round), "C++ exceptions");
        float x = 0, y = 0;
        check(avocet_map(AVOCET_FUNCTION_EXP, &x, &y, 1, pool, nullptr) == AVOCET_OK && y == 1, "a call");
    }
    avocet_pool_destroy(pool);
    std::puts("both");
    return 0;
}
