/* Statuses, the text of errors, version, tiers, the floating-point environment. */

#include "test.h"

#include <fenv.h>
#include <math.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

static void statuses(void) {
    static const struct {
        avocet_status status;
        const char *name;
    } known[] = {
#define STATUS(name) {name, #name}
        STATUS(AVOCET_OK),
        STATUS(AVOCET_ERROR_NULL_POINTER),
        STATUS(AVOCET_ERROR_INVALID_ARGUMENT),
        STATUS(AVOCET_ERROR_SHAPE_MISMATCH),
        STATUS(AVOCET_ERROR_SIZE_OVERFLOW),
        STATUS(AVOCET_ERROR_INDEX_OUT_OF_RANGE),
        STATUS(AVOCET_ERROR_INVALID_OFFSETS),
        STATUS(AVOCET_ERROR_NOT_SORTED),
        STATUS(AVOCET_ERROR_NOT_FINITE),
        STATUS(AVOCET_ERROR_OVERLAP),
        STATUS(AVOCET_ERROR_WORKSPACE_TOO_SMALL),
        STATUS(AVOCET_ERROR_OUT_OF_MEMORY),
        STATUS(AVOCET_ERROR_THREADS_UNAVAILABLE),
        STATUS(AVOCET_ERROR_STRUCT_SIZE),
        STATUS(AVOCET_ERROR_INCOMPATIBLE_LIBRARY),
        STATUS(AVOCET_ERROR_INFEASIBLE),
        STATUS(AVOCET_ERROR_WORK_LIMIT),
        STATUS(AVOCET_ERROR_INTERNAL),
    };
    size_t found = 0;
    for (avocet_status status = -200; status <= 200; status++) {
        size_t at = 0;
        while (at < LENGTH(known) && known[at].status != status) {
            at++;
        }
        const char *name = at < LENGTH(known) ? known[at].name : "unknown";
        CHECK(strcmp(avocet_status_name(status), name) == 0);
        CHECK((strcmp(avocet_status_message(status), "unknown status") == 0) == (at == LENGTH(known)));
        found += at < LENGTH(known);
    }
    CHECK(found == LENGTH(known));
    /* Never renumbered. */
    CHECK(AVOCET_OK == 0 && AVOCET_ERROR_NULL_POINTER == 1 && AVOCET_ERROR_INVALID_ARGUMENT == 2);
    CHECK(AVOCET_ERROR_SHAPE_MISMATCH == 3 && AVOCET_ERROR_SIZE_OVERFLOW == 4);
    CHECK(AVOCET_ERROR_INDEX_OUT_OF_RANGE == 5 && AVOCET_ERROR_INVALID_OFFSETS == 6);
    CHECK(AVOCET_ERROR_NOT_SORTED == 7 && AVOCET_ERROR_NOT_FINITE == 8 && AVOCET_ERROR_OVERLAP == 9);
    CHECK(AVOCET_ERROR_WORKSPACE_TOO_SMALL == 10 && AVOCET_ERROR_OUT_OF_MEMORY == 11);
    CHECK(AVOCET_ERROR_THREADS_UNAVAILABLE == 12 && AVOCET_ERROR_STRUCT_SIZE == 13);
    CHECK(AVOCET_ERROR_INCOMPATIBLE_LIBRARY == 14 && AVOCET_ERROR_INFEASIBLE == 15 && AVOCET_ERROR_WORK_LIMIT == 16 &&
          AVOCET_ERROR_INTERNAL == 99);
}

static void is_text(const avocet_error *of, const char *wanted) {
    char text[200];
    size_t length = strlen(wanted);
    for (size_t capacity = 0; capacity <= length + 2; capacity++) {
        memset(text, '#', sizeof text);
        CHECK(avocet_error_format(of, text, capacity) == length);
        size_t written = capacity == 0 ? 0 : capacity <= length ? capacity - 1 : length;
        CHECK(memcmp(text, wanted, written) == 0);
        CHECK(capacity == 0 || text[written] == 0);
        CHECK(text[capacity == 0 ? 0 : written + 1] == '#');
    }
    CHECK(avocet_error_format(of, NULL, 0) == length);
    CHECK(avocet_error_format(of, NULL, 10) == length);
}

static void texts(void) {
    const int64_t offsets[] = {0, 2};
    const uint32_t columns[] = {1, 12};
    avocet_csr view = csr(offsets, 1, columns, 12);
    avocet_graph *graph = NULL;
    CHECK(avocet_graph_create(&view, &graph, &error) == AVOCET_ERROR_INDEX_OUT_OF_RANGE && graph == NULL);
    is_text(&error, "index out of range: argument 1 (csr.indices), position 1, value 12");
    CHECK(avocet_pool_create(0, NULL, &error) == AVOCET_ERROR_NULL_POINTER);
    is_text(&error, "null pointer: argument 2 (out)");
    float p = 0, m = 0, v = 0;
    CHECK(avocet_adam(1, 0, NULL, &p, &p, &m, &v, 0, NULL, &error) == AVOCET_ERROR_INVALID_ARGUMENT);
    is_text(&error, "invalid argument: argument 2 (step), value 0");
    CHECK(avocet_adam(INFINITY, 1, NULL, &p, &p, &m, &v, 0, NULL, &error) == AVOCET_ERROR_NOT_FINITE);
    is_text(&error, "not finite: argument 1 (rate), position 0, value inf");
    const avocet_matrix none = matrix(NULL, 0, 1);
    const avocet_matrix_mut table = matrix_mut(&p, 1, 1), squares = matrix_mut(&v, 1, 1);
    const avocet_indices rows = indices(NULL, 0, AVOCET_U32);
    CHECK(avocet_adagrad_rows(1, -0.5f, &rows, &none, &table, &squares, NULL, &error) == AVOCET_ERROR_INVALID_ARGUMENT);
    is_text(&error, "invalid argument: argument 2 (epsilon), value -0.5");
    is_text(NULL, "");
    memset(&error, 0, sizeof error);
    is_text(&error, "ok");
    error.status = 1234;
    error.position = 5;
    is_text(&error, "unknown status, position 5");
}

static void versions(void) {
    char version[40];
    sprintf(version, "%d.%d.%d", AVOCET_VERSION_MAJOR, AVOCET_VERSION_MINOR, AVOCET_VERSION_PATCH);
    CHECK(strcmp(avocet_version(), version) == 0);
    CHECK(AVOCET_VERSION_NUMBER == AVOCET_VERSION_MAJOR * 1000000 + AVOCET_VERSION_MINOR * 1000 + AVOCET_VERSION_PATCH);
    CHECK(avocet_version_number() == AVOCET_VERSION_NUMBER);
    CHECK(avocet_abi_version() == AVOCET_ABI_VERSION);
}

static void tiers(void) {
    const char *names[] = {"portable", "avx2", "avx512"};
    CHECK(AVOCET_ISA_PORTABLE == 0 && AVOCET_ISA_AVX2 == 1 && AVOCET_ISA_AVX512 == 2);
    for (int32_t isa = 0; isa < 3; isa++) {
        CHECK(strcmp(avocet_isa_name(isa), names[isa]) == 0);
    }
    CHECK(strcmp(avocet_isa_name(-1), "unknown") == 0 && strcmp(avocet_isa_name(3), "unknown") == 0);
    int32_t free = avocet_isa_active();
    CHECK(free >= 0 && free <= avocet_isa_detected());
    for (int32_t cap = 0; cap < 3; cap++) {
        int32_t wanted = cap < free ? cap : free;
        CHECK(avocet_isa_cap(cap) == wanted && avocet_isa_active() == wanted);
        CHECK(avocet_isa_cap(77) == wanted && avocet_isa_active() == wanted);
    }
    avocet_isa_cap(0);
    CHECK(avocet_isa_cap(-1) == free && avocet_isa_active() == free);
}

static void environment(void) {
    CHECK(avocet_float_environment_is_default() == 1);
    int directions[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (size_t i = 0; i < LENGTH(directions); i++) {
        CHECK(fesetround(directions[i]) == 0);
        CHECK(avocet_float_environment_is_default() == 0);
    }
    CHECK(fesetround(FE_TONEAREST) == 0);
    CHECK(feraiseexcept(FE_INEXACT | FE_UNDERFLOW) == 0);
    CHECK(avocet_float_environment_is_default() == 1);
#if defined(__x86_64__)
    unsigned before = _mm_getcsr(), bits[] = {0x8000, 0x0040, 0x0080};
    for (size_t i = 0; i < LENGTH(bits); i++) {
        _mm_setcsr(before ^ bits[i]);
        CHECK(avocet_float_environment_is_default() == 0);
        CHECK(_mm_getcsr() == (before ^ bits[i]));
    }
    _mm_setcsr(before);
#endif
    CHECK(avocet_float_environment_is_default() == 1);
}

int main(void) {
    statuses();
    texts();
    versions();
    tiers();
    environment();
    return 0;
}
