/* The golden vectors of the threshold family; a part of golden.c. */

static float *magnitudes(size_t len) {
    float *out = values(len);
    drop_signs(out, len);
    return out;
}

static void add_intervals(const avocet_interval *intervals, size_t len) {
    for (size_t i = 0; i < len; i++) {
        const uint32_t count = (uint32_t)intervals[i].count;
        add_integers(&count, 1);
    }
    for (size_t i = 0; i < len; i++) {
        const double ends[3] = {intervals[i].value, intervals[i].low, intervals[i].high};
        add(ends, sizeof ends);
    }
}

static void buckets(void) {
    enum { N = 5000, LEVELS = 5, BINS = 20, WORDS = (N + 63) / 64 };
    static uint8_t labels[N];
    static uint32_t segments[N], places[N];
    static uint64_t bits[WORDS];
    seed(31);
    float *scores = values(N), *uncertainties = magnitudes(N), *weights = magnitudes(N), edges[BINS - 1];
    for (size_t i = 0; i < N; i++) {
        labels[i] = (uint8_t)below(2);
    }
    for (size_t i = 0; i < N; i++) {
        segments[i] = below(3);
    }
    avocet_grid_options options = {0};
    options.struct_size = sizeof options;
    options.levels = 7;
    options.bins = 11;
    options.level_kind = AVOCET_EDGES_QUANTILES;
    options.score_kind = AVOCET_EDGES_NESTED;
    options.top = 0.75;
    options.rows = N;
    options.scores = scores;
    options.uncertainties = uncertainties;
    options.weights = weights;
    avocet_grid *grid;
    OK(avocet_grid_create(&options, pool, &grid, &error));
    OK(avocet_grid_level_edges(grid, edges, 6, &error));
    add_floats(edges, 6);
    for (size_t level = 0; level < 7; level++) {
        OK(avocet_grid_score_edges(grid, level, edges, 10, &error));
        add_floats(edges, 10);
    }
    check("grid_nested");
    avocet_grid_destroy(grid);

    options.levels = LEVELS;
    options.bins = BINS;
    options.level_kind = AVOCET_EDGES_UNIFORM;
    options.level_high = 1;
    options.score_kind = AVOCET_EDGES_QUANTILES;
    options.weights = NULL;
    OK(avocet_grid_create(&options, pool, &grid, &error));
    OK(avocet_grid_score_edges(grid, 0, edges, BINS - 1, &error));
    add_floats(edges, BINS - 1);
    avocet_threshold_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.rows = N;
    rows.scores = scores;
    rows.uncertainties = uncertainties;
    rows.labels = labels;
    rows.label_type = AVOCET_U8;
    rows.weights = weights;
    rows.segments = segments;
    rows.segment_type = AVOCET_U32;
    avocet_buckets *table;
    OK(avocet_buckets_create(grid, 3, &table, &error));
    OK_WITH(workspace, avocet_buckets_add(table, &rows, pool, workspace, &error));
    const size_t size = avocet_buckets_saved_bytes(table);
    unsigned char *bytes = allocate(size, 1);
    OK(avocet_buckets_save(table, bytes, size, &error));
    add(bytes, size);
    check("buckets");

    float *thresholds = values(LEVELS), *of_cells = values(LEVELS * BINS), *out = zeros(N);
    OK(avocet_threshold_calibrate(grid, of_cells, scores, uncertainties, N, out, pool, &error));
    OK(avocet_threshold_cells(grid, scores, uncertainties, N, places, pool, &error));
    OK(avocet_threshold_decide_bits(grid, thresholds, scores, uncertainties, N, bits, pool, &error));
    add_floats(out, N);
    add_integers(places, N);
    add(bits, sizeof bits);
    check("decisions");

    rows.segments = NULL;
    avocet_bootstrap_options draws = {0};
    draws.struct_size = sizeof draws;
    draws.seed = 9;
    draws.replicates = 50;
    draws.confidence = 0.9;
    avocet_interval intervals[4];
    OK(avocet_threshold_bootstrap(grid, thresholds, &rows, &draws, &intervals[0], &intervals[1], pool, &error));
    for (int32_t figure = AVOCET_FIGURE_AUC; figure <= AVOCET_FIGURE_AVERAGE_PRECISION; figure++) {
        OK(avocet_binned_bootstrap(grid, figure, &rows, &draws, &intervals[2 + figure], pool, &error));
    }
    add_intervals(intervals, 4);
    check("bootstrap");
    avocet_buckets_destroy(table);
    avocet_grid_destroy(grid);
    free(bytes);
    float *memory[] = {scores, uncertainties, weights, thresholds, of_cells, out};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}

static void add_area(avocet_area area) {
    const double figures[3] = {area.lower, area.tied, area.upper};
    add(figures, sizeof figures);
}

static void searches(void) {
    enum { LEVELS = 6, BINS = 25, CELLS = LEVELS * BINS };
    static uint64_t positive[CELLS], negative[CELLS], equal[CELLS], rest[CELLS], most[CELLS + 1], weight;
    static const uint32_t limits[3] = {20, 30, 9};
    uint64_t *drawn[3] = {positive, negative, equal};
    seed(32);
    for (size_t i = 0; i < 3 * CELLS; i++) {
        drawn[i / CELLS][i % CELLS] = below(limits[i / CELLS]);
    }
    avocet_cells cells = {0};
    cells.struct_size = sizeof cells;
    cells.levels = LEVELS;
    cells.bins = BINS;
    cells.positive = positive;
    cells.negative = negative;
    static const struct {
        const char *name;
        int32_t method, shape, count;
    } cases[] = {
        {"search_exact", AVOCET_SEARCH_EXACT, AVOCET_SHAPE_FREE, 6},
        {"search_single", AVOCET_SEARCH_SINGLE, AVOCET_SHAPE_FREE, 6},
        {"search_mist", AVOCET_SEARCH_MIST, AVOCET_SHAPE_FREE, 2},
        {"search_monotone", AVOCET_SEARCH_EXACT, AVOCET_SHAPE_NON_DECREASING, 6},
    };
    static const uint32_t ratios[6][2] = {{2, 5}, {1, 2}, {1, 1}, {0, 0}, {0, 0}, {1, 3}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        for (int32_t kind = AVOCET_OBJECTIVE_RECALL; kind < cases[i].count; kind++) {
            avocet_objective objective = {0};
            objective.struct_size = sizeof objective;
            objective.kind = kind;
            objective.numerator = ratios[kind][0];
            objective.denominator = ratios[kind][1];
            objective.z_numerator = 27055;
            objective.z_denominator = 10000;
            objective.selected = 1000;
            objective.positive_passes = 3;
            objective.negative_passes = -2;
            avocet_search_options options = {0};
            options.struct_size = sizeof options;
            options.method = cases[i].method;
            options.shape = cases[i].shape;
            uint32_t thresholds[LEVELS];
            avocet_solution found;
            OK_WITH(workspace, avocet_threshold_search(&cells, &objective, &options, thresholds, &found, workspace, &error));
            const uint32_t words[4] = {(uint32_t)found.positive, (uint32_t)found.bound_positive, (uint32_t)found.negative,
                                       (uint32_t)found.proven};
            add_integers(thresholds, LEVELS);
            add_integers(words, 4);
        }
        check(cases[i].name);
    }
    for (size_t i = 0; i < CELLS; i++) {
        rest[i] = 8 - equal[i];
    }
    cells.positive = equal;
    cells.negative = rest;
    OK_WITH(workspace, avocet_threshold_frontier(&cells, most, CELLS + 1, &weight, workspace, &error));
    for (size_t m = 0; m <= CELLS; m++) {
        const uint32_t passing = (uint32_t)most[m];
        add_integers(&passing, 1);
    }
    check("frontier");
    float shares[CELLS];
    cells.positive = positive;
    cells.negative = negative;
    OK_WITH(workspace, avocet_threshold_isotonic(&cells, shares, CELLS, workspace, &error));
    add_floats(shares, CELLS);
    check("isotonic");

    static avocet_curve_point points[CELLS + 1];
    OK(avocet_binned_curve(positive, negative, CELLS, points, &error));
    for (size_t i = 0; i <= CELLS; i++) {
        const uint32_t counts[2] = {(uint32_t)points[i].true_positives, (uint32_t)points[i].false_positives};
        add_integers(counts, 2);
    }
    for (size_t i = 0; i < CELLS; i++) {
        const double figures[3] = {points[i].recall, points[i].precision, points[i].false_positive_rate};
        add(figures, sizeof figures);
    }
    avocet_area area;
    OK(avocet_binned_auc(positive, negative, CELLS, &area, &error));
    add_area(area);
    for (int32_t weights = 0; weights < 2; weights++) {
        OK(avocet_binned_average_precision(positive, negative, CELLS, weights, &area, &error));
        add_area(area);
    }
    check("binned_curve");
}

static void single(void) {
    enum { N = 20000 };
    static const uint32_t ratios[3][2] = {{2, 5}, {1, 2}, {1, 1}};
    static uint8_t labels[N];
    seed(40);
    float *scores = values(N), *weights = magnitudes(N), thresholds[6];
    for (size_t i = 0; i < N; i++) {
        labels[i] = (uint8_t)below(2);
    }
    avocet_threshold_rows rows = {0};
    rows.struct_size = sizeof rows;
    rows.rows = N;
    rows.scores = scores;
    rows.labels = labels;
    rows.label_type = AVOCET_U8;
    uint32_t words[6][4];
    for (size_t i = 0; i < 6; i++) {
        avocet_objective objective = {0};
        objective.struct_size = sizeof objective;
        objective.kind = (int32_t)(i % 3);
        objective.numerator = ratios[i % 3][0];
        objective.denominator = ratios[i % 3][1];
        rows.weights = i < 3 ? NULL : weights;
        avocet_solution found;
        OK(avocet_threshold_single(&rows, &objective, &thresholds[i], &found, pool, &error));
        words[i][0] = (uint32_t)found.positive;
        words[i][1] = (uint32_t)(found.positive >> 32);
        words[i][2] = (uint32_t)found.negative;
        words[i][3] = (uint32_t)(found.negative >> 32);
    }
    add_floats(thresholds, 6);
    add_integers(words[0], 24);
    check("threshold_single");
    free(scores);
    free(weights);
}

static void uncertainty_inputs(void) {
    enum { N = 5000, M = 7 };
    seed(33);
    float *ensemble = values(N * M), *a = magnitudes(N), *b = magnitudes(N), *p = magnitudes(N);
    float *mean = zeros(N), *variance = zeros(N);
    for (size_t i = 0; i < N; i++) {
        a[i] = a[i] * 32 + 0.5f;
        b[i] = b[i] * 32 + 0.5f;
    }
    const avocet_matrix scores = matrix(ensemble, N, M);
    OK(avocet_uncertainty_moments(&scores, 1, mean, variance, pool, &error));
    add_floats(mean, N);
    add_floats(variance, N);
    check("uncertainty_moments");
    OK(avocet_uncertainty_beta(a, b, N, mean, variance, pool, &error));
    add_floats(mean, N);
    add_floats(variance, N);
    check("uncertainty_beta");
    OK(avocet_uncertainty_entropy(p, N, mean, pool, &error));
    add_floats(mean, N);
    check("uncertainty_entropy");
    float *memory[] = {ensemble, a, b, p, mean, variance};
    for (size_t i = 0; i < LENGTH(memory); i++) {
        free(memory[i]);
    }
}
