/* On the calling thread nothing is allocated; on a pool at most twice a call. */

#include "wrap.h"

#include "scene.h"

int main(void) {
    main_thread = pthread_self();
    struct scene scene = scene_create();
    /* The first round looks at the environment and finds the sizes of the workspace. */
    scene_run(&scene, NULL);
    CHECK(allocations > 0);
    uint64_t wanted = scene_hash(&scene);
    long before = allocations;
    int calls = scene_run(&scene, NULL);
    CHECK(allocations == before && other_allocations == 0);
    CHECK(scene_hash(&scene) == wanted);

    avocet_pool *pool;
    OK(avocet_pool_create(2, &pool, &error));
    scene_run(&scene, pool);
    before = allocations + __atomic_load_n(&other_allocations, __ATOMIC_RELAXED);
    scene_run(&scene, pool);
    long pooled = allocations + __atomic_load_n(&other_allocations, __ATOMIC_RELAXED) - before;
    printf("%ld allocations in %d pooled calls\n", pooled, calls);
    CHECK(pooled <= 2 * calls);
    avocet_pool_destroy(pool);
    scene_destroy(&scene);
    return 0;
}
