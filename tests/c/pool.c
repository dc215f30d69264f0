/* Results do not depend on the pool; a pool is shared by callers; its threads end with it. */

#include "scene.h"

#include <dirent.h>
#include <pthread.h>

static int threads_of_process(void) {
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(tasks);
    return count;
}

static uint64_t wanted;

/* Another caller of the same pool. */
static void *caller(void *pool) {
    struct scene *scene = malloc(sizeof *scene);
    CHECK(scene != NULL);
    static pthread_mutex_t creation = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&creation);
    *scene = scene_create();
    pthread_mutex_unlock(&creation);
    scene_run(scene, pool);
    CHECK(scene_hash(scene) == wanted);
    scene_destroy(scene);
    free(scene);
    return NULL;
}

int main(void) {
    struct scene scene = scene_create();
    scene_run(&scene, NULL);
    wanted = scene_hash(&scene);
    CHECK(threads_of_process() == 1);
    for (size_t threads = 1; threads <= 5; threads += 2) {
        avocet_pool *pool;
        OK(avocet_pool_create(threads, &pool, &error));
        CHECK(threads_of_process() == 1 + (int)threads);
        scene_run(&scene, pool);
        CHECK(scene_hash(&scene) == wanted);
        avocet_pool_destroy(pool);
        CHECK(threads_of_process() == 1);
    }
    scene_destroy(&scene);

    avocet_pool *pool;
    pthread_t callers[2];
    OK(avocet_pool_create(2, &pool, &error));
    for (size_t i = 0; i < LENGTH(callers); i++) {
        CHECK(pthread_create(&callers[i], NULL, caller, pool) == 0);
    }
    for (size_t i = 0; i < LENGTH(callers); i++) {
        pthread_join(callers[i], NULL);
    }
    avocet_pool_destroy(pool);
    return 0;
}
