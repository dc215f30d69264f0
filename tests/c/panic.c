/* A panic inside the library: a status, no output, and everything goes on. */

#include "test.h"

#include <math.h>

avocet_status avocet_test_panic(int32_t in_pool, const avocet_pool *pool, avocet_error *error);

int main(void) {
    avocet_pool *pool;
    OK(avocet_pool_create(2, &pool, &error));
    for (int round = 0; round < 3; round++) {
        for (int32_t in_pool = 0; in_pool < 2; in_pool++) {
            memset(&error, 0xa5, sizeof error);
            CHECK(avocet_test_panic(in_pool, pool, &error) == AVOCET_ERROR_INTERNAL);
            CHECK(error.status == AVOCET_ERROR_INTERNAL && error.argument == 0 && error.name[0] == 0);
            CHECK(error.value == AVOCET_VALUE_NONE && error.position == 0);
            CHECK(avocet_test_panic(in_pool, pool, NULL) == AVOCET_ERROR_INTERNAL);
        }
        float x = 0, y = 0;
        OK(avocet_map(AVOCET_FUNCTION_EXP, &x, &y, 1, pool, &error));
        CHECK(y == 1);
    }
    avocet_pool_destroy(pool);
    return 0;
}
