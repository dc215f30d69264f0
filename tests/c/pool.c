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

enum { P_ROWS = 3000, P_D = 32, P_QUERIES = 40, P_ROUNDS = 60 };

/* An index in use, and what a search of it finds. */
static struct in_use {
    avocet_index *index;
    avocet_matrix queries;
    avocet_pool *pool;
    uint32_t ids[P_QUERIES * S_K];
} in_use;

static void search(uint32_t *ids) {
    float scores[P_QUERIES * S_K];
    uint32_t counts[P_QUERIES];
    avocet_workspace *workspace;
    /* `error` is shared by all threads: these calls have their own. */
    avocet_error own;
    CHECK(avocet_workspace_create(1 << 22, &workspace, &own) == AVOCET_OK);
    CHECK(avocet_index_search(in_use.index, &in_use.queries, S_K, NULL, ids, scores, counts, NULL, NULL, in_use.pool, workspace,
                              &own) == AVOCET_OK);
    avocet_workspace_destroy(workspace);
}

static void *searcher(void *unused) {
    uint32_t ids[P_QUERIES * S_K];
    for (int round = 0; round < P_ROUNDS; round++) {
        search(ids);
        CHECK(memcmp(ids, in_use.ids, sizeof ids) == 0);
    }
    return unused;
}

/* An index is searched by two threads while a third makes others of it that share its rows, and drops them. */
static void indexes_in_use(void) {
    static const uint32_t some[] = {0, 31, 2047, 2048, 2999};
    float *rows = scene_values(P_ROWS * P_D);
    const avocet_matrix of_rows = matrix(rows, P_ROWS, P_D), others = matrix(rows + 7 * P_D, LENGTH(some), P_D);
    in_use.queries = matrix(rows, P_QUERIES, P_D);
    OK(avocet_pool_create(2, &in_use.pool, &error));
    OK(avocet_index_create(&of_rows, NULL, in_use.pool, &in_use.index, &error));
    search(in_use.ids);
    pthread_t searchers[2];
    for (size_t i = 0; i < LENGTH(searchers); i++) {
        CHECK(pthread_create(&searchers[i], NULL, searcher, NULL) == 0);
    }
    for (int round = 0; round < P_ROUNDS; round++) {
        avocet_index *removed, *replaced, *more;
        OK(avocet_index_remove(in_use.index, some, LENGTH(some), &removed, &error));
        OK(avocet_index_replace(removed, some, &others, NULL, &replaced, &error));
        OK(avocet_index_append(replaced, &others, NULL, NULL, &more, &error));
        avocet_index_destroy(removed);
        avocet_index_destroy(replaced);
        CHECK(avocet_index_live(more) == P_ROWS + LENGTH(some));
        avocet_index_destroy(more);
    }
    for (size_t i = 0; i < LENGTH(searchers); i++) {
        pthread_join(searchers[i], NULL);
    }
    avocet_index_destroy(in_use.index);
    avocet_pool_destroy(in_use.pool);
    free(rows);
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
    indexes_in_use();
    return 0;
}
