/* Packed indexes against plain loops and against the exact search; a part of results.c. */

enum { I_K = 4 };

/* Columns of a row of `graph`, those that occur twice counted once. */
static size_t distinct(size_t row) {
    size_t count = 0;
    for (int64_t e = offsets[row]; e < offsets[row + 1]; e++) {
        count += e == offsets[row] || columns[e] != columns[e - 1];
    }
    return count;
}

static void check_found(const avocet_index *index, const avocet_matrix *queries, const float *scales, double near) {
    uint32_t ids[ROWS * COLS], counts[ROWS], nans[ROWS], survivors[ROWS], better[EDGES], equal[EDGES], rows[COLS];
    float scores[ROWS * COLS], own[EDGES];
    avocet_index_search_options options = {0};
    options.struct_size = sizeof options;
    options.exclude = graph;
    options.query_scales = scales;
    OK_WITH(workspace, avocet_index_search(index, queries, COLS, &options, ids, scores, counts, nans, survivors, NULL,
                                           workspace, &error));
    for (size_t i = 0; i < ROWS; i++) {
        CHECK(counts[i] == COLS - distinct(i) && nans[i] == 0);
        for (size_t j = 0; j < COLS; j++) {
            const uint32_t id = ids[i * COLS + j];
            CHECK((id == AVOCET_NO_ID) == (j >= counts[i]));
            if (id != AVOCET_NO_ID) {
                CHECK(fabs(scores[i * COLS + j] - dot(rows_data + i * D, cols_data + id * D)) <= near);
                CHECK(j == 0 || scores[i * COLS + j] <= scores[i * COLS + j - 1]);
            }
        }
    }
    options.exclude = NULL;
    options.allow = graph;
    OK_WITH(workspace, avocet_index_search(index, queries, COLS, &options, ids, scores, counts, nans, survivors, NULL,
                                           workspace, &error));
    OK_WITH(workspace, avocet_index_scores(index, queries, scales, graph, own, NULL, workspace, &error));
    OK_WITH(workspace, avocet_index_rank_counts(index, queries, scales, graph, NULL, better, equal, NULL, workspace, &error));
    for (size_t i = 0; i < ROWS; i++) {
        CHECK(counts[i] == distinct(i));
        for (size_t j = 0; j < counts[i]; j++) {
            size_t edge = (size_t)offsets[i];
            while (columns[edge] != ids[i * COLS + j]) {
                edge++;
            }
            CHECK(scores[i * COLS + j] == own[edge]);
        }
    }
    /* The least score that is found is one that there is. */
    options.allow = NULL;
    options.has_least = 1;
    options.least = own[0];
    OK_WITH(workspace, avocet_index_search(index, queries, COLS, &options, ids, scores, counts, NULL, NULL, NULL, workspace,
                                           &error));
    CHECK(counts[0] == better[0] + equal[0] + 1 && ids[better[0]] == columns[0]);
    for (size_t j = 0; j < COLS; j++) {
        rows[j] = (uint32_t)j;
    }
    uint64_t named[COLS];
    OK(avocet_index_ids(index, rows, COLS, named, &error));
    CHECK(named[COLS - 1] == (avocet_index_has_ids(index) ? 1006 : 6));
}

static void packed_indexes(void) {
    static const uint64_t own[COLS] = {1000, 1001, 1002, 1003, 1004, 1005, 1006};
    int8_t bytes[ROWS * D];
    float scales[ROWS], exact_scores[ROWS * I_K], scores[ROWS * I_K];
    uint16_t brains[ROWS * D];
    uint32_t exact_ids[ROWS * I_K], ids[ROWS * I_K], counts[ROWS], exact_counts[ROWS];
    avocet_matrix_mut to = matrix_mut(NULL, ROWS, D);
    avocet_matrix of_bytes = matrix(NULL, ROWS, D), of_brains = matrix(NULL, ROWS, D);
    to.data = bytes;
    to.element_type = of_bytes.element_type = AVOCET_I8;
    of_bytes.data = bytes;
    OK(avocet_quantize_rows(&of_rows, &to, scales, NULL, &error));
    to.data = brains;
    to.element_type = of_brains.element_type = AVOCET_BF16;
    of_brains.data = brains;
    OK(avocet_convert(&of_rows, &to, NULL, &error));
    OK_WITH(workspace, avocet_top_k(&of_rows, &of_cols, NULL, I_K, exact_ids, exact_scores, exact_counts, NULL, NULL,
                                    workspace, &error));
    for (int32_t storage = AVOCET_INDEX_F32; storage <= AVOCET_INDEX_CERTIFIED; storage++) {
        avocet_index_options options = {0};
        options.struct_size = sizeof options;
        options.storage = storage;
        options.ids = storage % 2 == 0 ? own : NULL;
        avocet_index *index, *loaded, *mapped, *replaced, *removed, *more;
        OK(avocet_index_create(&of_cols, &options, NULL, &index, &error));
        CHECK(avocet_index_rows(index) == COLS && avocet_index_cols(index) == D && avocet_index_live(index) == COLS);
        CHECK(avocet_index_storage(index) == storage && avocet_index_has_ids(index) == (options.ids != NULL));
        CHECK(avocet_index_memory(index) >= 32 * D);
        const int of_int8 = storage == AVOCET_INDEX_INT8 || storage == AVOCET_INDEX_INT8_PANELS;
        const avocet_matrix *queries = of_int8 ? &of_bytes : &of_rows;
        const float *query_scales = of_int8 ? scales : NULL;
        const double near = of_int8 ? .2 : storage == AVOCET_INDEX_BF16 ? .1 : storage == AVOCET_INDEX_F16 ? .02 : 1e-5;
        check_found(index, queries, query_scales, near);
        if (storage == AVOCET_INDEX_BF16) {
            check_found(index, &of_brains, NULL, near);
        }
        if (storage == AVOCET_INDEX_F32 || storage == AVOCET_INDEX_CERTIFIED) {
            OK_WITH(workspace, avocet_index_search(index, queries, I_K, NULL, ids, scores, counts, NULL, NULL, NULL,
                                                   workspace, &error));
            CHECK(memcmp(ids, exact_ids, sizeof ids) == 0 && memcmp(scores, exact_scores, sizeof scores) == 0);
            CHECK(memcmp(counts, exact_counts, sizeof counts) == 0);
        }
        const size_t size = avocet_index_saved_bytes(index);
        uint8_t *saved = malloc(size);
        CHECK(saved != NULL);
        OK(avocet_index_save(index, saved, size, &error));
        OK(avocet_index_load(saved, size, &loaded, &error));
        OK(avocet_index_map(saved, size, &mapped, &error));
        avocet_index_destroy(index);
        check_found(loaded, queries, query_scales, near);
        check_found(mapped, queries, query_scales, near);
        /* Rows that go and come back. */
        const uint32_t three[] = {1, 2, 6};
        const avocet_matrix first = matrix(cols_data + D, 2, D);
        OK(avocet_index_remove(mapped, three, 3, &removed, &error));
        CHECK(avocet_index_live(removed) == COLS - 3);
        if (storage == AVOCET_INDEX_INT8_PANELS) {
            CHECK(avocet_index_replace(removed, three, &first, NULL, &replaced, &error) == AVOCET_ERROR_INVALID_ARGUMENT);
            CHECK(avocet_index_append(removed, &first, NULL, NULL, &more, &error) == AVOCET_ERROR_INVALID_ARGUMENT);
        } else {
            OK(avocet_index_replace(removed, three, &first, NULL, &replaced, &error));
            CHECK(avocet_index_live(replaced) == COLS - 1);
            OK(avocet_index_append(replaced, &first, &options, NULL, &more, &error));
            CHECK(avocet_index_rows(more) == COLS + 2 && avocet_index_live(more) == COLS + 1);
            const avocet_matrix last = matrix(cols_data + 6 * D, 1, D);
            avocet_index_destroy(replaced);
            OK(avocet_index_replace(mapped, &three[2], &last, NULL, &replaced, &error));
            check_found(replaced, queries, query_scales, near);
            avocet_index_destroy(replaced);
            avocet_index_destroy(more);
        }
        avocet_index_destroy(removed);
        avocet_index_destroy(mapped);
        avocet_index_destroy(loaded);
        free(saved);
    }
    CHECK(avocet_index_rows(NULL) + avocet_index_cols(NULL) + avocet_index_live(NULL) + avocet_index_memory(NULL) == 0);
    CHECK(avocet_index_saved_bytes(NULL) == 0 && avocet_index_has_ids(NULL) == 0 && avocet_index_storage(NULL) == 0);

    /* Two shards are as good as one index. */
    enum { HALF = 3 };
    avocet_shard shards[2];
    uint64_t shard_ids[2][ROWS * I_K], merged[ROWS * I_K];
    float shard_scores[2][ROWS * I_K];
    uint32_t shard_counts[2][ROWS];
    memset(shards, 0, sizeof shards);
    for (size_t i = 0; i < 2; i++) {
        const size_t start = i * HALF, rows = i == 0 ? HALF : COLS - HALF;
        const avocet_matrix part = matrix(cols_data + start * D, rows, D);
        avocet_index_options options = {0};
        options.struct_size = sizeof options;
        options.ids = own + start;
        avocet_index *index;
        OK(avocet_index_create(&part, &options, NULL, &index, &error));
        OK_WITH(workspace, avocet_index_search(index, &of_rows, I_K, NULL, ids, shard_scores[i], shard_counts[i], NULL, NULL,
                                               NULL, workspace, &error));
        OK(avocet_index_ids(index, ids, ROWS * I_K, shard_ids[i], &error));
        CHECK(i == 1 || shard_ids[0][I_K - 1] == AVOCET_NO_LONG_ID);
        avocet_index_destroy(index);
        shards[i].struct_size = sizeof shards[i];
        shards[i].k = I_K;
        shards[i].ids = shard_ids[i];
        shards[i].scores = shard_scores[i];
        shards[i].counts = shard_counts[i];
    }
    OK(avocet_merge_lists(shards, 2, ROWS, I_K, merged, scores, counts, &error));
    CHECK(memcmp(scores, exact_scores, sizeof scores) == 0 && memcmp(counts, exact_counts, sizeof counts) == 0);
    for (size_t i = 0; i < ROWS * I_K; i++) {
        CHECK(merged[i] == 1000 + exact_ids[i]);
    }
}
