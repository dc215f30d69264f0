// Every kernel once on small inputs with known results: what the binding passes on, and what comes back. The golden
// test has the bits.

#include "support.hpp"

#include <cmath>
#include <limits>

namespace {

using avocet::check;
using support::floats;
using support::graph_of;
using support::ids;

constexpr float infinity = std::numeric_limits<float>::infinity();

class Results : public testing::Test {
  protected:
    avocet::workspace workspace = check(avocet::workspace::create());
};

TEST_F(Results, Map) {
    const floats x{-infinity, 0, 1, infinity};
    floats out(4);
    check(avocet::map(avocet::function::exp, x, out));
    EXPECT_EQ(out[0], 0);
    EXPECT_EQ(out[1], 1);
    EXPECT_FLOAT_EQ(out[2], 2.7182818f);
    EXPECT_EQ(out[3], infinity);
    check(avocet::map(avocet::function::log, x, out));
    EXPECT_TRUE(std::isnan(out[0]));
    EXPECT_EQ(out[1], -infinity);
    check(avocet::map(avocet::function::sigmoid, x, out));
    EXPECT_EQ(out[1], 0.5f);
    check(avocet::map(avocet::function::exp, {}, {}));
}

// Rows of edges 0 -> {0, 2}, 1 -> {}, 2 -> {1, 1}.
TEST_F(Results, AggregateSumMeanAndEmptyRows) {
    const avocet::graph graph = graph_of({{0, 2}, {}, {1, 1}}, 3);
    const floats x{1, 2, 10, 20, 100, 200};
    floats out(6, 7);
    check(avocet::aggregate(graph, {x, 3, 2}, {}, {out, 3, 2}));
    EXPECT_EQ(out, (floats{101, 202, 0, 0, 20, 40}));
    avocet::aggregate_options options;
    options.reduce = avocet::reduce::mean;
    options.accumulate = true;
    check(avocet::aggregate(graph, {x, 3, 2}, options, {out, 3, 2}));
    EXPECT_EQ(out, (floats{151.5f, 303, 0, 0, 30, 60}));
}

TEST_F(Results, AggregateWeightsAndScales) {
    const avocet::graph graph = graph_of({{0, 2}, {}, {1, 1}}, 3);
    const floats x{1, 10, 100}, weights{2, 3, 4, 5}, source_scale{1, 0.5f, 2}, row_scale{10, 1, 100};
    floats out(3);
    avocet::aggregate_options options;
    options.edge_weights = weights;
    check(avocet::aggregate(graph, {x, 3, 1}, options, {out, 3, 1}));
    EXPECT_EQ(out, (floats{302, 0, 90}));
    options.source_scale = source_scale;
    options.row_scale = row_scale;
    check(avocet::aggregate(graph, {x, 3, 1}, options, {out, 3, 1}));
    EXPECT_EQ(out, (floats{6020, 0, 4500}));
    // The transpose takes the weights by edge number.
    const avocet::graph back = check(graph.transpose());
    options = {};
    options.edge_weights = weights;
    const floats y{1, 10, 100};
    check(avocet::aggregate(back, {y, 3, 1}, options, {out, 3, 1}));
    EXPECT_EQ(out, (floats{2, 900, 3}));
}

TEST_F(Results, StridesLeaveGapsAlone) {
    const avocet::graph graph = graph_of({{0, 1}, {1}}, 2);
    const floats x{1, 2, -1, -1, 10, 20, -1, -1};
    floats out(2 * 5, 7);
    check(avocet::aggregate(graph, {x, 2, 2, 4}, {}, {out, 2, 2, 5}));
    EXPECT_EQ(out, (floats{11, 22, 7, 7, 7, 10, 20, 7, 7, 7}));
    floats rows{3, 4, 7, -5, 12, 7}, norms(2);
    check(avocet::dense_activate({false, avocet::activation::none, true}, {rows, 2, 2, 3}, norms));
    EXPECT_EQ(norms, (floats{5, 13}));
    EXPECT_EQ(rows[2], 7);
    EXPECT_EQ(rows[5], 7);
    EXPECT_FLOAT_EQ(rows[0], 0.6f);
}

TEST_F(Results, EdgeDots) {
    const avocet::graph graph = graph_of({{0, 1}, {1}}, 2);
    const floats left{1, 2, 3, 4}, right{5, 6, 7, 8};
    floats out(3);
    check(avocet::edge_dots(graph, {left, 2, 2}, {right, 2, 2}, out));
    EXPECT_EQ(out, (floats{17, 23, 53}));
}

TEST_F(Results, ProductOfAddends) {
    const floats x{1, 2, 3, 4}, w{1, 0, 1, 0, 1, 1}, y{10, 20}, turned{1, 2, 3};
    const avocet::addend addends[] = {{{x, 2, 2}, {w, 2, 3}}, {{y, 2, 1}, {turned, 3, 1}, true}};
    floats out(6, 1);
    check(avocet::dense_product(addends, {}, {out, 2, 3}, {}, workspace));
    EXPECT_EQ(out, (floats{11, 22, 33, 23, 44, 67}));
    avocet::dense_options options;
    options.accumulate = true;
    check(avocet::dense_product(addends, options, {out, 2, 3}, {}, workspace));
    EXPECT_EQ(out, (floats{22, 44, 66, 46, 88, 134}));
    check(avocet::dense_product({}, {}, {out, 2, 3}, {}, workspace));
    EXPECT_EQ(out, floats(6));
}

TEST_F(Results, ActivationAndItsGradient) {
    floats y{-1, 3, 4};
    const floats dy{1, 1, 1};
    floats dz(3);
    const avocet::dense_options relu{false, avocet::activation::relu, false};
    check(avocet::dense_activate(relu, {y, 1, 3}, {}));
    EXPECT_EQ(y, (floats{0, 3, 4}));
    check(avocet::dense_activate_backward(relu, {y, 1, 3}, {}, {dy, 1, 3}, {dz, 1, 3}));
    EXPECT_EQ(dz, (floats{0, 1, 1}));
    const floats x{1, 2}, z{3, 5};
    float gradient[1] = {100};
    check(avocet::dense_weight_gradient({x, 2, 1}, {z, 2, 1}, false, {gradient, 1, 1}, workspace));
    EXPECT_EQ(gradient[0], 13);
    check(avocet::dense_weight_gradient({x, 2, 1}, {z, 2, 1}, true, {gradient, 1, 1}, workspace));
    EXPECT_EQ(gradient[0], 26);
}

TEST_F(Results, TopKWithTiesExclusionsAndNaN) {
    const floats queries{1, 2}, targets{5, std::nanf(""), 5, 7};
    const avocet::graph exclude = graph_of({{}, {3}}, 4);
    ids best(6, 9), counts(2), nan_counts(2);
    floats scores(6);
    check(avocet::top_k({queries, 2, 1}, {targets, 4, 1}, &exclude, 3, {best, scores, counts, nan_counts}, workspace));
    EXPECT_EQ(best, (ids{3, 0, 2, 0, 2, avocet::no_id}));
    EXPECT_EQ(scores, (floats{7, 5, 5, 10, 10, -infinity}));
    EXPECT_EQ(counts, (ids{3, 2}));
    EXPECT_EQ(nan_counts, (ids{1, 1}));
    // A shorter list is the head of a longer one; NaNs need not be counted.
    ids one(2);
    floats score(2);
    check(avocet::top_k({queries, 2, 1}, {targets, 4, 1}, nullptr, 1, {one, score, counts}, workspace));
    EXPECT_EQ(one, (ids{3, 3}));
    check(avocet::top_k({queries, 0, 1}, {targets, 4, 1}, nullptr, 3, {}, workspace));
    check(avocet::top_k({queries, 2, 1}, {targets, 4, 1}, nullptr, 0, {{}, {}, counts}, workspace));
    EXPECT_EQ(counts, (ids{0, 0}));
}

TEST_F(Results, RankCounts) {
    const floats queries{1}, targets{5, 6, 5, 7};
    const avocet::graph given = graph_of({{0, 3}}, 4), exclude = graph_of({{1}}, 4);
    ids better(2), equal(2);
    check(avocet::rank_counts({queries, 1, 1}, {targets, 4, 1}, given, nullptr, better, equal, workspace));
    EXPECT_EQ(better, (ids{2, 0}));
    EXPECT_EQ(equal, (ids{1, 0}));
    check(avocet::rank_counts({queries, 1, 1}, {targets, 4, 1}, given, &exclude, better, equal, workspace));
    EXPECT_EQ(better, (ids{1, 0}));
}

// One edge with a dot of 2.
TEST_F(Results, Losses) {
    const avocet::graph graph = graph_of({{0}}, 1), back = check(graph.transpose());
    const floats s{1}, t{2}, weights{3};
    floats ds{10}, dt{20};
    avocet::edge_term term;
    term.weight = 0.5f;
    const auto loss = check(avocet::edge_loss(graph, back, {s, 1, 1}, {t, 1, 1}, term, weights,
                                              avocet::matrix_mut(ds, 1, 1), avocet::matrix_mut(dt, 1, 1), workspace));
    const double sigmoid = 1 / (1 + std::exp(2.0));
    EXPECT_NEAR(loss.loss, 1.5 * std::log1p(std::exp(-2.0)), 1e-6);
    EXPECT_NEAR(ds[0], 10 - 1.5 * sigmoid * 2, 1e-5);
    EXPECT_NEAR(dt[0], 20 - 1.5 * sigmoid, 1e-5);
    EXPECT_NEAR(loss.temperature_gradient, -1.5 * sigmoid * 2, 1e-6);
    EXPECT_NEAR(loss.offset_gradient, 1.5 * sigmoid, 1e-6);

    // Against one other target, with a dot of 1.
    const avocet::graph positives = graph_of({{0}}, 2), positives_back = check(positives.transpose());
    const floats two{2, 1};
    const ids negatives{1};
    const auto softmax =
        check(avocet::softmax_loss(positives, positives_back, {s, 1, 1}, {two, 2, 1}, negatives, {}, {}, {}, {},
                                   workspace));
    EXPECT_NEAR(softmax.loss, std::log1p(std::exp(-1.0)), 1e-6);
}

TEST_F(Results, Optimisers) {
    floats p{1}, m{0}, v{0};
    const floats g{2};
    check(avocet::adam(0.1f, 1, {}, p, g, m, v));
    EXPECT_NEAR(p[0], 0.9, 1e-6);
    EXPECT_NEAR(m[0], 0.2, 1e-6);
    EXPECT_NEAR(v[0], 0.004, 1e-7);
    // A beta of zero is a zero, not the default.
    avocet::adam_options options;
    options.beta1 = 0;
    options.beta2 = 0;
    m = {5};
    v = {7};
    check(avocet::adam(0.1f, 1, options, p, g, m, v));
    EXPECT_NEAR(m[0], 2, 1e-6);
    EXPECT_NEAR(v[0], 4, 1e-6);
    check(avocet::adam(0.1f, 1, {}, {}, {}, {}, {}));

    floats table{1, 1, 1}, squares{0, 0, 0};
    const floats gradient{2, -2};
    check(avocet::adagrad_rows(0.5f, 0, std::vector<std::int64_t>{0, 2}, {gradient, 2, 1}, {table, 3, 1},
                               {squares, 3, 1}));
    EXPECT_EQ(table, (floats{0.5f, 1, 1.5f}));
    EXPECT_EQ(squares, (floats{4, 0, 4}));
}

// By the formulas in f64, for labels, with weights and without, and for coefficients of any sign.
TEST_F(Results, Logistic) {
    const floats x{-3, 0, 0.5f, 8}, labels{1, 0, 0.25f, 1}, weights{2, 1, 0.5f, 0}, a{1, -0.5f, 0, 2}, b{0, 1, -2, 3};
    const auto expect = [&](const avocet::logistic_targets &targets, auto of_a, auto of_b) {
        floats losses(4), gradient(4), curvature(4), alone(4);
        double sum = 7, lone_sum = 7, wanted_sum = 0;
        check(avocet::logistic_pointwise(x, targets, {losses, gradient, curvature, &sum}, workspace));
        for (std::size_t i = 0; i < 4; i++) {
            const double up = std::log1p(std::exp(double{x[i]})), down = up - x[i];
            const double sigmoid = 1 / (1 + std::exp(-double{x[i]})), rest = 1 / (1 + std::exp(double{x[i]}));
            EXPECT_NEAR(losses[i], of_a(i) * down + of_b(i) * up, 1e-5) << i;
            EXPECT_NEAR(gradient[i], of_b(i) * sigmoid - of_a(i) * rest, 1e-6) << i;
            EXPECT_NEAR(curvature[i], (of_a(i) + of_b(i)) * sigmoid * rest, 1e-6) << i;
            wanted_sum += losses[i];
        }
        EXPECT_NEAR(sum, wanted_sum, 1e-9);
        // Each output alone is what it is among the others.
        check(avocet::logistic_pointwise(x, targets, {alone}, workspace));
        EXPECT_EQ(alone, losses);
        check(avocet::logistic_pointwise(x, targets, {{}, alone}, workspace));
        EXPECT_EQ(alone, gradient);
        check(avocet::logistic_pointwise(x, targets, {{}, {}, alone}, workspace));
        EXPECT_EQ(alone, curvature);
        check(avocet::logistic_pointwise(x, targets, {{}, {}, {}, &lone_sum}, workspace));
        EXPECT_EQ(lone_sum, sum);
        check(avocet::logistic_pointwise(x, targets, {}, workspace));
    };
    const auto at = [](const floats &values) { return [&](std::size_t i) { return double{values[i]}; }; };
    const auto rest = [&](std::size_t i) { return 1 - double{labels[i]}; };
    expect({labels}, at(labels), rest);
    expect({labels, weights}, [&](std::size_t i) { return double{weights[i]} * labels[i]; },
           [&](std::size_t i) { return double{weights[i]} * rest(i); });
    expect({{}, {}, a, b, true}, at(a), at(b));

    double sum = 7;
    check(avocet::logistic_pointwise({}, {}, {{}, {}, {}, &sum}, workspace));
    EXPECT_EQ(sum, 0);
}

TEST_F(Results, LogisticOfNaNAndInfinities) {
    const floats x{std::nanf(""), infinity, -infinity, infinity}, labels{1, 1, 1, 0};
    floats losses(4), gradient(4), curvature(4);
    double sum = 0;
    check(avocet::logistic_pointwise(x, {labels}, {losses, gradient, curvature, &sum}, workspace));
    EXPECT_TRUE(std::isnan(losses[0]) && std::isnan(gradient[0]) && std::isnan(curvature[0]) && std::isnan(sum));
    losses[0] = gradient[0] = curvature[0] = 0;
    EXPECT_EQ(losses, (floats{0, 0, infinity, infinity}));
    EXPECT_EQ(gradient, (floats{0, 0, -1, 1}));
    EXPECT_EQ(curvature, floats(4));
}

// By the formulas in f64: rows at a stride, offsets, weights of the rows, and coefficients of any sign.
TEST_F(Results, LogisticBatch) {
    const std::size_t n = 3, d = 2;
    const floats x{1, 2, 99, -1, 0.5f, 99, 0, 3}, offsets{0.5f, -1, 0}, weights{0.25f, -0.5f}, along{2, -1};
    const floats labels{1, 0, 0.25f}, importance{2, 1, 0.5f}, a{1, -0.5f, 2}, b{0, 1, -2};
    const avocet::logistic_rows rows{{x, n, d, 3}, weights, 0.75f, offsets};
    const auto expect = [&](const avocet::logistic_targets &targets, auto of_a, auto of_b) {
        floats margins(n), gradient(d), curvature(d), product(d);
        const avocet::logistic_batch_outputs out{margins, gradient, curvature, product, along, -0.5f};
        const avocet::logistic_sums sums = check(avocet::logistic_batch(rows, targets, out, workspace));
        // The last column is that of the intercept.
        double loss = 0, wanted[3][3] = {};
        for (std::size_t i = 0; i < n; i++) {
            const double row[] = {x[3 * i], x[3 * i + 1], 1};
            const double m = row[0] * 0.25 - row[1] * 0.5 + 0.75 + offsets[i];
            const double p = 1 / (1 + std::exp(-m)), h = (of_a(i) + of_b(i)) * p * (1 - p);
            EXPECT_NEAR(margins[i], m, 1e-6) << i;
            loss += of_a(i) * std::log1p(std::exp(-m)) + of_b(i) * std::log1p(std::exp(m));
            for (std::size_t j = 0; j <= d; j++) {
                wanted[0][j] += (of_b(i) * p - of_a(i) * (1 - p)) * row[j];
                wanted[1][j] += h * row[j] * row[j];
                wanted[2][j] += h * (row[0] * 2 - row[1] - 0.5) * row[j];
            }
        }
        EXPECT_NEAR(sums.loss, loss, 1e-5);
        const auto near = [&](const floats &found, double last, const double *exact) {
            EXPECT_NEAR(found[0], exact[0], 1e-5);
            EXPECT_NEAR(found[1], exact[1], 1e-5);
            EXPECT_NEAR(last, exact[2], 1e-5);
        };
        near(gradient, sums.gradient, wanted[0]);
        near(curvature, sums.curvature, wanted[1]);
        near(product, sums.product, wanted[2]);

        // Each output alone is what it is among the others.
        floats alone(d);
        const auto run = [&](const avocet::logistic_batch_outputs &into) {
            const avocet::logistic_sums of = check(avocet::logistic_batch(rows, targets, into, workspace));
            EXPECT_EQ(of.loss, sums.loss);
            return of.gradient + of.curvature + of.product;
        };
        EXPECT_EQ(run({{}, alone}), sums.gradient);
        EXPECT_EQ(alone, gradient);
        EXPECT_EQ(run({{}, {}, alone}), sums.curvature);
        EXPECT_EQ(alone, curvature);
        EXPECT_EQ(run({{}, {}, {}, alone, along, -0.5f}), sums.product);
        EXPECT_EQ(alone, product);
        EXPECT_EQ(run({}), 0);
        floats only(n);
        EXPECT_EQ(check(avocet::logistic_batch(rows, {}, {only}, workspace)).loss, 0);
        EXPECT_EQ(only, margins);
    };
    const auto at = [](const floats &values) { return [&](std::size_t i) { return double{values[i]}; }; };
    expect({labels, importance}, [&](std::size_t i) { return double{importance[i]} * labels[i]; },
           [&](std::size_t i) { return double{importance[i]} * (1 - double{labels[i]}); });
    expect({{}, {}, a, b, true}, at(a), at(b));
}

TEST_F(Results, LogisticBatchOfNoRowsOrColumns) {
    floats gradient{7, 7}, margins(2);
    const floats weights{1, 2}, none, labels{1, 0};
    floats empty;
    const auto no_rows = check(avocet::logistic_batch({{none, 0, 2}, weights}, {none}, {{}, gradient}, workspace));
    EXPECT_EQ(no_rows.loss, 0);
    EXPECT_EQ(gradient, floats(2));
    const auto no_columns = check(
        avocet::logistic_batch({{none, 2, 0}, none, 0.5f}, {labels}, {margins, empty}, workspace));
    EXPECT_EQ(margins, floats(2, 0.5f));
    EXPECT_NEAR(no_columns.gradient, 2 / (1 + std::exp(-0.5)) - 1, 1e-6);
}

// Dense rows, their halves, and the same rows sparse, as they come and prepared, with all vectors or those that occur.
TEST_F(Results, LogisticBatchOfEveryKindOfRows) {
    const floats x{1, 0, 2, 0, 0, 0, 0, 0, -0.5f, 0, 4, 0}, weights{0.25f, 9, -0.5f, 9}, along{2, 9, -1, 9};
    const floats labels{1, 0, 1}, offsets{0.5f, 0, -1};
    const std::vector<avocet::f16> halves{{0x3c00}, {0}, {0x4000}, {0}, {0}, {0},
                                          {0},      {0}, {0xb800}, {0}, {0x4400}, {0}};
    const std::vector<avocet::bf16> brains{{0x3f80}, {0}, {0x4000}, {0}, {0}, {0},
                                           {0},      {0}, {0xbf00}, {0}, {0x4080}, {0}};
    const std::vector<std::int32_t> starts{0, 2, 2, 4};
    const std::vector<std::int64_t> columns{2, 0, 0, 2};
    const floats values{2, 1, -0.5f, 4};
    const avocet::csr csr{3, 4, starts, columns};
    const avocet::sparse_rows prepared = check(avocet::sparse_rows::create(csr, values));
    struct found {
        floats margins, gradient, curvature, product, sums;
    };
    const auto run = [&](const avocet::logistic_features &features, const floats &w, const floats &v) {
        const std::size_t d = w.size();
        found of{floats(3), floats(d), floats(d), floats(d), {}};
        const auto sums =
            check(avocet::logistic_batch({features, w, 0.75f, offsets}, {labels},
                                         {of.margins, of.gradient, of.curvature, of.product, v, 0.5f}, workspace));
        of.sums = {static_cast<float>(sums.loss), static_cast<float>(sums.gradient),
                   static_cast<float>(sums.curvature), static_cast<float>(sums.product)};
        return of;
    };
    const found dense = run({x, 3, 4}, weights, along);
    EXPECT_EQ(dense.margins, (floats{0.5f, 0.75f, -2.375f}));
    EXPECT_NE(dense.gradient[0], dense.gradient[2]);
    const auto same = [](const floats &left, const floats &right) {
        ASSERT_EQ(left.size(), right.size());
        for (std::size_t i = 0; i < left.size(); i++) {
            EXPECT_NEAR(left[i], right[i], 1e-6) << i;
        }
    };
    const auto expect = [&](const found &of, const found &wanted) {
        EXPECT_EQ(of.margins, wanted.margins);
        same(of.gradient, wanted.gradient);
        same(of.curvature, wanted.curvature);
        same(of.product, wanted.product);
        same(of.sums, wanted.sums);
    };
    expect(run({halves, 3, 4}, weights, along), dense);
    expect(run({brains, 3, 4}, weights, along), dense);
    expect(run({csr, values}, weights, along), dense);
    expect(run(prepared, weights, along), dense);
    const auto compact = [](const floats &all) { return floats{all[0], all[2]}; };
    const found few{dense.margins, compact(dense.gradient), compact(dense.curvature), compact(dense.product),
                    dense.sums};
    expect(run({prepared, true}, compact(weights), compact(along)), few);
    // Of ones if nothing is given.
    floats margins(3);
    check(avocet::logistic_batch({csr, weights}, {}, {margins}, workspace));
    EXPECT_EQ(margins, (floats{-0.25f, 0, -0.25f}));
}

TEST_F(Results, LogisticBatchOfNoSparseRows) {
    const ids offsets{0};
    const avocet::csr csr{0, 2, offsets, ids{}};
    const avocet::sparse_rows prepared = check(avocet::sparse_rows::create(csr));
    const floats none, weights{1, 2};
    for (const avocet::logistic_features &features :
         {avocet::logistic_features(csr), avocet::logistic_features(prepared)}) {
        floats gradient{7, 7};
        EXPECT_EQ(check(avocet::logistic_batch({features, weights}, {none}, {{}, gradient}, workspace)).loss, 0);
        EXPECT_EQ(gradient, floats(2));
    }
    check(avocet::logistic_batch({{prepared, true}, none}, {none}, {{}, avocet::array_view<float>()}, workspace));
}

// With one feature for each half of the rows, three positives in four: ln 3 and -ln 3, and by symmetry no intercept.
TEST_F(Results, LogisticFit) {
    const floats x{1, 1, 1, 1, -1, -1, -1, -1}, labels{1, 1, 1, 0, 0, 0, 0, 1};
    const double lowest = 8 * (std::log(4.0) - 0.75 * std::log(3.0));
    floats weight(1, 7);
    const avocet::logistic_fit_result fit = check(avocet::logistic_fit({{x, 8, 1}}, {labels}, {}, weight));
    EXPECT_EQ(fit.outcome, avocet::fit_outcome::converged);
    EXPECT_NEAR(weight[0], std::log(3.0), 1e-4);
    EXPECT_NEAR(fit.intercept, 0, 1e-4);
    EXPECT_NEAR(fit.loss, lowest, 1e-6);
    EXPECT_LE(fit.gradient, 1e-5);
    EXPECT_GE(fit.passes, fit.iterations);
    EXPECT_GT(fit.iterations, 0u);

    // From where it ended there is nothing to do.
    floats again(1);
    const auto second =
        check(avocet::logistic_fit({{x, 8, 1}, weight, fit.intercept}, {labels}, {}, again));
    EXPECT_EQ(second.iterations, 0u);
    EXPECT_EQ(again, weight);
    EXPECT_EQ(second.intercept, fit.intercept);

    // A fixed intercept stays; a tolerance of 0 is a zero; a step is a step.
    avocet::logistic_fit_options options;
    options.fixed_intercept = true;
    EXPECT_EQ(check(avocet::logistic_fit({{x, 8, 1}, {}, 0.5f}, {labels}, options, weight)).intercept, 0.5f);
    options = {};
    options.tolerance = 0;
    const auto exact = check(avocet::logistic_fit({{x, 8, 1}}, {labels}, options, weight));
    EXPECT_TRUE(exact.outcome == avocet::fit_outcome::stalled || exact.gradient == 0);
    EXPECT_GE(exact.iterations, fit.iterations);
    const floats skewed{1, 1, 1, 5, -1, -1, -3, -1};
    options = {};
    options.iterations = 1;
    const auto cut = check(avocet::logistic_fit({{skewed, 8, 1}}, {labels}, options, weight));
    EXPECT_EQ(cut.outcome, avocet::fit_outcome::iterations);
    EXPECT_EQ(cut.iterations, 1u);
    // The penalty draws the weight to zero, and counts.
    options = {};
    options.l2 = 1;
    const auto ridge = check(avocet::logistic_fit({{x, 8, 1}}, {labels}, options, again));
    EXPECT_LT(again[0], std::log(3.0) - 0.1);
    EXPECT_GT(ridge.loss, lowest);

    // The same bits from halves, and the same minimum from prepared rows, whose second column does not occur.
    std::vector<avocet::f16> halves;
    for (const float value : x) {
        halves.push_back({static_cast<std::uint16_t>(value > 0 ? 0x3c00 : 0xbc00)});
    }
    check(avocet::logistic_fit({{x, 8, 1}}, {labels}, {}, weight));
    check(avocet::logistic_fit({{halves, 8, 1}}, {labels}, {}, again));
    EXPECT_EQ(again, weight);
    const ids offsets{0, 1, 2, 3, 4, 5, 6, 7, 8}, columns(8);
    const avocet::sparse_rows prepared = check(avocet::sparse_rows::create({8, 2, offsets, columns}, x));
    floats two(2, 7);
    const avocet::pool pool = check(avocet::pool::create(2));
    check(avocet::logistic_fit({prepared}, {labels}, {}, two, &pool));
    EXPECT_NEAR(two[0], std::log(3.0), 1e-4);
    EXPECT_EQ(two[1], 0);
    floats one(1);
    check(avocet::logistic_fit({{prepared, true}}, {labels}, {}, one));
    EXPECT_EQ(one[0], two[0]);
}

// By the formulas in f64, for labels and for coefficients of any sign.
TEST_F(Results, LogisticProduct) {
    const floats x1{-3, 0, 0.5f, 2}, x2{1, 0, -2, 0.25f}, labels{1, 0, 0.25f, 1}, a{1, -0.5f, 0, 2}, b{0, 1, -2, 3};
    const auto expect = [&](const avocet::logistic_targets &targets, auto of_a, auto of_b) {
        floats losses(4), first(4), second(4), alone(4);
        double sum = 7, lone_sum = 7, wanted_sum = 0;
        check(avocet::logistic_product(x1, x2, targets, {losses, first, second, &sum}, workspace));
        for (std::size_t i = 0; i < 4; i++) {
            const double s1 = 1 / (1 + std::exp(-double{x1[i]})), s2 = 1 / (1 + std::exp(-double{x2[i]}));
            const double f = s1 * s2, slope = -of_a(i) / f + of_b(i) / (1 - f);
            EXPECT_NEAR(losses[i], -of_a(i) * std::log(f) - of_b(i) * std::log(1 - f), 1e-5) << i;
            EXPECT_NEAR(first[i], slope * f * (1 - s1), 1e-6) << i;
            EXPECT_NEAR(second[i], slope * f * (1 - s2), 1e-6) << i;
            wanted_sum += losses[i];
        }
        EXPECT_NEAR(sum, wanted_sum, 1e-6);
        check(avocet::logistic_product(x1, x2, targets, {alone}, workspace));
        EXPECT_EQ(alone, losses);
        check(avocet::logistic_product(x1, x2, targets, {{}, alone}, workspace));
        EXPECT_EQ(alone, first);
        check(avocet::logistic_product(x1, x2, targets, {{}, {}, alone}, workspace));
        EXPECT_EQ(alone, second);
        check(avocet::logistic_product(x1, x2, targets, {{}, {}, {}, &lone_sum}, workspace));
        EXPECT_EQ(lone_sum, sum);
    };
    const auto at = [](const floats &values) { return [&](std::size_t i) { return double{values[i]}; }; };
    expect({labels}, at(labels), [&](std::size_t i) { return 1 - double{labels[i]}; });
    expect({{}, {}, a, b, true}, at(a), at(b));
    double sum = 7;
    check(avocet::logistic_product({}, {}, {floats()}, {{}, {}, {}, &sum}, workspace));
    EXPECT_EQ(sum, 0);
}

// What three workers got for their rows, to the bits of one call.
TEST_F(Results, LogisticPartsAndMerge) {
    support::random random(1);
    const std::size_t n = 9000, d = 3;
    const floats x = random.values(n * d), weights = random.values(d);
    floats p = random.values(n), labels(n);
    for (std::size_t i = 0; i < n; i++) {
        labels[i] = p[i] > 0 ? 1.0f : 0.0f;
        p[i] = std::fabs(p[i]);
    }
    std::vector<std::size_t> sizes;
    std::vector<avocet::logistic_sums> sums;
    std::vector<avocet::calibration_result> calibrations;
    floats gradients;
    std::size_t from = 0;
    for (const std::size_t of_worker : {std::size_t{3 * 1024}, std::size_t{0}, n - 3 * 1024}) {
        for (const std::size_t size : check(avocet::logistic_parts(from, of_worker))) {
            const auto of = [&](const floats &all, std::size_t width) {
                return avocet::array_view<const float>(&all[from * width], size * width);
            };
            floats gradient(d);
            sizes.push_back(size);
            sums.push_back(check(avocet::logistic_batch({{avocet::matrix(of(x, d), size, d)}, weights},
                                                        {of(labels, 1)}, {{}, gradient}, workspace)));
            calibrations.push_back(check(avocet::calibration(of(p, 1), of(labels, 1))));
            gradients.insert(gradients.end(), gradient.begin(), gradient.end());
            from += size;
        }
    }
    ASSERT_EQ(from, n);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{2048, 1024, 1024, 4096, 808}));
    floats gradient(d), merged(d);
    const auto whole = check(avocet::logistic_batch({{x, n, d}, weights}, {labels}, {{}, gradient}, workspace));
    const auto total =
        check(avocet::logistic_merge(sizes, sums, avocet::matrix(gradients, sizes.size(), d), merged));
    EXPECT_EQ(merged, gradient);
    EXPECT_EQ(total.loss, whole.loss);
    EXPECT_EQ(total.gradient, whole.gradient);
    EXPECT_EQ(check(avocet::logistic_merge(sizes, sums)).loss, whole.loss);
    const auto of_p = check(avocet::calibration(p, labels)), of_parts = check(
        avocet::calibration_merge(sizes, calibrations));
    EXPECT_EQ(of_parts.loss, of_p.loss);
    EXPECT_EQ(of_parts.weight, of_p.weight);
    EXPECT_EQ(of_parts.predicted, of_p.predicted);
    EXPECT_EQ(of_parts.observed, of_p.observed);

    EXPECT_TRUE(check(avocet::logistic_parts(1024, 0)).empty());
    const std::size_t most = std::numeric_limits<std::size_t>::max() - 1023;
    const avocet::row_parts many = check(avocet::logistic_parts(1024, most - 1024));
    EXPECT_GT(many.size(), 50u);
    EXPECT_LE(many.size(), avocet::max_parts);
    EXPECT_EQ(many[0], 1024u);
    EXPECT_EQ(check(avocet::logistic_merge({}, {})).loss, 0);
    EXPECT_EQ(check(avocet::calibration_merge({}, {})).weight, 0);
}

TEST_F(Results, FeedbackWeights) {
    using kind = avocet::row_kind;
    using method = avocet::feedback_method;
    const std::vector<kind> kinds{kind::negative, kind::immediate_positive, kind::delayed_positive,
                                  kind::real_negative};
    const floats x{0.5f, 1, -2, 0}, first{-1, 0, -3, 1}, second{2, 1, 0, -1};
    const auto sigmoid = [](float of) { return 1 / (1 + std::exp(-double{of})); };
    floats a(4), b(4);
    for (const bool joint : {false, true}) {
        check(avocet::feedback_weights({method::es_dfm, joint}, kinds, {}, first, second, a, b));
        for (std::size_t i = 0; i < 4; i++) {
            const bool positive = i == 1 || i == 2;
            const double mass = joint ? 1 : 1 + sigmoid(first[i]);
            EXPECT_NEAR(a[i], positive ? mass : 0, 1e-6) << i;
            EXPECT_NEAR(b[i], positive ? 0 : mass * sigmoid(second[i]), 1e-6) << i;
        }
    }
    // The method's own clip, 1 to 3, and others.
    const double immediate = sigmoid(1) / (sigmoid(1) - 0.25), delayed = sigmoid(-2) / (sigmoid(-2) - sigmoid(-3) / 2);
    check(avocet::feedback_weights({method::defer}, kinds, x, first, {}, a, b));
    EXPECT_NEAR(a[1], immediate, 1e-6);
    EXPECT_NEAR(a[2], delayed, 1e-6);
    EXPECT_NEAR(b[0], sigmoid(-0.5f) / (sigmoid(-0.5f) + sigmoid(-1) / 2), 1e-6);
    check(avocet::feedback_weights({method::defer, false, 1.375f, 1.5f}, kinds, x, first, {}, a, b));
    EXPECT_EQ(a[1], 1.5f);
    EXPECT_EQ(a[2], 1.375f);

    // Labels as they are: the same loss as of the labels themselves.
    check(avocet::feedback_weights({}, kinds, {}, {}, {}, a, b));
    EXPECT_EQ(a, (floats{0, 1, 1, 0}));
    EXPECT_EQ(b, (floats{1, 0, 0, 1}));
    const floats labels = a;
    floats of_labels(4), of_coefficients(4);
    check(avocet::logistic_pointwise(x, {labels}, {of_labels}, workspace));
    check(avocet::logistic_pointwise(x, {{}, {}, a, b}, {of_coefficients}, workspace));
    EXPECT_EQ(of_labels, of_coefficients);
    check(avocet::feedback_weights({method::dfm}, {}, {}, {}, {}, {}, {}));

    floats served(4);
    check(avocet::feedback_served(x, served));
    EXPECT_NEAR(served[2], std::exp(-2.0), 1e-7);
    served[2] = 1;
    EXPECT_EQ(served, floats(4, 1));
    check(avocet::feedback_served({}, {}));
}

// FTRL on two rows at once and then one more, by the formulas in f64; the intercept comes last.
TEST_F(Results, SparseModelLearns) {
    const std::int64_t offsets[] = {0, 2, 5, 6};
    const ids features{1, 8, 8, 3, 1, 9};
    const floats values{1, -2, 0.5f, 1, 1.5f, 1}, margins{0.5f, 0, -1}, labels{1, 0, 1};
    const avocet::csr rows{3, 10, offsets, features};
    avocet::sparse_model_options options{10, true};
    options.rate = 0.5f;
    options.l1 = 0.1f;
    options.l2 = 0.25f;
    avocet::sparse_model model = check(avocet::sparse_model::create(options));
    EXPECT_EQ(model.features(), 10u);
    floats logits(3);
    check(model.learn(rows, values, margins, {labels}, 2, logits, workspace));
    double z[11] = {}, n[11] = {}, g[11] = {}, w[11] = {};
    for (std::size_t row = 0; row < 3; row++) {
        const auto first = static_cast<std::size_t>(offsets[row]), last = static_cast<std::size_t>(offsets[row + 1]);
        double x = margins[row] + w[10];
        for (std::size_t e = first; e < last; e++) {
            x += w[features[e]] * values[e];
        }
        EXPECT_NEAR(logits[row], x, 1e-6) << row;
        const double slope = 1 / (1 + std::exp(-x)) - labels[row];
        for (std::size_t e = first; e < last; e++) {
            g[features[e]] += slope * values[e];
        }
        g[10] += slope;
        for (std::size_t k = 0; k < 11 && row > 0; k++) {
            const double l1 = k == 10 ? 0 : 0.1, l2 = k == 10 ? 0 : 0.25;
            z[k] += g[k] - (std::sqrt(n[k] + g[k] * g[k]) - std::sqrt(n[k])) / 0.5 * w[k];
            n[k] += g[k] * g[k];
            g[k] = 0;
            const double size = std::fabs(z[k]) - l1;
            w[k] = size <= 0 ? 0 : (z[k] > 0 ? -size : size) / ((1 + std::sqrt(n[k])) / 0.5 + l2);
        }
    }
    floats found(10);
    check(model.weights(found));
    std::size_t nonzeros = 0;
    for (std::size_t k = 0; k < 10; k++) {
        EXPECT_NEAR(found[k], w[k], 1e-6) << k;
        nonzeros += w[k] != 0;
    }
    EXPECT_NEAR(model.intercept(), w[10], 1e-6);
    ASSERT_EQ(model.nonzeros(), nonzeros);
    ASSERT_GT(nonzeros, 2u);
    ids which(nonzeros);
    floats weights(nonzeros), rebuilt(10);
    check(model.nonzero(which, weights));
    for (std::size_t i = 0; i < nonzeros; i++) {
        EXPECT_TRUE(i == 0 || which[i] > which[i - 1]);
        rebuilt[which[i]] = weights[i];
    }
    EXPECT_EQ(rebuilt, found);
    // Of ones and zeros if nothing is given.
    check(model.predict(rows, {}, {}, logits));
    EXPECT_NEAR(logits[0], w[1] + w[8] + w[10], 1e-6);
    // Without logits too; what was enough once is enough again.
    check(model.learn(rows, values, margins, {labels}, 2, {}, workspace));
    const std::size_t enough = workspace.bytes();
    check(model.learn(rows, values, margins, {labels}, 2, logits, workspace));
    check(model.learn(rows, values, margins, {labels}, 2, {}, workspace));
    EXPECT_EQ(workspace.bytes(), enough);
    const avocet::pool pool = check(avocet::pool::create(2));
    floats alone(3), shared(3);
    check(model.predict(rows, values, margins, alone));
    check(model.predict(rows, values, margins, shared, &pool));
    EXPECT_EQ(alone, shared);
}

// One step from zeros on one row, whose slope is -1/2.
TEST_F(Results, SparseModelOptimisers) {
    const ids offsets{0, 1}, features{2};
    const floats values{2}, ones{1}, halves{0.5f};
    const avocet::csr row{1, 3, offsets, features};
    const auto learnt = [&](const avocet::sparse_model_options &options, const avocet::logistic_targets &targets) {
        avocet::sparse_model model = check(avocet::sparse_model::create(options));
        check(model.learn(row, values, {}, targets, 1, {}, workspace));
        floats weights(3);
        check(model.weights(weights));
        EXPECT_EQ(weights[0] + weights[1], 0);
        return weights[2];
    };
    using avocet::optimiser;
    // The default rate of .1 is that of C.
    EXPECT_FLOAT_EQ(learnt({3, false, optimiser::sgd}, {ones}), 0.1f);
    EXPECT_FLOAT_EQ(learnt({3, false, optimiser::sgd, 0.25f}, {ones}), 0.25f);
    EXPECT_FLOAT_EQ(learnt({3, false, optimiser::sgd, 0.25f}, {{}, {}, halves, floats{0}}), 0.125f);
    EXPECT_FLOAT_EQ(learnt({3, false, optimiser::sgd, 0.25f}, {{}, {}, floats{-1}, floats{0}, true}), -0.25f);
    EXPECT_FLOAT_EQ(learnt({3, false, optimiser::adagrad, 0.25f}, {ones}), 0.25f);
    EXPECT_FLOAT_EQ(learnt({3, false, optimiser::adagrad, 0.25f, 1, 0, 0, 1}, {ones}), 0.125f);
    EXPECT_FLOAT_EQ(learnt({3}, {ones}), 0.05f);
    // A beta of 0 is a zero, not the default.
    EXPECT_FLOAT_EQ(learnt({3, false, optimiser::ftrl, 0.25f, 0}, {ones}), 0.25f);
    EXPECT_EQ(learnt({3, false, optimiser::ftrl, 0.25f, 1, 1}, {ones}), 0);
}

TEST_F(Results, SparseModelOfNoRowsOrEntries) {
    avocet::sparse_model model = check(avocet::sparse_model::create({4, true}));
    check(model.learn({0, 4, ids{0}, ids{}}, {}, {}, {floats()}, 1, {}, workspace));
    check(model.predict({0, 4, ids{0}, ids{}}, {}, {}, {}));
    EXPECT_EQ(model.intercept(), 0);
    EXPECT_EQ(model.nonzeros(), 0u);
    check(model.nonzero({}, {}));
    EXPECT_EQ(model.saved_bytes(), 60u);
    // Rows without entries learn the intercept alone.
    const ids zeros(3);
    const floats labels{1, 1}, margins{0, 2};
    floats logits(2);
    check(model.learn({2, 4, zeros, ids{}}, floats(), margins, {labels}, 1, {}, workspace));
    EXPECT_GT(model.intercept(), 0);
    EXPECT_EQ(model.nonzeros(), 0u);
    check(model.predict({2, 4, zeros, ids{}}, floats(), margins, logits));
    EXPECT_EQ(logits, (floats{model.intercept(), model.intercept() + 2}));
}

TEST_F(Results, Metrics) {
    const floats scores{0.9f, 0.8f, 0.7f, 0.1f}, labels{1, 0, 1, 0}, weights{1, 2, 1, 1};
    const avocet::ranking_result plain = check(avocet::ranking(scores, labels));
    EXPECT_EQ(plain.positives, 2);
    EXPECT_EQ(plain.negatives, 2);
    EXPECT_EQ(plain.auc, 0.75);
    EXPECT_NEAR(plain.average_precision, 0.5 + 0.5 * 2 / 3, 1e-12);
    EXPECT_NEAR(plain.pr_auc, 0.5 + 0.5 * (0.5 + 2.0 / 3) / 2, 1e-12);
    EXPECT_NEAR(check(avocet::ranking(scores, labels, weights)).auc, 4.0 / 6, 1e-12);
    EXPECT_EQ(check(avocet::ranking(floats(4), labels)).auc, 0.5);
    EXPECT_TRUE(std::isnan(check(avocet::ranking({}, {})).auc));

    const auto whole = check(avocet::calibration(scores, labels, weights));
    EXPECT_EQ(whole.weight, 5);
    EXPECT_NEAR(whole.loss, -std::log(0.9) - 2 * std::log(0.2) - std::log(0.7) - std::log(0.9), 1e-6);
    EXPECT_NEAR(whole.predicted, 0.9 + 1.6 + 0.7 + 0.1, 1e-6);
    EXPECT_EQ(whole.observed, 2);
    EXPECT_EQ(whole.log_loss(), whole.loss / 5);
    EXPECT_EQ(whole.ratio(), whole.predicted / 2);
    EXPECT_EQ(check(avocet::calibration(scores, labels)).weight, 4);
    // Those of parts add up.
    const auto part = [&](std::size_t from) {
        const auto two = [&](const floats &values) { return avocet::array_view<const float>(&values[from], 2); };
        return check(avocet::calibration(two(scores), two(labels), two(weights)));
    };
    avocet::calibration_result merged = check(avocet::calibration({}, {}));
    EXPECT_TRUE(std::isnan(merged.log_loss()));
    merged += part(0) + part(2);
    EXPECT_EQ(merged.weight, whole.weight);
    EXPECT_NEAR(merged.loss, whole.loss, 1e-12);
    EXPECT_NEAR(merged.predicted, whole.predicted, 1e-12);
    EXPECT_EQ(merged.observed, whole.observed);
}

TEST_F(Results, SamplesAndWalks) {
    const avocet::graph graph = graph_of({{0, 1, 2, 3}, {0}, {}}, 4), back = check(graph.transpose());
    const ids fanout{2, 3, 1};
    const avocet::graph sample = check(avocet::sample_neighbours(graph, fanout, {}));
    EXPECT_EQ(sample.edges(), 3u);
    EXPECT_EQ(sample.edge_id_limit(), 5u);
    const floats weights{0, 1, 0, 1, 1};
    const avocet::graph weighted =
        check(avocet::sample_neighbours(graph, fanout, {avocet::draw::weighted, 1, 0, weights}));
    ids numbers(3);
    check(weighted.edge_ids(numbers));
    EXPECT_EQ(numbers, (ids{1, 3, 4}));

    const avocet::power_law law = check(avocet::fit_power_law(graph));
    EXPECT_EQ(law.least, 1u);
    EXPECT_NEAR(law.exponent, 1 + 3 / std::log(4.0), 1e-6);
    ids adaptive(3);
    check(avocet::adaptive_fanout(graph, law, 2, 9, adaptive));
    EXPECT_EQ(adaptive[1], 9u);
    EXPECT_LT(adaptive[0], 9u);

    const avocet::graph walked = check(avocet::walk_neighbours(graph, back, fanout, {50, 1, 3, 0}));
    floats shares(walked.edges());
    check(walked.walk_weights(shares));
    EXPECT_EQ(walked.edges(), 4u + 3u);
    EXPECT_EQ(shares[4], 1);
    EXPECT_LT(shares[5], 1);
}

// Two nodes, one relation that joins also like to like, and no activation: linear in all weights.
TEST_F(Results, DualLayer) {
    const avocet::graph graph = graph_of({{1}, {0, 1}}, 2), back = check(graph.transpose());
    const floats s{1, 2}, t{10, 20}, ws{1}, wt{2}, across{3}, along{4};
    const avocet::dual_relation relations[] = {{&graph, &graph, {}, {}, {across, 1, 1}, avocet::matrix(along, 1, 1)}};
    avocet::dual_layer layer;
    layer.sources = {s, 2, 1};
    layer.targets = {t, 2, 1};
    layer.source_weights = {ws, 1, 1};
    layer.target_weights = {wt, 1, 1};
    layer.relations = relations;
    floats s_next(2), t_next(2);
    check(avocet::dual_forward(layer, {{s_next, 2, 1}, {t_next, 2, 1}}, workspace));
    EXPECT_EQ(s_next, (floats{1 + 3 * 20 + 4 * 2, 2 + 3 * 30 + 4 * 3}));
    EXPECT_EQ(t_next, (floats{20 + 3 * 2 + 4 * 20, 40 + 3 * 3 + 4 * 30}));

    const floats dy_s{1, 0}, dy_t{0, 0};
    const avocet::dual_back backs[] = {{&back, &back}};
    avocet::dual_result result;
    result.sources = {s_next, 2, 1};
    result.targets = {t_next, 2, 1};
    result.source_gradient = {dy_s, 2, 1};
    result.target_gradient = {dy_t, 2, 1};
    result.back = backs;
    floats ds(2), dt(2), dw(4, 100);
    const avocet::matrix_mut into[] = {{&dw[0], 1, 1}, {&dw[1], 1, 1}, {&dw[2], 1, 1}, {&dw[3], 1, 1}};
    check(avocet::dual_backward(layer, result, {avocet::matrix_mut(ds, 2, 1), avocet::matrix_mut(dt, 2, 1), into},
                                workspace));
    EXPECT_EQ(ds, (floats{1, 4}));
    EXPECT_EQ(dt, (floats{0, 3}));
    EXPECT_EQ(dw, (floats{101, 100, 120, 102}));
    // The gradients of rows need not be wanted.
    check(avocet::dual_backward(layer, result, {{}, {}, into}, workspace));
    EXPECT_EQ(dw, (floats{102, 100, 140, 104}));
}

}  // namespace
