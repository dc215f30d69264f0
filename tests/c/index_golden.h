/* The golden vectors of packed indexes; a part of golden.c. */

enum { INDEX_N = 2500, INDEX_Q = 20, INDEX_D = 33, INDEX_K = 10, INDEX_GIVEN = 5 * INDEX_Q, INDEX_MORE = 100 };

struct found_lists {
    float scores[INDEX_Q * INDEX_K];
    uint32_t ids[INDEX_Q * INDEX_K], counts[INDEX_Q];
};

static void search_index(const avocet_index *index, const avocet_matrix *queries, const avocet_index_search_options *options,
                         struct found_lists *found, avocet_workspace *workspace) {
    OK_WITH(workspace, avocet_index_search(index, queries, INDEX_K, options, found->ids, found->scores, found->counts, NULL,
                                           NULL, pool, workspace, &error));
}

/* Rows that a draw takes, in ascending order. */
static avocet_graph *drawn_rows(uint32_t one_in) {
    static uint32_t columns[INDEX_Q * INDEX_N];
    static int64_t offsets[INDEX_Q + 1];
    size_t edges = 0;
    for (size_t i = 0; i < INDEX_Q; i++) {
        for (uint32_t j = 0; j < INDEX_N; j++) {
            if (below(one_in) == 0) {
                columns[edges++] = j;
            }
        }
        offsets[i + 1] = (int64_t)edges;
    }
    const avocet_csr view = csr(offsets, INDEX_Q, columns, INDEX_N);
    avocet_graph *graph;
    OK(avocet_graph_create(&view, &graph, &error));
    return graph;
}

static void add_saved(const avocet_index *index) {
    const size_t size = avocet_index_saved_bytes(index);
    uint8_t *bytes = allocate(size, 1);
    OK(avocet_index_save(index, bytes, size, &error));
    for (size_t i = 0; i < size; i += 4) {
        const uint32_t word =
            bytes[i] | (uint32_t)bytes[i + 1] << 8 | (uint32_t)bytes[i + 2] << 16 | (uint32_t)bytes[i + 3] << 24;
        add_integers(&word, 1);
    }
    free(bytes);
}

static void index_searches(void) {
    static const char *const names[] = {"index_f32",  "index_bf16",        "index_f16",
                                        "index_int8", "index_int8_panels", "index_certified"};
    static uint32_t given_rows[INDEX_GIVEN], better[INDEX_GIVEN], equal[INDEX_GIVEN];
    static int64_t offsets[INDEX_Q + 1];
    static float own[INDEX_GIVEN];
    static struct found_lists first, second;
    seed(36);
    float *x = values(INDEX_N * INDEX_D), *reals = values(INDEX_Q * INDEX_D);
    const avocet_matrix rows = matrix(x, INDEX_N, INDEX_D), of_reals = matrix(reals, INDEX_Q, INDEX_D);
    struct narrow queries = narrow(reals, INDEX_Q, INDEX_D);
    quantize(&queries, reals);
    avocet_graph *exclude = drawn_rows(20), *allow = drawn_rows(3), *given;
    for (size_t i = 0; i < INDEX_GIVEN; i++) {
        given_rows[i] = below(INDEX_N);
        offsets[i / 5 + 1] = (int64_t)i + 1;
    }
    const avocet_csr view = csr(offsets, INDEX_Q, given_rows, INDEX_N);
    OK(avocet_graph_create(&view, &given, &error));
    avocet_workspace *workspace;
    OK(avocet_workspace_create(0, &workspace, &error));
    for (int32_t storage = AVOCET_INDEX_F32; storage <= AVOCET_INDEX_CERTIFIED; storage++) {
        avocet_index_options options = {0};
        options.struct_size = sizeof options;
        options.storage = storage;
        avocet_index *index;
        OK(avocet_index_create(&rows, &options, pool, &index, &error));
        const int bytes = storage == AVOCET_INDEX_INT8 || storage == AVOCET_INDEX_INT8_PANELS;
        const avocet_matrix *q = bytes ? &queries.of_bytes : storage == AVOCET_INDEX_BF16 ? &queries.of_brains : &of_reals;
        const float *scales = bytes ? queries.scales : NULL;
        avocet_index_search_options search = {0};
        search.struct_size = sizeof search;
        search.query_scales = scales;
        search.exclude = exclude;
        search_index(index, q, &search, &first, workspace);
        search.exclude = NULL;
        search.allow = allow;
        search.has_least = 1;
        search.least = 3;
        search_index(index, q, &search, &second, workspace);
        OK_WITH(workspace, avocet_index_scores(index, q, scales, given, own, pool, workspace, &error));
        OK_WITH(workspace,
                avocet_index_rank_counts(index, q, scales, given, exclude, better, equal, pool, workspace, &error));
        add_floats(first.scores, LENGTH(first.scores));
        add_floats(second.scores, LENGTH(second.scores));
        add_floats(own, INDEX_GIVEN);
        add_integers(first.ids, LENGTH(first.ids));
        add_integers(first.counts, INDEX_Q);
        add_integers(second.ids, LENGTH(second.ids));
        add_integers(second.counts, INDEX_Q);
        add_integers(better, INDEX_GIVEN);
        add_integers(equal, INDEX_GIVEN);
        add_saved(index);
        check(names[storage]);
        avocet_index_destroy(index);
    }
    avocet_workspace_destroy(workspace);
    avocet_graph_destroy(exclude);
    avocet_graph_destroy(allow);
    avocet_graph_destroy(given);
    free_narrow(&queries);
    free(x);
    free(reals);
}

static void index_changes(void) {
    static uint64_t own[INDEX_N + INDEX_MORE], ids[2][INDEX_Q * INDEX_K], merged_ids[INDEX_Q * INDEX_K];
    static struct found_lists found[2], merged;
    seed(37);
    float *x = values(INDEX_N * INDEX_D), *more = values(INDEX_MORE * INDEX_D), *queries = values(INDEX_Q * INDEX_D);
    const avocet_matrix rows = matrix(x, INDEX_N, INDEX_D), behind = matrix(more, INDEX_MORE, INDEX_D),
                        others = matrix(more, 3, INDEX_D), of_queries = matrix(queries, INDEX_Q, INDEX_D);
    for (size_t i = 0; i < LENGTH(own); i++) {
        own[i] = (uint64_t)i << 31;
    }
    const uint32_t replaced[] = {5, 700, 2100}, removed[] = {6, 2550};
    const int32_t storages[] = {AVOCET_INDEX_INT8, AVOCET_INDEX_CERTIFIED};
    avocet_index_options options = {0};
    options.struct_size = sizeof options;
    uint32_t live[2];
    for (size_t i = 0; i < 2; i++) {
        avocet_index *steps[4];
        options.storage = storages[i];
        options.ids = own;
        OK(avocet_index_create(&rows, &options, pool, &steps[0], &error));
        options.ids = own + INDEX_N;
        OK(avocet_index_append(steps[0], &behind, &options, pool, &steps[1], &error));
        OK(avocet_index_replace(steps[1], replaced, &others, NULL, &steps[2], &error));
        OK(avocet_index_remove(steps[2], removed, LENGTH(removed), &steps[3], &error));
        for (size_t step = 0; step < 3; step++) {
            avocet_index_destroy(steps[step]);
        }
        add_saved(steps[3]);
        live[i] = (uint32_t)avocet_index_live(steps[3]);
        avocet_index_destroy(steps[3]);
    }
    add_integers(live, 2);
    check("index_edited");

    avocet_shard shards[2];
    avocet_workspace *workspace;
    OK(avocet_workspace_create(0, &workspace, &error));
    options.storage = AVOCET_INDEX_F32;
    for (size_t i = 0; i < 2; i++) {
        const size_t start = i * 1200, end = i == 0 ? 1200 : INDEX_N;
        const avocet_matrix part = matrix(x + start * INDEX_D, end - start, INDEX_D);
        avocet_index *index;
        options.ids = own + start;
        OK(avocet_index_create(&part, &options, pool, &index, &error));
        search_index(index, &of_queries, NULL, &found[i], workspace);
        OK(avocet_index_ids(index, found[i].ids, INDEX_Q * INDEX_K, ids[i], &error));
        avocet_index_destroy(index);
        memset(&shards[i], 0, sizeof shards[i]);
        shards[i].struct_size = sizeof shards[i];
        shards[i].k = INDEX_K;
        shards[i].ids = ids[i];
        shards[i].scores = found[i].scores;
        shards[i].counts = found[i].counts;
    }
    OK(avocet_merge_lists(shards, 2, INDEX_Q, INDEX_K, merged_ids, merged.scores, merged.counts, &error));
    add_floats(merged.scores, LENGTH(merged.scores));
    for (size_t i = 0; i < LENGTH(merged_ids); i++) {
        const uint32_t halves[] = {(uint32_t)merged_ids[i], (uint32_t)(merged_ids[i] >> 32)};
        add_integers(halves, 2);
    }
    add_integers(merged.counts, INDEX_Q);
    check("merged_lists");
    avocet_workspace_destroy(workspace);
    free(x);
    free(more);
    free(queries);
}
