/* On the calling thread nothing is allocated; on a pool at most twice a call. */

#include "wrap.h"

#include "scene.h"

/* A model allocates when it is made, and never when it learns or predicts. */
static void sparse_model(struct scene *scene) {
    enum { ENTRIES = 8, N = 1000 };
    static int64_t offsets[N + 1];
    static float labels[N], logits[N];
    for (int64_t i = 0; i < N; i++) {
        offsets[i + 1] = (i + 1) * ENTRIES;
        labels[i] = (float)(i % 2);
    }
    uint32_t *features = scene_ids(N * ENTRIES, 5000);
    const avocet_csr rows = csr(offsets, N, features, 5000);
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    avocet_sparse_model_options options = {0};
    options.struct_size = sizeof options;
    options.features = 5000;
    avocet_sparse_model *model;
    OK(avocet_sparse_model_create(&options, &model, &error));
    for (size_t minibatch = 1; minibatch < N; minibatch *= 10) {
        OK_WITH(scene->workspace, avocet_sparse_model_learn(model, &rows, NULL, NULL, &targets, minibatch, logits,
                                                            scene->workspace, &error));
        const long before = allocations;
        OK(avocet_sparse_model_learn(model, &rows, NULL, NULL, &targets, minibatch, NULL, scene->workspace, &error));
        OK(avocet_sparse_model_predict(model, &rows, NULL, NULL, logits, NULL, &error));
        CHECK(allocations == before);
    }
    avocet_sparse_model_destroy(model);
    free(features);
}

/* Passes over dense, sparse and prepared rows. */
static void batches(struct scene *scene) {
    enum { N = 3000, ENTRIES = 8, D = 100 };
    static int64_t offsets[N + 1];
    static float labels[N], margins[N], weights[D], vectors[3][D];
    for (int64_t i = 0; i < N; i++) {
        offsets[i + 1] = (i + 1) * ENTRIES;
        labels[i] = (float)(i % 2);
    }
    uint32_t *features = scene_ids(N * ENTRIES, D / 2);
    const avocet_csr view = csr(offsets, N, features, D);
    const avocet_matrix x = matrix(scene->many, N, D);
    avocet_sparse_rows *prepared;
    OK(avocet_sparse_rows_create(&view, scene->values, &prepared, &error));
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    avocet_logistic_out out = {0};
    out.struct_size = sizeof out;
    out.margins = margins;
    out.gradient = vectors[0];
    out.curvature = vectors[1];
    out.product = vectors[2];
    out.along = scene->other;
    avocet_logistic_sums sums;
    for (int kind = 0; kind < 4; kind++) {
        avocet_logistic_rows rows = {0};
        rows.struct_size = sizeof rows;
        rows.x = kind == 0 ? &x : NULL;
        rows.csr = kind == 1 ? &view : NULL;
        rows.values = kind == 1 ? scene->values : NULL;
        rows.prepared = kind > 1 ? prepared : NULL;
        rows.compact = kind == 3;
        rows.weights = weights;
        OK_WITH(scene->workspace, avocet_logistic_batch(&rows, &targets, &out, &sums, NULL, scene->workspace, &error));
        const long before = allocations;
        OK(avocet_logistic_batch(&rows, &targets, &out, &sums, NULL, scene->workspace, &error));
        CHECK(allocations == before);
    }
    avocet_sparse_rows_destroy(prepared);
    free(features);
}

/* The product form, and cutting and merging. */
static void product_and_parts(struct scene *scene) {
    enum { N = 3000, D = 100 };
    static float logits[2][N], labels[N], losses[N], gradients[2][N], vectors[2 * D], vector[D];
    size_t sizes[AVOCET_LOGISTIC_MAX_PARTS], count;
    avocet_logistic_targets targets = {0};
    targets.struct_size = sizeof targets;
    targets.labels = labels;
    double sum;
    OK_WITH(scene->workspace, avocet_logistic_product(logits[0], logits[1], &targets, losses, gradients[0], gradients[1],
                                                      &sum, N, NULL, scene->workspace, &error));
    const long before = allocations;
    OK(avocet_logistic_product(logits[0], logits[1], &targets, losses, gradients[0], gradients[1], &sum, N, NULL,
                               scene->workspace, &error));
    OK(avocet_logistic_parts(0, N, sizes, AVOCET_LOGISTIC_MAX_PARTS, &count, &error));
    CHECK(count == 2);
    const avocet_logistic_sums sums[2] = {{0}};
    const avocet_calibration_result parts[2] = {{0}};
    avocet_logistic_sums total;
    avocet_calibration_result calibration;
    const avocet_matrix of_parts = matrix(vectors, 2, D);
    OK(avocet_logistic_merge(sizes, sums, &of_parts, 2, &total, vector, &error));
    OK(avocet_calibration_merge(sizes, parts, 2, &calibration, &error));
    CHECK(allocations == before);
}

/* Buckets, searches without lists, decisions and uncertainty. */
static void thresholds(struct scene *scene) {
    enum { N = 5000, LEVELS = 4, BINS = 25 };
    static uint8_t labels[N], flags[N];
    static uint32_t places[N];
    static uint64_t bits[N / 64 + 1], frontier[LEVELS * BINS + 1], equal[LEVELS * BINS], rest[LEVELS * BINS], weight;
    static float uncertainties[N], a[N], b[N], means[N], limits[LEVELS], values[LEVELS * BINS];
    for (size_t i = 0; i < N; i++) {
        labels[i] = i % 3 == 0;
        uncertainties[i] = (float)(i % 100) / 100;
        a[i] = b[i] = 1 + uncertainties[i];
    }
    for (size_t i = 0; i < LEVELS * BINS; i++) {
        equal[i] = i % 7;
        rest[i] = 10 - equal[i];
    }
    avocet_grid_options options = {0};
    options.struct_size = sizeof options;
    options.levels = LEVELS;
    options.bins = BINS;
    options.level_kind = options.score_kind = AVOCET_EDGES_UNIFORM;
    options.level_high = 1;
    options.score_low = -1;
    options.score_high = 1;
    avocet_grid *grid;
    avocet_buckets *buckets, *other;
    OK(avocet_grid_create(&options, NULL, &grid, &error));
    OK(avocet_buckets_create(grid, 1, &buckets, &error));
    OK(avocet_buckets_create(grid, 1, &other, &error));
    avocet_threshold_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.rows = N;
    rows.scores = scene->values;
    rows.uncertainties = uncertainties;
    rows.labels = labels;
    rows.label_type = AVOCET_U8;
    avocet_cells of_buckets = {0}, cells = {0};
    of_buckets.struct_size = cells.struct_size = sizeof cells;
    of_buckets.buckets = buckets;
    cells.levels = LEVELS;
    cells.bins = BINS;
    cells.positive = equal;
    cells.negative = rest;
    avocet_objective objective = {0};
    objective.struct_size = sizeof objective;
    objective.numerator = 1;
    objective.denominator = 5;
    avocet_search_options search = {0};
    search.struct_size = sizeof search;
    avocet_solution solution;
    uint32_t found[LEVELS];
    const avocet_matrix ensemble = matrix(scene->values, N / 5, 5);
    long before = 0;
    for (int round = 0; round < 2; round++) {
        before = allocations;
        OK_WITH(scene->workspace, avocet_buckets_add(buckets, &rows, NULL, scene->workspace, &error));
        OK(avocet_buckets_merge(other, buckets, &error));
        OK(avocet_buckets_subtract(other, buckets, &error));
        avocet_buckets_clear(other);
        for (search.method = AVOCET_SEARCH_SINGLE; search.method <= AVOCET_SEARCH_DP; search.method++) {
            OK_WITH(scene->workspace,
                    avocet_threshold_search(search.method == AVOCET_SEARCH_DP ? &cells : &of_buckets, &objective, &search, found,
                                            &solution, scene->workspace, &error));
        }
        OK_WITH(scene->workspace,
                avocet_threshold_frontier(&cells, frontier, LENGTH(frontier), &weight, scene->workspace, &error));
        OK_WITH(scene->workspace, avocet_threshold_isotonic(&cells, values, LEVELS * BINS, scene->workspace, &error));
        OK(avocet_grid_thresholds(grid, found, limits, &error));
        OK(avocet_threshold_decide(grid, limits, scene->values, uncertainties, N, flags, NULL, &error));
        OK(avocet_threshold_decide_bits(grid, limits, scene->values, uncertainties, N, bits, NULL, &error));
        OK(avocet_threshold_calibrate(grid, values, scene->values, uncertainties, N, means, NULL, &error));
        OK(avocet_threshold_cells(grid, scene->values, uncertainties, N, places, NULL, &error));
        OK(avocet_uncertainty_moments(&ensemble, 1, means, NULL, NULL, &error));
        OK(avocet_uncertainty_beta(a, b, N, means, NULL, NULL, &error));
        OK(avocet_uncertainty_entropy(uncertainties, N, means, NULL, &error));
    }
    CHECK(allocations == before);
    avocet_buckets_destroy(buckets);
    avocet_buckets_destroy(other);
    avocet_grid_destroy(grid);
}

/* Packed indexes allocate when they are made, and never when they are searched. */
static void packed_indexes(struct scene *scene) {
    enum { N = S_COLS, Q = S_QUERIES, K = S_K };
    static uint32_t ids[Q * K], counts[4][Q], ranks[2][5 * Q];
    static uint64_t own[2][Q * K];
    static float scores[Q * K], given_scores[S_K * Q];
    static int8_t bytes[Q * S_D];
    static float scales[Q];
    const avocet_matrix rows = matrix(scene->cols, N, S_D), reals = matrix(scene->rows, Q, S_D);
    avocet_matrix of_bytes = reals;
    avocet_matrix_mut to = matrix_mut(NULL, Q, S_D);
    of_bytes.data = to.data = bytes;
    of_bytes.element_type = to.element_type = AVOCET_I8;
    OK(avocet_quantize_rows(&reals, &to, scales, NULL, &error));
    for (int32_t storage = AVOCET_INDEX_F32; storage <= AVOCET_INDEX_CERTIFIED; storage++) {
        const int of_int8 = storage == AVOCET_INDEX_INT8 || storage == AVOCET_INDEX_INT8_PANELS;
        const avocet_matrix *queries = of_int8 ? &of_bytes : &reals;
        avocet_index_options options = {0};
        options.struct_size = sizeof options;
        options.storage = storage;
        options.skip_not_finite = 1;
        avocet_index *index;
        OK(avocet_index_create(&rows, &options, NULL, &index, &error));
        avocet_index_search_options search = {0};
        search.struct_size = sizeof search;
        search.query_scales = of_int8 ? scales : NULL;
        avocet_shard shard = {0};
        shard.struct_size = sizeof shard;
        shard.k = K;
        shard.ids = own[0];
        shard.scores = scores;
        shard.counts = counts[0];
        long before = 0;
        for (int round = 0; round < 2; round++) {
            before = allocations;
            for (int kind = 0; kind < 3; kind++) {
                search.exclude = kind == 1 ? scene->exclude : NULL;
                search.allow = kind == 2 ? scene->exclude : NULL;
                OK_WITH(scene->workspace,
                        avocet_index_search(index, queries, K, &search, ids, scores, counts[0], counts[1], counts[2], NULL,
                                            scene->workspace, &error));
            }
            OK_WITH(scene->workspace, avocet_index_scores(index, queries, search.query_scales, scene->given, given_scores, NULL,
                                                          scene->workspace, &error));
            OK_WITH(scene->workspace,
                    avocet_index_rank_counts(index, queries, search.query_scales, scene->given, scene->exclude, ranks[0],
                                             ranks[1], NULL, scene->workspace, &error));
            OK(avocet_index_ids(index, ids, Q * K, own[0], &error));
            OK(avocet_merge_lists(&shard, 1, Q, K, own[1], given_scores, counts[3], &error));
        }
        CHECK(allocations == before);
        avocet_index_destroy(index);
    }
}

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

    sparse_model(&scene);
    batches(&scene);
    product_and_parts(&scene);
    thresholds(&scene);
    packed_indexes(&scene);

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
