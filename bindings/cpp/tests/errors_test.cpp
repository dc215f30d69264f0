// Bad input: what the binding itself refuses, in the words of the C function, and what it passes on to be refused.
// Outputs stay as they were.

#include "support.hpp"

#include <limits>

namespace {

using avocet::status;
using support::floats;
using support::graph_of;
using support::ids;
using support::refused;
using support::refused_real;
using support::refused_value;

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

// Three rows, four columns, five edges; matrices of two columns.
class Errors : public testing::Test {
  protected:
    void TearDown() override {
        EXPECT_EQ(out, floats(40, 7)) << "an output was written";
        EXPECT_EQ(counts, ids(40, 7)) << "an output was written";
    }

    /// A matrix of 2 columns whose last value is missing, and one that is whole.
    avocet::matrix cut(std::size_t rows) const { return {{values.data(), 2 * rows - 1}, rows, 2}; }
    avocet::matrix whole(std::size_t rows) const { return {{values.data(), 2 * rows}, rows, 2}; }
    avocet::matrix_mut cut_out(std::size_t rows) { return {{out.data(), 2 * rows - 1}, rows, 2}; }
    avocet::matrix_mut whole_out(std::size_t rows) { return {{out.data(), 2 * rows}, rows, 2}; }
    avocet::matrix_mut wide_out(std::size_t rows) { return {{out.data(), 3 * rows}, rows, 3}; }
    avocet::matrix_mut other_out(std::size_t rows) { return {{out.data() + 20, 2 * rows}, rows, 2}; }
    avocet::array_view<float> f(std::size_t len) { return {out.data(), len}; }
    avocet::array_view<std::uint32_t> u(std::size_t len) { return {counts.data(), len}; }
    avocet::array_view<const float> in(std::size_t len) const { return {values.data(), len}; }

    avocet::graph graph = graph_of({{0, 3}, {}, {1, 2, 3}}, 4), back = avocet::check(graph.transpose());
    avocet::graph closed;
    avocet::pool closed_pool;
    avocet::workspace closed_workspace, workspace = avocet::check(avocet::workspace::create());
    floats values = floats(40, 1), out = floats(40, 7);
    ids counts = ids(40, 7);
};

TEST_F(Errors, Map) {
    const auto f_ = avocet::function::exp;
    SHAPE(avocet::map(f_, in(3), f(2)), 3, "out", 2);
    SHAPE(avocet::map(f_, in(3), f(4)), 3, "out", 4);
    CLOSED(avocet::map(f_, {nullptr, 3}, f(3)), 2, "x");
    CLOSED(avocet::map(f_, in(3), {nullptr, 3}), 3, "out");
    CLOSED(avocet::map(f_, in(3), f(3), &closed_pool), 5, "pool");
    EXPECT_TRUE(refused(avocet::map(f_, f(3), f(3)), status::overlap, 3, "out"));
    EXPECT_TRUE(refused(avocet::map(f_, {values.data(), most}, {out.data(), most}), status::size_overflow, 4, "len"));
    EXPECT_TRUE(refused_value(avocet::map(static_cast<avocet::function>(9), in(3), f(3)), status::invalid_argument, 1,
                              "function", 0, 9));
}

TEST_F(Errors, Aggregate) {
    const auto with = [&](const avocet::aggregate_options &options) {
        return avocet::aggregate(graph, whole(4), options, whole_out(3));
    };
    CLOSED(avocet::aggregate(closed, whole(4), {}, whole_out(3)), 1, "graph");
    SHAPE(avocet::aggregate(graph, cut(4), {}, whole_out(3)), 2, "x.data", 7);
    SHAPE(avocet::aggregate(graph, whole(3), {}, whole_out(3)), 2, "x.rows", 3);
    SHAPE(avocet::aggregate(graph, whole(4), {}, cut_out(3)), 4, "out.data", 5);
    SHAPE(avocet::aggregate(graph, whole(4), {}, {out, 3, 3}), 4, "out.cols", 3);
    CLOSED(avocet::aggregate(graph, whole(4), {}, whole_out(3), &closed_pool), 5, "pool");
    avocet::aggregate_options options;
    options.edge_weights = in(4);
    SHAPE(with(options), 3, "options.edge_weights", 4);
    options.edge_weights = floats();  // given, and empty
    SHAPE(with(options), 3, "options.edge_weights", 0);
    options.edge_weights = avocet::array_view<const float>(nullptr, 5);
    CLOSED(with(options), 3, "options.edge_weights");
    // By the number of the edge: a part of a graph needs all of its values.
    const avocet::graph part = avocet::check(graph.select_rows(ids{0}));
    options.edge_weights = in(part.edges());
    SHAPE(avocet::aggregate(part, whole(4), options, whole_out(1)), 3, "options.edge_weights", 2);
    options = {};
    options.source_scale = in(3);
    SHAPE(with(options), 3, "options.source_scale", 3);
    options = {};
    options.row_scale = in(4);
    SHAPE(with(options), 3, "options.row_scale", 4);
    // Not about the length that a closed graph would ask for.
    CLOSED(avocet::aggregate(closed, whole(4), options, whole_out(3)), 1, "graph");
    options = {};
    options.reduce = static_cast<avocet::reduce>(-1);
    EXPECT_TRUE(refused_value(with(options), status::invalid_argument, 3, "options.reduce", 0, -1));

    CLOSED(avocet::edge_dots(closed, whole(3), whole(4), f(5)), 1, "graph");
    SHAPE(avocet::edge_dots(graph, cut(3), whole(4), f(5)), 2, "left.data", 5);
    SHAPE(avocet::edge_dots(graph, whole(3), cut(4), f(5)), 3, "right.data", 7);
    SHAPE(avocet::edge_dots(graph, whole(3), whole(4), f(4)), 4, "out", 4);
    CLOSED(avocet::edge_dots(graph, whole(3), whole(4), f(5), &closed_pool), 5, "pool");
}

TEST_F(Errors, Samples) {
    const ids fanout{1, 1, 1};
    const auto sample = [&](const avocet::sample_options &options) {
        return avocet::sample_neighbours(graph, fanout, options).error();
    };
    CLOSED(avocet::sample_neighbours(closed, fanout, {}).error(), 1, "graph");
    SHAPE(avocet::sample_neighbours(graph, ids{1, 1}, {}).error(), 2, "fanout", 2);
    CLOSED(avocet::sample_neighbours(graph, {nullptr, 3}, {}).error(), 2, "fanout");
    CLOSED(avocet::sample_neighbours(graph, fanout, {}, &closed_pool).error(), 5, "pool");
    avocet::sample_options options;
    options.draw = avocet::draw::weighted;
    CLOSED(sample(options), 3, "options.edge_weights");
    options.edge_weights = in(4);
    SHAPE(sample(options), 3, "options.edge_weights", 4);
    floats weights{1, 1, 1, -2.5f, 1};
    options.edge_weights = weights;
    EXPECT_TRUE(refused_real(sample(options), status::invalid_argument, 3, "options.edge_weights", 3, -2.5));
    weights[3] = infinity;
    EXPECT_TRUE(refused(sample(options), status::not_finite, 3, "options.edge_weights", 3));

    const avocet::power_law law{1, 2.5};
    CLOSED(avocet::adaptive_fanout(closed, law, 1, 2, u(3)), 1, "graph");
    const auto adaptive = [&](const avocet::power_law &of, std::uint32_t min, std::size_t len) {
        return avocet::adaptive_fanout(graph, of, min, 2, u(len));
    };
    EXPECT_TRUE(refused(adaptive({0, 2.5}, 1, 3), status::invalid_argument, 2, "law.least"));
    EXPECT_TRUE(refused_value(adaptive(law, 3, 3), status::invalid_argument, 3, "min", 0, 3));
    SHAPE(adaptive(law, 1, 2), 5, "out", 2);

    const avocet::walk_options walks{9, 1, 0, 0};
    CLOSED(avocet::walk_neighbours(closed, back, fanout, walks).error(), 1, "graph");
    CLOSED(avocet::walk_neighbours(graph, closed, fanout, walks).error(), 2, "back");
    SHAPE(avocet::walk_neighbours(graph, graph, fanout, walks).error(), 2, "back.rows", 3);
    SHAPE(avocet::walk_neighbours(graph, back, ids(4), walks).error(), 3, "fanout", 4);
    CLOSED(avocet::walk_neighbours(graph, back, fanout, walks, &closed_pool).error(), 6, "pool");
    EXPECT_TRUE(refused(avocet::walk_neighbours(graph, back, fanout, {}).error(), status::invalid_argument, 4,
                        "options.walks"));
}

TEST_F(Errors, Dense) {
    const avocet::addend one{whole(3), whole(2)};
    const auto product = [&](const avocet::addend &second) {
        const avocet::addend two[] = {one, second};
        return avocet::dense_product(two, {}, whole_out(3), {}, workspace);
    };
    SHAPE_AT(product({cut(3), whole(2)}), 1, "addends.x.data", 1, 5);
    SHAPE_AT(product({whole(3), cut(2)}), 1, "addends.w.data", 1, 3);
    SHAPE_AT(product({whole(4), whole(2)}), 1, "addends.x.rows", 1, 4);
    const std::vector<avocet::addend> seventeen(avocet::max_addends + 1, one);
    EXPECT_TRUE(refused_value(avocet::dense_product(seventeen, {}, whole_out(3), {}, workspace),
                              status::invalid_argument, 2, "addend_count", 0, 17));
    CLOSED(avocet::dense_product({nullptr, 1}, {}, whole_out(3), {}, workspace), 1, "addends");
    const avocet::array_view<const avocet::addend> addends(&one, 1);
    SHAPE(avocet::dense_product(addends, {}, cut_out(3), {}, workspace), 4, "out.data", 5);
    SHAPE(avocet::dense_product(addends, {}, whole_out(3), avocet::array_view<float>(&out[30], 2), workspace), 5,
          "norms", 2);
    CLOSED(avocet::dense_product(addends, {}, whole_out(3), {}, workspace, &closed_pool), 6, "pool");
    CLOSED(avocet::dense_product(addends, {}, whole_out(3), {}, closed_workspace), 7, "workspace");
    const avocet::dense_options normalise{false, avocet::activation::none, true};
    CLOSED(avocet::dense_product(addends, normalise, whole_out(3), {}, workspace), 5, "norms");

    SHAPE(avocet::dense_activate({}, cut_out(3), {}), 2, "rows.data", 5);
    SHAPE(avocet::dense_activate({}, whole_out(3), avocet::array_view<float>(&out[30], 4)), 3, "norms", 4);
    CLOSED(avocet::dense_activate({}, whole_out(3), {}, &closed_pool), 4, "pool");
    const avocet::dense_options unknown{false, static_cast<avocet::activation>(3), false};
    EXPECT_TRUE(refused_value(avocet::dense_activate(unknown, whole_out(3), {}), status::invalid_argument, 1,
                              "options.activation", 0, 3));

    const auto backward = [&](const avocet::matrix &y, avocet::optional_array<const float> norms,
                              const avocet::matrix &dy, const avocet::matrix_mut &dz,
                              const avocet::pool *pool = nullptr) {
        return avocet::dense_activate_backward({}, y, norms, dy, dz, pool);
    };
    SHAPE(backward(cut(3), {}, whole(3), whole_out(3)), 2, "y.data", 5);
    SHAPE(backward(whole(3), in(2), whole(3), whole_out(3)), 3, "norms", 2);
    SHAPE(backward(whole(3), {}, cut(3), whole_out(3)), 4, "dy.data", 5);
    SHAPE(backward(whole(3), {}, whole(3), cut_out(3)), 5, "dz.data", 5);
    CLOSED(backward(whole(3), {}, whole(3), whole_out(3), &closed_pool), 6, "pool");

    const auto gradient = [&](const avocet::matrix &x, const avocet::matrix &dz, const avocet::matrix_mut &to,
                              avocet::workspace &in_, const avocet::pool *pool = nullptr) {
        return avocet::dense_weight_gradient(x, dz, false, to, in_, pool);
    };
    SHAPE(gradient(cut(3), whole(3), whole_out(2), workspace), 1, "x.data", 5);
    SHAPE(gradient(whole(3), cut(3), whole_out(2), workspace), 2, "dz.data", 5);
    SHAPE(gradient(whole(3), whole(3), cut_out(2), workspace), 4, "out.data", 3);
    CLOSED(gradient(whole(3), whole(3), whole_out(2), workspace, &closed_pool), 5, "pool");
    CLOSED(gradient(whole(3), whole(3), whole_out(2), closed_workspace), 6, "workspace");
}

TEST_F(Errors, Scores) {
    const auto top = [&](const avocet::graph *exclude, std::size_t k, const avocet::top_k_lists &lists) {
        return avocet::top_k(whole(3), whole(4), exclude, k, lists, workspace);
    };
    const avocet::array_view<std::uint32_t> each(&counts[20], 3), other(&counts[30], 3);
    const avocet::top_k_lists good{u(6), f(6), each};
    SHAPE(avocet::top_k(cut(3), whole(4), nullptr, 2, good, workspace), 1, "queries.data", 5);
    SHAPE(avocet::top_k(whole(3), cut(4), nullptr, 2, good, workspace), 2, "targets.data", 7);
    CLOSED(top(&closed, 2, good), 3, "exclude");
    SHAPE(top(&back, 2, good), 3, "exclude.rows", 4);
    const avocet::graph unsorted = graph_of({{0, 3}, {}, {1, 3, 2}}, 4);
    EXPECT_TRUE(refused_value(top(&unsorted, 2, good), status::not_sorted, 3, "exclude.indices", 4, 2));
    EXPECT_TRUE(refused(top(nullptr, most / 2, good), status::size_overflow, 4, "k"));
    SHAPE(top(nullptr, 2, {u(5), f(6), each}), 5, "ids", 5);
    SHAPE(top(nullptr, 2, {u(6), f(7), each}), 6, "scores", 7);
    SHAPE(top(nullptr, 2, {u(6), f(6), u(2)}), 7, "counts", 2);
    SHAPE(top(nullptr, 2, {u(6), f(6), each, u(4)}), 8, "nan_counts", 4);
    EXPECT_TRUE(refused(top(nullptr, 2, {u(6), f(6), each, each}), status::overlap, 8, "nan_counts"));
    CLOSED(avocet::top_k(whole(3), whole(4), nullptr, 2, good, workspace, &closed_pool), 9, "pool");
    CLOSED(avocet::top_k(whole(3), whole(4), nullptr, 2, good, closed_workspace), 10, "workspace");

    const auto ranks = [&](const avocet::graph &given, const avocet::graph *exclude,
                           avocet::array_view<std::uint32_t> better, avocet::array_view<std::uint32_t> equal) {
        return avocet::rank_counts(whole(3), whole(4), given, exclude, better, equal, workspace);
    };
    const avocet::array_view<std::uint32_t> five(&counts[20], 5);
    SHAPE(avocet::rank_counts(cut(3), whole(4), graph, nullptr, u(5), five, workspace), 1, "queries.data", 5);
    SHAPE(avocet::rank_counts(whole(3), cut(4), graph, nullptr, u(5), five, workspace), 2, "targets.data", 7);
    CLOSED(ranks(closed, nullptr, u(5), five), 3, "given");
    CLOSED(ranks(graph, &closed, u(5), five), 4, "exclude");
    SHAPE(ranks(graph, nullptr, u(4), five), 5, "better", 4);
    SHAPE(ranks(graph, nullptr, u(5), other), 6, "equal", 3);
    CLOSED(avocet::rank_counts(whole(3), whole(4), graph, nullptr, u(5), five, workspace, &closed_pool), 7, "pool");
    CLOSED(avocet::rank_counts(whole(3), whole(4), graph, nullptr, u(5), five, closed_workspace), 8, "workspace");
}

TEST_F(Errors, EdgeLoss) {
    const auto loss = [&](const avocet::graph &g, const avocet::graph &t, const avocet::matrix &s,
                          const avocet::matrix &targets, avocet::optional_array<const float> weights,
                          std::optional<avocet::matrix_mut> ds, std::optional<avocet::matrix_mut> dt,
                          const avocet::edge_term &term = {}) {
        const auto result = avocet::edge_loss(g, t, s, targets, term, weights, ds, dt, workspace);
        EXPECT_EQ(result->loss, 0);
        return result.error();
    };
    const auto s = whole(3), t = whole(4);
    CLOSED(loss(closed, back, s, t, in(5), {}, {}), 1, "graph");
    CLOSED(loss(graph, closed, s, t, {}, {}, {}), 2, "transposed");
    EXPECT_TRUE(refused(loss(back, graph, t, s, {}, {}, {}), status::invalid_argument, 1, "graph"));
    SHAPE(loss(graph, back, cut(3), t, {}, {}, {}), 3, "sources.data", 5);
    SHAPE(loss(graph, back, s, cut(4), {}, {}, {}), 4, "targets.data", 7);
    SHAPE(loss(graph, back, s, t, in(4), {}, {}), 6, "edge_weights", 4);
    SHAPE(loss(graph, back, s, t, {}, cut_out(3), other_out(4)), 7, "source_gradient.data", 5);
    SHAPE(loss(graph, back, s, t, {}, other_out(3), cut_out(4)), 8, "target_gradient.data", 7);
    SHAPE(loss(graph, back, s, t, {}, other_out(2), whole_out(4)), 7, "source_gradient.rows", 2);
    SHAPE(loss(graph, back, s, t, {}, other_out(3), wide_out(4)), 8, "target_gradient.cols", 3);
    EXPECT_TRUE(refused(loss(graph, back, s, t, {}, whole_out(3), whole_out(4)), status::overlap, 8,
                        "target_gradient.data"));
    const avocet::edge_term cold{avocet::edge_kind::positive, 0};
    EXPECT_TRUE(refused(loss(graph, back, s, t, {}, {}, {}, cold), status::invalid_argument, 5, "term.temperature"));
    CLOSED(avocet::edge_loss(graph, back, s, t, {}, {}, {}, {}, workspace, &closed_pool).error(), 10, "pool");
    CLOSED(avocet::edge_loss(graph, back, s, t, {}, {}, {}, {}, closed_workspace).error(), 11, "workspace");
}

TEST_F(Errors, SoftmaxLoss) {
    const ids negatives{0, 3};
    const auto loss = [&](const avocet::graph &g, const avocet::graph &t, const avocet::matrix &s,
                          const avocet::matrix &targets, avocet::optional_array<const float> weights,
                          std::optional<avocet::matrix_mut> ds, std::optional<avocet::matrix_mut> dt) {
        return avocet::softmax_loss(g, t, s, targets, negatives, {}, weights, ds, dt, workspace).error();
    };
    const auto s = whole(3), t = whole(4);
    CLOSED(loss(closed, back, s, t, in(5), {}, {}), 1, "positives");
    CLOSED(loss(graph, closed, s, t, {}, {}, {}), 2, "transposed");
    SHAPE(loss(graph, back, cut(3), t, {}, {}, {}), 3, "sources.data", 5);
    SHAPE(loss(graph, back, s, cut(4), {}, {}, {}), 4, "targets.data", 7);
    EXPECT_TRUE(refused_value(avocet::softmax_loss(graph, back, s, t, ids{0, 4}, {}, {}, {}, {}, workspace).error(),
                              status::index_out_of_range, 5, "negatives", 1, 4));
    const avocet::softmax_term undefined{nan, 1};
    EXPECT_TRUE(refused(avocet::softmax_loss(graph, back, s, t, negatives, undefined, {}, {}, {}, workspace).error(),
                        status::not_finite, 6, "term.temperature"));
    SHAPE(loss(graph, back, s, t, in(6), {}, {}), 7, "edge_weights", 6);
    SHAPE(loss(graph, back, s, t, {}, cut_out(3), other_out(4)), 8, "source_gradient.data", 5);
    SHAPE(loss(graph, back, s, t, {}, other_out(3), cut_out(4)), 9, "target_gradient.data", 7);
    SHAPE(loss(graph, back, s, t, {}, wide_out(3), other_out(4)), 8, "source_gradient.cols", 3);
    SHAPE(loss(graph, back, s, t, {}, whole_out(3), other_out(3)), 9, "target_gradient.rows", 3);
    CLOSED(loss(graph, back, s, t, {}, whole_out(3), {}), 9, "target_gradient");
    CLOSED(avocet::softmax_loss(graph, back, s, t, negatives, {}, {}, {}, {}, workspace, &closed_pool).error(), 11,
           "pool");
    CLOSED(avocet::softmax_loss(graph, back, s, t, negatives, {}, {}, {}, {}, closed_workspace).error(), 12,
           "workspace");
}

TEST_F(Errors, Optimisers) {
    const avocet::array_view<float> p(&out[0], 3), m(&out[10], 3), v(&out[20], 3);
    SHAPE(avocet::adam(1, 1, {}, p, in(2), m, v), 5, "gradient", 2);
    SHAPE(avocet::adam(1, 1, {}, p, in(3), f(4), v), 6, "first_moment", 4);
    SHAPE(avocet::adam(1, 1, {}, p, in(3), m, f(2)), 7, "second_moment", 2);
    EXPECT_TRUE(refused(avocet::adam(1, 1, {}, p, in(3), p, v), status::overlap, 6, "first_moment"));
    CLOSED(avocet::adam(1, 1, {}, p, in(3), m, v, &closed_pool), 9, "pool");
    EXPECT_TRUE(refused_value(avocet::adam(1, 0, {}, p, in(3), m, v), status::invalid_argument, 2, "step", 0, 0));
    EXPECT_TRUE(refused(avocet::adam(1, 1, {1}, p, in(3), m, v), status::invalid_argument, 3, "options.beta1"));
    EXPECT_TRUE(refused(avocet::adam(nan, 1, {}, p, in(3), m, v), status::not_finite, 1, "rate"));

    const auto step = [&](const ids &rows, const avocet::matrix &gradient, const avocet::matrix_mut &table,
                          const avocet::matrix_mut &squares, const avocet::pool *pool = nullptr) {
        return avocet::adagrad_rows(1, 0, rows, gradient, table, squares, pool);
    };
    const ids rows{0, 2};
    SHAPE(step(rows, cut(2), whole_out(4), other_out(4)), 4, "gradient.data", 3);
    SHAPE(step(rows, whole(3), whole_out(4), other_out(4)), 4, "gradient.rows", 3);
    SHAPE(step(rows, whole(2), cut_out(4), other_out(4)), 5, "table.data", 7);
    SHAPE(step(rows, whole(2), other_out(4), cut_out(4)), 6, "squares.data", 7);
    CLOSED(step(rows, whole(2), whole_out(4), other_out(4), &closed_pool), 7, "pool");
    EXPECT_TRUE(refused_value(step({2, 2}, whole(2), whole_out(4), other_out(4)), status::not_sorted, 3, "rows", 1, 2));
    EXPECT_TRUE(refused_value(step({0, 4}, whole(2), whole_out(4), other_out(4)), status::index_out_of_range, 3, "rows",
                              1, 4));
}

// Outputs start at 0, 10 and 20 of one array.
class LogisticErrors : public Errors {
  protected:
    LogisticErrors() { targets.labels = targets.weights = in(3); }
    ~LogisticErrors() override { EXPECT_EQ(sum, 7) << "the sum was written"; }

    avocet::logistic_outputs at(std::size_t gradient, std::size_t curvature) {
        return {f(3), avocet::array_view<float>(&out[gradient], 3), avocet::array_view<float>(&out[curvature], 3),
                &sum};
    }

    avocet::error loss(const avocet::logistic_outputs &into, const avocet::pool *pool = nullptr) {
        return avocet::logistic_pointwise(in(3), targets, into, workspace, pool);
    }

    avocet::logistic_targets targets;
    double sum = 7;
};

TEST_F(LogisticErrors, Targets) {
    using array = avocet::optional_array<const float>;
    const auto refuses = [&](array &field, const char *name) {
        const array good = field;
        field = in(2);
        SHAPE(loss(at(10, 20)), 2, name, 2);
        field = floats();  // given, and empty
        SHAPE(loss(at(10, 20)), 2, name, 0);
        field = avocet::array_view<const float>(nullptr, 3);
        CLOSED(loss(at(10, 20)), 2, name);
        field = good;
    };
    refuses(targets.labels, "targets.labels");
    refuses(targets.weights, "targets.weights");
    targets.labels.reset();
    CLOSED(loss(at(10, 20)), 2, "targets.labels");
    targets.a = targets.b = in(3);
    EXPECT_TRUE(refused(loss(at(10, 20)), status::invalid_argument, 2, "targets.weights"));
    targets.labels = in(3);
    EXPECT_TRUE(refused(loss(at(10, 20)), status::invalid_argument, 2, "targets.labels"));
    targets = {{}, {}, in(3), in(3)};
    refuses(targets.a, "targets.a");
    refuses(targets.b, "targets.b");
    targets.a.reset();
    CLOSED(loss(at(10, 20)), 2, "targets.a");
    targets.a = in(3);
    targets.b.reset();
    CLOSED(loss(at(10, 20)), 2, "targets.b");
}

// The first one, also where threads share the rows. The arrays are unspecified then, the sum is not.
TEST_F(LogisticErrors, ValuesFoundOnTheWay) {
    const std::size_t n = 100000, at = 54321;
    const avocet::pool pool = avocet::check(avocet::pool::create(2));
    const floats x(n, 0.5f), good(n, 1);
    floats bad(n, 1), gradient(n);
    const auto value_at = [&](float value, bool signed_weights, int which) {
        bad[at] = value;
        bad[n - 1] = value;
        targets = {};
        targets.signed_weights = signed_weights;
        (which < 2 ? targets.labels : targets.a) = which % 2 == 0 ? bad : good;
        (which < 2 ? targets.weights : targets.b) = which % 2 == 0 ? good : bad;
        double found = 7;
        const avocet::logistic_outputs into{{}, gradient, {}, &found};
        const avocet::error outcome = avocet::logistic_pointwise(x, targets, into, workspace, &pool);
        EXPECT_EQ(found == 7, static_cast<bool>(outcome));
        return outcome;
    };
    const char *const names[] = {"targets.labels", "targets.weights", "targets.a", "targets.b"};
    for (int which = 0; which < 4; which++) {
        SCOPED_TRACE(names[which]);
        for (const bool signed_weights : {false, true}) {
            const bool label = which == 0;
            EXPECT_TRUE(refused_real(value_at(nan, signed_weights, which), status::not_finite, 2, names[which], at,
                                     nan));
            EXPECT_TRUE(refused_real(value_at(infinity, signed_weights, which),
                                     label ? status::invalid_argument : status::not_finite, 2, names[which], at,
                                     infinity));
            const avocet::error negative = value_at(-1, signed_weights, which);
            if (signed_weights && !label) {
                EXPECT_FALSE(negative) << negative.message();
            } else {
                EXPECT_TRUE(refused_real(negative, status::invalid_argument, 2, names[which], at, -1));
            }
        }
    }
    EXPECT_TRUE(refused_real(value_at(1.5f, false, 0), status::invalid_argument, 2, "targets.labels", at, 1.5));
}

TEST_F(LogisticErrors, Outputs) {
    CLOSED(avocet::logistic_pointwise({nullptr, 3}, targets, at(10, 20), workspace), 1, "logits");
    EXPECT_TRUE(refused(avocet::logistic_pointwise(f(3), targets, at(10, 20), workspace), status::overlap, 3,
                        "losses"));
    const avocet::array_view<float> absent(nullptr, 3);
    for (const std::size_t len : {0u, 2u, 4u}) {
        const auto found = static_cast<std::int64_t>(len);
        SHAPE(loss({f(len), {}, {}, &sum}), 3, "losses", found);
        SHAPE(loss({{}, f(len), {}, &sum}), 4, "gradient", found);
        SHAPE(loss({{}, {}, f(len), &sum}), 5, "curvature", found);
    }
    CLOSED(loss({absent, {}, {}, &sum}), 3, "losses");
    CLOSED(loss({{}, absent, {}, &sum}), 4, "gradient");
    CLOSED(loss({{}, {}, absent, &sum}), 5, "curvature");
    EXPECT_TRUE(refused(loss(at(2, 20)), status::overlap, 4, "gradient"));
    EXPECT_TRUE(refused(loss(at(10, 12)), status::overlap, 5, "curvature"));
    alignas(double) float both[] = {7, 7, 7};
    double *const shared = reinterpret_cast<double *>(both);
    EXPECT_TRUE(refused(loss({avocet::array_view<float>(both), {}, {}, shared}), status::overlap, 6, "sum"));
    EXPECT_EQ(both[0] + both[1] + both[2], 21);
    const avocet::array_view<const float> endless(values.data(), most);
    EXPECT_TRUE(refused(avocet::logistic_pointwise(endless, {endless}, {{}, {}, {}, &sum}, workspace),
                        status::size_overflow, 7, "rows"));
    CLOSED(loss(at(10, 20), &closed_pool), 8, "pool");
    CLOSED(avocet::logistic_pointwise(in(3), targets, at(10, 20), closed_workspace), 9, "workspace");
}

// Three rows of two columns, dense or sparse; margins and vectors start at 0, 10, 20 and 30 of one array.
class LogisticBatchErrors : public Errors {
  protected:
    LogisticBatchErrors() {
        rows = {whole(3), in(2), 0, in(3)};
        targets.labels = targets.weights = in(3);
        const auto at = [&](std::size_t from, std::size_t len) { return avocet::array_view<float>(&out[from], len); };
        into = {at(0, 3), at(10, 2), at(20, 2), at(30, 2), in(2), 0};
    }

    avocet::error run(const avocet::pool *pool = nullptr) {
        const auto found = avocet::logistic_batch(rows, targets, into, workspace, pool);
        EXPECT_EQ(found->loss, 0);
        return found.error();
    }

    /// An array that may be left out.
    template <class T>
    void refuses(avocet::optional_array<T> &field, std::size_t len, int argument, const char *name) {
        const auto good = field;
        T *const data = field->data();
        for (const std::size_t bad : {std::size_t{0}, len - 1, len + 1}) {
            field = avocet::array_view<T>(data, bad);
            SHAPE(run(), argument, name, static_cast<std::int64_t>(bad));
        }
        field = avocet::array_view<T>(nullptr, len);
        CLOSED(run(), argument, name);
        field = good;
    }

    const ids offsets{0, 1, 1, 3}, columns{1, 0, 1};
    const avocet::csr csr{3, 2, offsets, columns};
    const avocet::sparse_rows prepared = avocet::check(avocet::sparse_rows::create(csr)), closed_rows;
    avocet::logistic_rows rows;
    avocet::logistic_targets targets;
    avocet::logistic_batch_outputs into;
};

TEST_F(LogisticBatchErrors, Dense) {
    rows.features = cut(3);
    SHAPE(run(), 1, "rows.x.data", 5);
    rows.features = {values, 3, 2, 1};
    SHAPE(run(), 1, "rows.x.stride", 1);
    rows.features = {static_cast<const float *>(nullptr), 3, 2};
    CLOSED(run(), 1, "rows.x.data");
    const std::vector<avocet::f16> halves(6);
    const std::vector<avocet::bf16> brains(5);
    rows.features = {halves, 4, 2};
    SHAPE(run(), 1, "rows.x.data", 6);
    rows.features = {static_cast<const avocet::f16 *>(nullptr), 3, 2};
    CLOSED(run(), 1, "rows.x.data");
    rows.features = {brains, 3, 2};
    SHAPE(run(), 1, "rows.x.data", 5);
    rows.features = avocet::matrix_bf16(brains, 2, 3, 2);
    rows.offsets.reset();
    rows.weights = in(3);
    SHAPE(avocet::logistic_batch(rows, {}, {}, workspace).error(), 1, "rows.x.stride", 2);
    const avocet::logistic_rows endless{{values.data(), most, 2}, in(2)};
    EXPECT_TRUE(refused(avocet::logistic_batch(endless, {}, {}, workspace).error(), status::size_overflow, 1,
                        "rows.x.rows"));
}

TEST_F(LogisticBatchErrors, Rows) {
    rows.features = {};
    CLOSED(run(), 1, "rows.x");
    for (const avocet::logistic_features &features :
         {avocet::logistic_features(whole(3)), avocet::logistic_features(csr),
          avocet::logistic_features(prepared), avocet::logistic_features(prepared, true)}) {
        rows.features = features;
        refuses(rows.weights, 2, 1, "rows.weights");
        refuses(rows.offsets, 3, 1, "rows.offsets");
        const auto good = rows.weights;
        rows.weights.reset();
        CLOSED(run(), 1, "rows.weights");
        rows.weights = good;
    }
}

TEST_F(LogisticBatchErrors, Sparse) {
    rows.features = {csr};
    for (const std::size_t len : {0u, 2u, 4u}) {
        rows.features = {csr, in(len)};
        SHAPE(run(), 1, "rows.values", static_cast<std::int64_t>(len));
    }
    rows.features = {csr, avocet::array_view<const float>(nullptr, 3)};
    CLOSED(run(), 1, "rows.values");
    const floats undefined{1, nan, infinity};
    rows.features = {csr, undefined};
    EXPECT_TRUE(refused_real(run(), status::not_finite, 1, "rows.values", 1, nan));
    const avocet::csr too_short{3, 2, {offsets.data(), 3}, columns}, too_long{2, 2, offsets, columns};
    rows.features = {too_short};
    SHAPE(run(), 1, "rows.csr.offsets", 3);
    rows = {too_long, in(2)};
    SHAPE(run(), 1, "rows.csr.offsets", 4);
    // What is wrong within the rows is found by the library.
    const auto found = [&](const avocet::csr &bad) {
        rows = {bad, in(2), 0, in(3)};
        return run();
    };
    const auto is = [](const avocet::error &outcome, status why, const char *field, std::uint64_t position,
                       std::int64_t value) {
        return outcome.status() == why && outcome.argument() == 1 && outcome.name() == std::string("rows.csr.") + field &&
               outcome.position() == position && outcome.integer() == value;
    };
    EXPECT_TRUE(is(found({3, 2, ids{0, 2, 1, 3}, columns}), status::invalid_offsets, "offsets", 2, 1));
    EXPECT_TRUE(is(found({3, 2, offsets, ids{1, 0, 2}}), status::index_out_of_range, "indices", 2, 2));
    EXPECT_TRUE(is(found({3, 2, offsets, std::vector<std::int64_t>{1, -1, 0}}), status::index_out_of_range, "indices",
                   1, -1));
    EXPECT_TRUE(is(found({3, 2, {static_cast<const int *>(nullptr), 4}, columns}), status::null_pointer, "offsets", 0,
                   0));
    EXPECT_TRUE(is(found({3, 2, offsets, {static_cast<const int *>(nullptr), 3}}), status::null_pointer, "indices", 0,
                   0));
    const avocet::csr endless{most, 2, offsets, columns};
    const avocet::logistic_rows too_many{endless, in(2)};
    EXPECT_EQ(avocet::logistic_batch(too_many, {}, {}, workspace).error().status(), status::size_overflow);
}

TEST_F(LogisticBatchErrors, Prepared) {
    for (const bool compact : {false, true}) {
        rows = {{closed_rows, compact}, in(2), 0, in(3)};
        CLOSED(run(), 1, "rows.prepared");
    }
    // Two of three columns occur.
    const avocet::sparse_rows wide = avocet::check(avocet::sparse_rows::create({3, 3, offsets, columns}));
    rows = {wide, in(2), 0, in(3)};
    SHAPE(run(), 1, "rows.weights", 2);
    rows = {{wide, true}, in(3), 0, in(3)};
    SHAPE(run(), 1, "rows.weights", 3);
    rows.weights = in(2);
    into.gradient = avocet::array_view<float>(&out[10], 3);
    SHAPE(run(), 3, "out.gradient", 3);
}

// A factor of a sparse row that is not finite, found on the way, and a vector along which there is no product.
TEST_F(LogisticBatchErrors, SparseRowsWithoutAFactor) {
    const floats weights{1, nan}, along{1, infinity};
    into.margins.reset();
    for (const avocet::logistic_features &features :
         {avocet::logistic_features(csr), avocet::logistic_features(prepared, true)}) {
        rows = {features, weights};
        EXPECT_TRUE(refused(run(), status::not_finite, 1, "rows.weights", 0));
        rows.weights = in(2);
        into.along = along;
        EXPECT_TRUE(refused_real(run(), status::not_finite, 3, "out.along", 1, infinity));
        into.along = in(2);
    }
}

TEST_F(LogisticBatchErrors, Targets) {
    refuses(targets.labels, 3, 2, "targets.labels");
    refuses(targets.weights, 3, 2, "targets.weights");
    targets.labels.reset();
    CLOSED(run(), 2, "targets.labels");
    targets = {{}, {}, in(3), in(3)};
    refuses(targets.a, 3, 2, "targets.a");
    refuses(targets.b, 3, 2, "targets.b");
    targets.labels = in(3);
    EXPECT_TRUE(refused(run(), status::invalid_argument, 2, "targets.labels"));
    targets = {};
    CLOSED(run(), 2, "targets");
}

// The first one, also where threads share the rows. Only margins are unspecified then.
TEST_F(LogisticBatchErrors, ValuesFoundOnTheWay) {
    const std::size_t n = 100000, at = 54321;
    const avocet::pool pool = avocet::check(avocet::pool::create(2));
    const floats x(2 * n, 0.5f), good(n, 1);
    rows = {{x, n, 2}, in(2)};
    into.margins.reset();
    for (const avocet::pool *threads : {static_cast<const avocet::pool *>(nullptr), &pool}) {
        const auto value_at = [&](float value, bool label) {
            floats bad = good;
            bad[at] = bad[n - 1] = value;
            targets = {label ? bad : good, label ? good : bad};
            return run(threads);
        };
        EXPECT_TRUE(refused_real(value_at(nan, true), status::not_finite, 2, "targets.labels", at, nan));
        EXPECT_TRUE(refused_real(value_at(1.5f, true), status::invalid_argument, 2, "targets.labels", at, 1.5));
        EXPECT_TRUE(refused_real(value_at(infinity, false), status::not_finite, 2, "targets.weights", at, infinity));
        EXPECT_TRUE(refused_real(value_at(-1, false), status::invalid_argument, 2, "targets.weights", at, -1));
    }
}

TEST_F(LogisticBatchErrors, Outputs) {
    refuses(into.margins, 3, 3, "out.margins");
    refuses(into.gradient, 2, 3, "out.gradient");
    refuses(into.curvature, 2, 3, "out.curvature");
    refuses(into.product, 2, 3, "out.product");
    refuses(into.along, 2, 3, "out.along");
    const avocet::logistic_batch_outputs good = into;
    into.along.reset();
    CLOSED(run(), 3, "out.along");
    into = good;
    into.gradient = avocet::array_view<float>(&out[2], 2);
    EXPECT_TRUE(refused(run(), status::overlap, 3, "out.gradient"));
    into = good;
    into.product = avocet::array_view<float>(&out[21], 2);
    EXPECT_TRUE(refused(run(), status::overlap, 3, "out.product"));
    into = good;
    rows.offsets = f(3);
    EXPECT_TRUE(refused(run(), status::overlap, 3, "out.margins"));
    rows.offsets = in(3);
    CLOSED(run(&closed_pool), 5, "pool");
    CLOSED(avocet::logistic_batch(rows, targets, into, closed_workspace).error(), 6, "workspace");
}

// Rows as in a batch; the weights start at 0.
class LogisticFitErrors : public LogisticBatchErrors {
  protected:
    avocet::error fit(std::size_t len = 2, const avocet::pool *pool = nullptr) {
        const auto found = avocet::logistic_fit(rows, targets, options, f(len), pool);
        EXPECT_EQ(found->passes, 0u);
        return found.error();
    }

    avocet::logistic_fit_options options;
};

TEST_F(LogisticFitErrors, OfTheRowsAndTargets) {
    rows.features = cut(3);
    SHAPE(fit(), 1, "rows.x.data", 5);
    rows.features = {closed_rows, true};
    CLOSED(fit(), 1, "rows.prepared");
    rows.features = {};
    CLOSED(fit(), 1, "rows.x");
    rows.features = {prepared, true};
    rows.offsets = in(2);
    SHAPE(fit(), 1, "rows.offsets", 2);
    rows.offsets = in(3);
    rows.weights = in(3);
    SHAPE(fit(), 1, "rows.weights", 3);
    rows.weights = f(2);
    EXPECT_TRUE(refused(fit(), status::overlap, 4, "weights"));
    rows.weights.reset();
    rows.intercept = nan;
    EXPECT_TRUE(refused_real(fit(), status::not_finite, 1, "rows.intercept", 0, nan));
    rows.intercept = 0;
    targets.labels = in(2);
    SHAPE(fit(), 2, "targets.labels", 2);
    targets = {};
    CLOSED(fit(), 2, "targets.labels");
    const floats labels{0, 1, 2};
    targets = {labels};
    EXPECT_TRUE(refused_real(fit(), status::invalid_argument, 2, "targets.labels", 2, 2));
}

TEST_F(LogisticFitErrors, OptionsAndOutputs) {
    options.iterations = 0;
    EXPECT_TRUE(refused_value(fit(), status::invalid_argument, 3, "options.iterations", 0, 0));
    options.iterations = 1;
    for (const std::size_t history : {0u, 65u}) {
        options.history = history;
        EXPECT_TRUE(refused_value(fit(), status::invalid_argument, 3, "options.history", 0,
                                  static_cast<std::int64_t>(history)));
    }
    options.history = 64;
    const auto refuses_values = [&](float &field, const char *name) {
        const float good = field;
        field = -1;
        EXPECT_TRUE(refused_real(fit(), status::invalid_argument, 3, name, 0, -1));
        for (const float bad : {nan, infinity}) {
            field = bad;
            EXPECT_TRUE(refused_real(fit(), status::not_finite, 3, name, 0, bad));
        }
        field = good;
    };
    refuses_values(options.l2, "options.l2");
    refuses_values(options.tolerance, "options.tolerance");
    for (const std::size_t len : {0u, 1u, 3u}) {
        SHAPE(fit(len), 4, "weights", static_cast<std::int64_t>(len));
    }
    CLOSED(avocet::logistic_fit(rows, targets, options, {nullptr, 2}).error(), 4, "weights");
    CLOSED(fit(2, &closed_pool), 7, "pool");
}

TEST_F(LogisticErrors, Product) {
    const auto product = [&](avocet::array_view<const float> second, const avocet::logistic_product_outputs &to,
                             const avocet::pool *pool = nullptr) {
        return avocet::logistic_product(in(3), second, targets, to, workspace, pool);
    };
    const avocet::array_view<float> absent(nullptr, 3), other(&out[10], 3), third(&out[20], 3);
    const avocet::logistic_product_outputs good{f(3), other, third, &sum};
    CLOSED(avocet::logistic_product({nullptr, 3}, in(3), targets, good, workspace), 1, "first");
    CLOSED(product({nullptr, 3}, good), 2, "second");
    for (const std::size_t len : {0u, 2u, 4u}) {
        const auto found = static_cast<std::int64_t>(len);
        SHAPE(product(in(len), good), 2, "second", found);
        SHAPE(product(in(3), {f(len), {}, {}, &sum}), 4, "losses", found);
        SHAPE(product(in(3), {{}, f(len), {}, &sum}), 5, "first_gradient", found);
        SHAPE(product(in(3), {{}, {}, f(len), &sum}), 6, "second_gradient", found);
        const avocet::logistic_targets bad[] = {
            {in(len)}, {in(3), in(len)}, {{}, {}, in(len), in(3)}, {{}, {}, in(3), in(len)}};
        const char *const names[] = {"targets.labels", "targets.weights", "targets.a", "targets.b"};
        for (std::size_t at = 0; at < 4; at++) {
            SHAPE(avocet::logistic_product(in(3), in(3), bad[at], good, workspace), 3, names[at], found);
        }
    }
    CLOSED(product(in(3), {absent, {}, {}, &sum}), 4, "losses");
    CLOSED(product(in(3), {{}, absent, {}, &sum}), 5, "first_gradient");
    CLOSED(product(in(3), {{}, {}, absent, &sum}), 6, "second_gradient");
    EXPECT_TRUE(refused(product(f(3), good), status::overlap, 4, "losses"));
    EXPECT_TRUE(refused(product(in(3), {f(3), f(3), {}, &sum}), status::overlap, 5, "first_gradient"));
    EXPECT_TRUE(refused(product(in(3), {{}, other, other, &sum}), status::overlap, 6, "second_gradient"));
    const avocet::array_view<const float> endless(values.data(), most);
    EXPECT_TRUE(refused(avocet::logistic_product(endless, endless, {endless}, {{}, {}, {}, &sum}, workspace),
                        status::size_overflow, 8, "rows"));
    CLOSED(product(in(3), good, &closed_pool), 9, "pool");
    CLOSED(avocet::logistic_product(in(3), in(3), targets, good, closed_workspace), 10, "workspace");
    // Found on the way: the arrays are unspecified, so there are none.
    const floats labels{1, 0, 1.5f};
    targets.labels = labels;
    EXPECT_TRUE(refused_real(product(in(3), {{}, {}, {}, &sum}), status::invalid_argument, 3, "targets.labels", 2,
                             1.5));
}

TEST_F(Errors, Parts) {
    const auto bad = status::invalid_argument;
    const auto parts = [](std::size_t first_row, std::size_t rows) {
        const auto found = avocet::logistic_parts(first_row, rows);
        EXPECT_TRUE(found->empty());
        return found.error();
    };
    EXPECT_TRUE(refused_value(parts(1000, 5), bad, 1, "first_row", 0, 1000));
    EXPECT_TRUE(refused(parts(1024, most), status::size_overflow, 2, "rows"));

    using sizes = std::vector<std::size_t>;
    const sizes three{1024, 1024, 5}, within{1024, 1000, 5}, no_node{1024, 2048, 5}, endless{1024, 1024, most - 5};
    const std::vector<avocet::logistic_sums> sums(4);
    const std::vector<avocet::calibration_result> results(4);
    const auto merge = [&](const sizes &rows, std::size_t of, const std::optional<avocet::matrix> &vectors = {},
                           avocet::array_view<float> vector = {}) {
        const auto found = avocet::logistic_merge(rows, {sums.data(), of}, vectors, vector);
        EXPECT_EQ(found->loss, 0);
        return found.error();
    };
    const auto merge_calibration = [&](const sizes &rows, std::size_t of) {
        return avocet::calibration_merge(rows, {results.data(), of}).error();
    };
    EXPECT_TRUE(refused_value(merge(within, 3), bad, 1, "rows", 1, 1000));
    EXPECT_TRUE(refused_value(merge_calibration(within, 3), bad, 1, "rows", 1, 1000));
    EXPECT_TRUE(refused_value(merge(no_node, 3), bad, 1, "rows", 1, 2048));
    EXPECT_TRUE(refused_value(merge_calibration(no_node, 3), bad, 1, "rows", 1, 2048));
    EXPECT_TRUE(refused(merge(endless, 3), status::size_overflow, 1, "rows", 2));
    EXPECT_TRUE(refused(merge_calibration(endless, 3), status::size_overflow, 1, "rows", 2));
    for (const std::size_t of : {0u, 2u, 4u}) {
        SHAPE(merge(three, of), 2, "sums", static_cast<std::int64_t>(of));
        SHAPE(merge_calibration(three, of), 2, "parts", static_cast<std::int64_t>(of));
    }
    CLOSED(avocet::logistic_merge({nullptr, 3}, {sums.data(), 3}).error(), 1, "rows");
    CLOSED(avocet::logistic_merge(three, {nullptr, 3}).error(), 2, "sums");
    CLOSED(avocet::calibration_merge({nullptr, 3}, {results.data(), 3}).error(), 1, "rows");
    CLOSED(avocet::calibration_merge(three, {nullptr, 3}).error(), 2, "parts");

    SHAPE(merge(three, 3, cut(3), f(2)), 3, "vectors.data", 5);
    SHAPE(merge(three, 3, whole(2), f(2)), 3, "vectors.rows", 2);
    SHAPE(merge(three, 3, avocet::matrix(values, 3, 2, 1), f(2)), 3, "vectors.stride", 1);
    CLOSED(merge(three, 3, {}, f(2)), 3, "vectors");
    for (const std::size_t len : {0u, 1u, 3u}) {
        SHAPE(merge(three, 3, whole(3), f(len)), 6, "vector", static_cast<std::int64_t>(len));
    }
    CLOSED(merge(three, 3, whole(3), {nullptr, 2}), 6, "vector");
    const avocet::matrix_mut own = whole_out(3);
    EXPECT_TRUE(refused(merge(three, 3, own, f(2)), status::overlap, 6, "vector"));
}

TEST_F(Errors, Feedback) {
    using kind = avocet::row_kind;
    using floats_in = avocet::optional_array<const float>;
    std::vector<kind> kinds{kind::negative, kind::immediate_positive, kind::delayed_positive};
    const avocet::array_view<float> a(&out[0], 3), b(&out[10], 3);
    const auto weights = [&](const avocet::feedback_scheme &of, floats_in logits, floats_in first, floats_in second) {
        return avocet::feedback_weights(of, kinds, logits, first, second, a, b);
    };
    const avocet::feedback_scheme dfm{avocet::feedback_method::dfm};
    const auto scheme = [&](const avocet::feedback_scheme &bad) { return weights(bad, in(3), in(3), in(3)); };
    for (const int method : {-1, 13}) {
        EXPECT_TRUE(refused_value(scheme({static_cast<avocet::feedback_method>(method)}), status::invalid_argument, 1,
                                  "scheme.method", 0, method));
    }
    for (const float low : {-1.0f, nan}) {
        EXPECT_TRUE(refused_real(scheme({avocet::feedback_method::defer, false, low, 2}), status::invalid_argument, 1,
                                 "scheme.clip_low", 0, low));
    }
    for (const float high : {1.0f, 0.0f, nan}) {
        EXPECT_TRUE(refused_real(scheme({avocet::feedback_method::defer, false, 2, high}), status::invalid_argument, 1,
                                 "scheme.clip_high", 0, high));
    }
    CLOSED(avocet::feedback_weights(dfm, {nullptr, 3}, in(3), in(3), in(3), a, b), 2, "kinds");
    CLOSED(weights(dfm, {}, in(3), in(3)), 3, "logits");
    CLOSED(weights(dfm, in(3), {}, in(3)), 4, "first");
    CLOSED(weights(dfm, in(3), in(3), {}), 5, "second");
    const avocet::array_view<const float> absent(nullptr, 3);
    CLOSED(weights({}, absent, {}, {}), 3, "logits");
    for (const std::size_t len : {0u, 2u, 4u}) {
        const auto found = static_cast<std::int64_t>(len);
        SHAPE(weights(dfm, in(len), in(3), in(3)), 3, "logits", found);
        SHAPE(weights(dfm, in(3), in(len), in(3)), 4, "first", found);
        SHAPE(weights(dfm, in(3), in(3), in(len)), 5, "second", found);
        SHAPE(avocet::feedback_weights({}, kinds, {}, {}, {}, f(len), b), 6, "a", found);
        SHAPE(avocet::feedback_weights({}, kinds, {}, {}, {}, a, f(len)), 7, "b", found);
    }
    CLOSED(avocet::feedback_weights({}, kinds, {}, {}, {}, {nullptr, 3}, b), 6, "a");
    CLOSED(avocet::feedback_weights({}, kinds, {}, {}, {}, a, {nullptr, 3}), 7, "b");
    EXPECT_TRUE(refused(avocet::feedback_weights({}, kinds, {}, {}, {}, a, {&out[2], 3}), status::overlap, 7, "b"));
    const avocet::error endless =
        avocet::feedback_weights({}, {kinds.data(), most}, {}, {}, {}, {&out[0], most}, {&out[10], most});
    EXPECT_TRUE(refused(endless, status::size_overflow, 8, "rows"));
    CLOSED(avocet::feedback_weights({}, kinds, {}, {}, {}, a, b, &closed_pool), 9, "pool");

    // Found on the way: the coefficients are unspecified, so they are elsewhere.
    const std::size_t n = 100000, at = 54321;
    const avocet::pool pool = avocet::check(avocet::pool::create(2));
    kinds.assign(n, kind::real_negative);
    kinds[at] = static_cast<kind>(4);
    kinds[n - 1] = static_cast<kind>(200);
    floats of_a(n), of_b(n);
    for (const avocet::pool *threads : {static_cast<const avocet::pool *>(nullptr), &pool}) {
        EXPECT_TRUE(refused_value(avocet::feedback_weights({}, kinds, {}, {}, {}, of_a, of_b, threads),
                                  status::invalid_argument, 2, "kinds", at, 4));
    }

    SHAPE(avocet::feedback_served(in(3), f(2)), 2, "out", 2);
    SHAPE(avocet::feedback_served(in(3), f(4)), 2, "out", 4);
    CLOSED(avocet::feedback_served({nullptr, 3}, f(3)), 1, "logits");
    CLOSED(avocet::feedback_served(in(3), {nullptr, 3}), 2, "out");
    EXPECT_TRUE(refused(avocet::feedback_served(f(3), f(3)), status::overlap, 2, "out"));
    EXPECT_TRUE(refused(avocet::feedback_served({values.data(), most}, {out.data(), most}), status::size_overflow, 3,
                        "len"));
    CLOSED(avocet::feedback_served(in(3), f(3), &closed_pool), 4, "pool");
}

TEST_F(Errors, Metrics) {
    using array = avocet::array_view<const float>;
    using optional = avocet::optional_array<const float>;
    const auto refuses = [&](const char *first, auto metric) {
        const floats nan_at_1{0, nan, 0}, two_at_2{0, 1, 2}, minus_at_0{-1, 0, 0}, huge_at_1{0, infinity, 0};
        CLOSED(metric({nullptr, 3}, in(3), {}), 1, first);
        EXPECT_TRUE(refused_real(metric(nan_at_1, in(3), {}), status::not_finite, 1, first, 1, nan));
        SHAPE(metric(in(3), in(2), {}), 2, "labels", 2);
        SHAPE(metric(in(3), in(4), {}), 2, "labels", 4);
        CLOSED(metric(in(3), {nullptr, 3}, {}), 2, "labels");
        EXPECT_TRUE(refused_real(metric(in(3), nan_at_1, {}), status::not_finite, 2, "labels", 1, nan));
        EXPECT_TRUE(refused_real(metric(in(3), two_at_2, {}), status::invalid_argument, 2, "labels", 2, 2));
        SHAPE(metric(in(3), in(3), in(2)), 3, "weights", 2);
        SHAPE(metric(in(3), in(3), floats()), 3, "weights", 0);  // given, and empty
        CLOSED(metric(in(3), in(3), array(nullptr, 3)), 3, "weights");
        EXPECT_TRUE(refused_real(metric(in(3), in(3), minus_at_0), status::invalid_argument, 3, "weights", 0, -1));
        EXPECT_TRUE(refused_real(metric(in(3), in(3), huge_at_1), status::not_finite, 3, "weights", 1, infinity));
        EXPECT_TRUE(refused(metric({values.data(), most}, {values.data(), most}, {}), status::size_overflow, 4,
                            "rows"));
    };
    refuses("scores", [](array scores, array labels, optional weights) {
        const auto found = avocet::ranking(scores, labels, weights);
        EXPECT_EQ(found->auc, 0);
        return found.error();
    });
    refuses("probabilities", [](array probabilities, array labels, optional weights) {
        const auto found = avocet::calibration(probabilities, labels, weights);
        EXPECT_EQ(found->weight, 0);
        return found.error();
    });
    EXPECT_TRUE(refused_real(avocet::calibration(floats{1, 1.5f}, in(2)).error(), status::invalid_argument, 1,
                             "probabilities", 1, 1.5));
}

class SparseErrors : public Errors {
  protected:
    void TearDown() override {
        EXPECT_EQ(model.nonzeros(), 0u) << "something was learnt";
        EXPECT_EQ(model.intercept(), 0) << "something was learnt";
        Errors::TearDown();
    }

    using optional = avocet::optional_array<const float>;

    avocet::error predict(const avocet::csr &csr, optional of_edges = {}, optional of_rows = {}) {
        return model.predict(csr, of_edges, of_rows, f(3));
    }

    avocet::error learn(const avocet::csr &csr, optional of_edges = {}, optional of_rows = {}) {
        return model.learn(csr, of_edges, of_rows, {in(3)}, 1, f(3), workspace);
    }

    avocet::error learn(const avocet::logistic_targets &targets) {
        return model.learn(good, {}, {}, targets, 1, f(3), workspace);
    }

    const ids offsets{0, 2, 2, 5}, columns{0, 3, 1, 2, 3};
    const avocet::csr good{3, 4, offsets, columns};
    avocet::sparse_model model = avocet::check(avocet::sparse_model::create({4, true})), closed_model;
};

TEST_F(SparseErrors, Options) {
    const auto create = [](const avocet::sparse_model_options &options) {
        const auto made = avocet::sparse_model::create(options);
        EXPECT_FALSE(made.value());
        return made.error();
    };
    const auto bad = status::invalid_argument;
    EXPECT_TRUE(refused_value(create({}), bad, 1, "options.features", 0, 0));
    const std::int64_t too_many = (1 << 28) + 1;
    EXPECT_TRUE(refused_value(create({static_cast<std::size_t>(too_many)}), status::size_overflow, 1,
                              "options.features", 0, too_many));
    for (const int kind : {-1, 3}) {
        EXPECT_TRUE(refused_value(create({4, false, static_cast<avocet::optimiser>(kind)}), bad, 1,
                                  "options.optimiser", 0, kind));
    }
    for (int kind = 0; kind < 3; kind++) {
        const auto with = [&](float avocet::sparse_model_options::*field, float value) {
            avocet::sparse_model_options options{4, false, static_cast<avocet::optimiser>(kind)};
            options.*field = value;
            return create(options);
        };
        using options = avocet::sparse_model_options;
        // Zeros are not the defaults of C.
        EXPECT_TRUE(refused_real(with(&options::rate, 0), bad, 1, "options.rate", 0, 0));
        for (const float value : {-1.0f, nan, infinity}) {
            const status why = value == -1 ? bad : status::not_finite;
            EXPECT_TRUE(refused_real(with(&options::rate, value), why, 1, "options.rate", 0, value));
            EXPECT_TRUE(refused_real(with(&options::l2, value), why, 1, "options.l2", 0, value));
            if (kind == 0) {
                EXPECT_TRUE(refused_real(with(&options::beta, value), why, 1, "options.beta", 0, value));
                EXPECT_TRUE(refused_real(with(&options::l1, value), why, 1, "options.l1", 0, value));
            }
            if (kind == 1) {
                EXPECT_TRUE(refused_real(with(&options::epsilon, value), why, 1, "options.epsilon", 0, value));
                EXPECT_TRUE(refused_real(with(&options::epsilon, 0), bad, 1, "options.epsilon", 0, 0));
            }
        }
    }
}

TEST_F(SparseErrors, Rows) {
    const auto refuses = [&](auto call) {
        SHAPE(call(avocet::csr{3, 4, ids{0, 2, 5}, columns}, {}, {}), 2, "csr.offsets", 3);
        SHAPE(call(avocet::csr{3, 4, {}, columns}, {}, {}), 2, "csr.offsets", 0);
        SHAPE(call(avocet::csr{3, 5, offsets, columns}, {}, {}), 2, "csr.cols", 5);
        EXPECT_TRUE(refused(call(avocet::csr{3, 4, {static_cast<const int *>(nullptr), 4}, columns}, {}, {}),
                            status::null_pointer, 2, "csr.offsets"));
        EXPECT_TRUE(refused_value(call(avocet::csr{3, 4, ids{0, 2, 1, 5}, columns}, {}, {}), status::invalid_offsets,
                                  2, "csr.offsets", 2, 1));
        CLOSED(call(avocet::csr{3, 4, offsets, {static_cast<const int *>(nullptr), 5}}, {}, {}), 2, "csr.indices");
        EXPECT_TRUE(refused_value(call(avocet::csr{3, 4, offsets, ids{0, 3, 1, 4, 9}}, {}, {}),
                                  status::index_out_of_range, 2, "csr.indices", 3, 4));
        EXPECT_TRUE(refused_value(call(avocet::csr{3, 4, offsets, std::vector<std::int64_t>{0, 3, 1, 2, -1}}, {}, {}),
                                  status::index_out_of_range, 2, "csr.indices", 4, -1));
        const floats of_edges{0, nan, 0, 0, 0}, of_rows{0, 0, -infinity};
        for (const std::size_t len : {0u, 4u, 6u}) {
            SHAPE(call(good, in(len), {}), 3, "values", static_cast<std::int64_t>(len));
        }
        CLOSED(call(good, avocet::array_view<const float>(nullptr, 5), {}), 3, "values");
        EXPECT_TRUE(refused_real(call(good, of_edges, {}), status::not_finite, 3, "values", 1, nan));
        for (const std::size_t len : {0u, 2u, 4u}) {
            SHAPE(call(good, {}, in(len)), 4, "margins", static_cast<std::int64_t>(len));
        }
        CLOSED(call(good, {}, avocet::array_view<const float>(nullptr, 3)), 4, "margins");
        EXPECT_TRUE(refused_real(call(good, {}, of_rows), status::not_finite, 4, "margins", 2, -infinity));
    };
    refuses([&](const avocet::csr &csr, optional of_edges, optional of_rows) {
        return predict(csr, of_edges, of_rows);
    });
    refuses([&](const avocet::csr &csr, optional of_edges, optional of_rows) { return learn(csr, of_edges, of_rows); });
    const avocet::csr endless{most, 4, offsets, columns};
    EXPECT_TRUE(refused(model.predict(endless, {}, {}, {out.data(), most}), status::size_overflow, 2, "csr.rows"));

    CLOSED(closed_model.predict(good, {}, {}, f(3)), 1, "model");
    // Not about lengths.
    CLOSED(closed_model.predict(good, in(1), {}, f(2)), 1, "model");
    SHAPE(model.predict(good, {}, {}, f(2)), 5, "logits", 2);
    SHAPE(model.predict(good, {}, {}, f(4)), 5, "logits", 4);
    CLOSED(model.predict(good, {}, {}, {nullptr, 3}), 5, "logits");
    EXPECT_TRUE(refused(model.predict(good, {}, f(3), f(3)), status::overlap, 5, "logits"));
    CLOSED(model.predict(good, {}, {}, f(3), &closed_pool), 6, "pool");
}

TEST_F(SparseErrors, Targets) {
    const floats bad_at_2[] = {{1, 1, -1}, {1, 1, nan}, {1, 1, infinity}};
    for (const floats &bad : bad_at_2) {
        const float value = bad[2];
        const status why = value == -1 ? status::invalid_argument : status::not_finite;
        const status of_label = value == value ? status::invalid_argument : status::not_finite;
        EXPECT_TRUE(refused_real(learn({bad}), of_label, 5, "targets.labels", 2, value));
        EXPECT_TRUE(refused_real(learn({in(3), bad}), why, 5, "targets.weights", 2, value));
        EXPECT_TRUE(refused_real(learn({{}, {}, bad, in(3)}), why, 5, "targets.a", 2, value));
        EXPECT_TRUE(refused_real(learn({{}, {}, in(3), bad}), why, 5, "targets.b", 2, value));
    }
    for (const std::size_t len : {0u, 2u, 4u}) {
        const auto found = static_cast<std::int64_t>(len);
        SHAPE(learn({in(len)}), 5, "targets.labels", found);
        SHAPE(learn({in(3), in(len)}), 5, "targets.weights", found);
        SHAPE(learn({{}, {}, in(len), in(3)}), 5, "targets.a", found);
        SHAPE(learn({{}, {}, in(3), in(len)}), 5, "targets.b", found);
    }
    CLOSED(learn(avocet::logistic_targets{}), 5, "targets.labels");
    EXPECT_TRUE(refused_value(model.learn(good, {}, {}, {in(3)}, 0, f(3), workspace), status::invalid_argument, 6,
                              "minibatch", 0, 0));
    CLOSED(closed_model.learn(good, in(1), {}, {in(2)}, 1, f(3), workspace), 1, "model");
    SHAPE(model.learn(good, {}, {}, {in(3)}, 1, f(2), workspace), 7, "logits", 2);
    SHAPE(model.learn(good, {}, {}, {in(3)}, 1, f(0), workspace), 7, "logits", 0);  // given, and empty
    CLOSED(model.learn(good, {}, {}, {in(3)}, 1, avocet::array_view<float>(nullptr, 3), workspace), 7, "logits");
    EXPECT_TRUE(refused(model.learn(good, {}, f(3), {in(3)}, 1, f(3), workspace), status::overlap, 7, "logits"));
    CLOSED(model.learn(good, {}, {}, {in(3)}, 1, f(3), closed_workspace), 8, "workspace");
}

TEST_F(SparseErrors, TheEndOfTheRangeIsFoundOnTheWay) {
    avocet::sparse_model other = avocet::check(avocet::sparse_model::create({4, true}));
    const floats huge{1, 1, 3e38f, 3e38f, 3e38f}, labels{1, 0, 0}, heavy{1, 1, 9};
    EXPECT_TRUE(refused(other.learn(good, huge, {}, {labels, heavy}, 1, {}, workspace), status::not_finite, 2, "csr",
                        2));
    EXPECT_EQ(other.nonzeros(), 2u);
    EXPECT_NE(other.intercept(), 0);
}

TEST_F(SparseErrors, State) {
    avocet::sparse_model other = avocet::check(avocet::sparse_model::create({4}));
    avocet::check(other.learn({1, 4, ids{0, 2}, ids{3, 1}}, {}, {}, {in(1)}, 1, {}, workspace));
    ASSERT_EQ(other.nonzeros(), 2u);
    CLOSED(closed_model.weights(f(4)), 1, "model");
    CLOSED(other.weights({nullptr, 4}), 2, "out");
    SHAPE(other.weights(f(3)), 3, "len", 3);
    SHAPE(other.weights(f(5)), 3, "len", 5);
    EXPECT_TRUE(refused(other.weights({out.data(), most}), status::size_overflow, 3, "len"));

    CLOSED(closed_model.nonzero(u(2), f(1)), 1, "model");
    CLOSED(other.nonzero({nullptr, 2}, f(2)), 2, "features");
    SHAPE(other.nonzero(u(2), f(1)), 3, "weights", 1);
    CLOSED(other.nonzero(u(2), {nullptr, 2}), 3, "weights");
    SHAPE(other.nonzero(u(3), f(3)), 4, "len", 3);
    SHAPE(other.nonzero(u(1), f(1)), 4, "len", 1);

    const std::size_t size = other.saved_bytes();
    ASSERT_EQ(size, 60u + 2 * 12);
    std::vector<std::uint8_t> bytes(size + 1, 7);
    const avocet::array_view<std::uint8_t> whole_bytes(bytes.data(), size);
    CLOSED(closed_model.save(whole_bytes), 1, "model");
    CLOSED(other.save({nullptr, size}), 2, "bytes");
    SHAPE(other.save({bytes.data(), size - 1}), 3, "len", static_cast<std::int64_t>(size - 1));
    SHAPE(other.save(bytes), 3, "len", static_cast<std::int64_t>(size + 1));
    EXPECT_EQ(bytes, std::vector<std::uint8_t>(size + 1, 7));
    avocet::check(other.save(whole_bytes));
    EXPECT_EQ(bytes[size], 7);

    const auto load = [&](const std::uint8_t *data, std::size_t len) {
        const auto loaded = avocet::sparse_model::load({data, len});
        EXPECT_FALSE(loaded.value());
        return loaded.error();
    };
    CLOSED(load(nullptr, size), 1, "bytes");
    SHAPE(avocet::sparse_model::load({}).error(), 1, "bytes", 0);
    for (std::size_t len = 0; len < size; len++) {
        const std::vector<std::uint8_t> cut(bytes.data(), bytes.data() + len + 1);
        SHAPE(load(cut.data(), len), 1, "bytes", static_cast<std::int64_t>(len));
    }
    SHAPE(load(bytes.data(), size + 1), 1, "bytes", static_cast<std::int64_t>(size + 1));
    EXPECT_TRUE(refused(load(bytes.data(), most), status::size_overflow, 2, "len"));
    // Whatever bit is wrong, something is said.
    for (std::size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1 << bit % 8));
        EXPECT_TRUE(load(bytes.data(), size)) << bit;
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1 << bit % 8));
    }
    bytes[0] ^= 1;
    EXPECT_TRUE(refused(load(bytes.data(), size), status::invalid_argument, 1, "bytes"));
    bytes[0] ^= 1;
    bytes[8] = 2;
    EXPECT_TRUE(refused_value(load(bytes.data(), size), status::invalid_argument, 1, "bytes", 8, 2));
    bytes[8] = 1;
    bytes[56] ^= 4;
    EXPECT_TRUE(refused(load(bytes.data(), size), status::invalid_argument, 1, "bytes", size - 8));
}

TEST_F(SparseErrors, Prepared) {
    const auto create = [](const avocet::csr &csr, optional of_edges = {}) {
        const auto made = avocet::sparse_rows::create(csr, of_edges);
        EXPECT_FALSE(made.value());
        return made.error();
    };
    SHAPE(create({3, 4, ids{0, 2, 5}, columns}), 1, "csr.offsets", 3);
    CLOSED(create({3, 4, {static_cast<const int *>(nullptr), 4}, columns}), 1, "csr.offsets");
    CLOSED(create({3, 4, offsets, {static_cast<const int *>(nullptr), 5}}), 1, "csr.indices");
    EXPECT_TRUE(refused_value(create({3, 4, ids{0, 2, 1, 5}, columns}), status::invalid_offsets, 1, "csr.offsets", 2,
                              1));
    EXPECT_TRUE(refused_value(create({3, 4, offsets, ids{0, 3, 1, 4, 9}}), status::index_out_of_range, 1,
                              "csr.indices", 3, 4));
    EXPECT_TRUE(refused(create({3, std::size_t{1} << 32, offsets, columns}), status::size_overflow, 1, "csr.cols"));
    for (const std::size_t len : {0u, 4u, 6u}) {
        SHAPE(create(good, in(len)), 2, "values", static_cast<std::int64_t>(len));
    }
    CLOSED(create(good, avocet::array_view<const float>(nullptr, 5)), 2, "values");
    const floats undefined{0, 1, 2, nan, infinity};
    EXPECT_TRUE(refused_real(create(good, undefined), status::not_finite, 2, "values", 3, nan));

    const avocet::sparse_rows rows = avocet::check(avocet::sparse_rows::create(good));
    SHAPE(rows.features(u(3)), 3, "len", 3);
    SHAPE(rows.features(u(5)), 3, "len", 5);
    CLOSED(rows.features({nullptr, 4}), 2, "features");
    EXPECT_TRUE(refused(rows.features({counts.data(), most}), status::size_overflow, 3, "len"));
}

// Three nodes; one relation that joins also like to like.
class DualErrors : public Errors {
  protected:
    DualErrors() {
        relation.out = relation.into = &square;
        relation.across = weights;
        relation.along = weights;
        layer.sources = layer.targets = whole(3);
        layer.source_weights = layer.target_weights = weights;
        rows = {whole_out(3), other_out(3), {}, {}};
        result.sources = result.targets = result.source_gradient = result.target_gradient = whole(3);
        for (std::size_t i = 0; i < 4; i++) {
            gradients.push_back({{&out[20 + 4 * i], 4}, 2, 2});
        }
    }

    avocet::error forward() {
        layer.relations = {&relation, 1};
        return avocet::dual_forward(layer, rows, workspace);
    }

    avocet::error backward() {
        layer.relations = {&relation, 1};
        result.back = {&transposes, 1};
        return avocet::dual_backward(layer, result, {d_sources, d_targets, gradients}, workspace);
    }

    avocet::graph square = graph_of({{0, 1}, {}, {2}}, 3), square_back = avocet::check(square.transpose());
    avocet::matrix weights = whole(2);
    avocet::dual_relation relation;
    avocet::dual_layer layer;
    avocet::dual_rows rows;
    avocet::dual_back transposes{&square_back, &square_back};
    avocet::dual_result result;
    std::optional<avocet::matrix_mut> d_sources, d_targets;
    std::vector<avocet::matrix_mut> gradients;
};

#define CLOSED_AT(call, argument, name, position) \
    EXPECT_TRUE(refused(call, status::null_pointer, argument, name, position))

TEST_F(DualErrors, OfTheLayer) {
    const auto refuses = [&](auto &field, auto bad, status why, const char *name) {
        const auto good = field;
        field = bad;
        for (const avocet::error &outcome : {forward(), backward()}) {
            EXPECT_TRUE(refused(outcome, why, 1, name));
        }
        field = good;
    };
    refuses(layer.sources, cut(3), status::shape_mismatch, "layer.sources.data");
    refuses(layer.targets, cut(3), status::shape_mismatch, "layer.targets.data");
    refuses(layer.own, &closed, status::null_pointer, "layer.own");
    refuses(layer.own, &square, status::invalid_argument, "layer.own");
    refuses(layer.source_weights, cut(2), status::shape_mismatch, "layer.source_weights.data");
    refuses(layer.target_weights, cut(2), status::shape_mismatch, "layer.target_weights.data");
    refuses(relation.out, &closed, status::null_pointer, "layer.relations.out");
    refuses(relation.into, nullptr, status::null_pointer, "layer.relations.into");
    refuses(relation.out, &graph, status::shape_mismatch, "layer.relations.out.cols");
    refuses(relation.out_scale, in(2), status::shape_mismatch, "layer.relations.out_scale");
    refuses(relation.into_scale, in(4), status::shape_mismatch, "layer.relations.into_scale");
    refuses(relation.across, cut(2), status::shape_mismatch, "layer.relations.across.data");
    refuses(relation.along, cut(2), status::shape_mismatch, "layer.relations.along.data");
    refuses(layer.activation, static_cast<avocet::activation>(5), status::invalid_argument, "layer.activation");

    std::vector<avocet::dual_relation> many(avocet::max_relations + 1, relation);
    layer.relations = many;
    EXPECT_TRUE(refused_value(avocet::dual_forward(layer, rows, workspace), status::invalid_argument, 1,
                              "layer.relation_count", 0, 8));
    layer.relations = {nullptr, 1};
    CLOSED(avocet::dual_forward(layer, rows, workspace), 1, "layer.relations");
    many.pop_back();
    many[4].out_scale = in(1);
    layer.relations = many;
    SHAPE_AT(avocet::dual_forward(layer, rows, workspace), 1, "layer.relations.out_scale", 4, 1);
    many[4] = relation;
    many[6].into = &closed;
    CLOSED_AT(avocet::dual_forward(layer, rows, workspace), 1, "layer.relations.into", 6);
}

TEST_F(DualErrors, Forward) {
    rows.sources = cut_out(3);
    SHAPE(forward(), 2, "out.sources.data", 5);
    rows.sources = whole_out(3);
    rows.targets = cut_out(3);
    SHAPE(forward(), 2, "out.targets.data", 5);
    rows.targets = whole_out(3);
    EXPECT_TRUE(refused(forward(), status::overlap, 2, "out.targets.data"));
    rows.targets = other_out(3);
    rows.source_norms = f(2);
    SHAPE(forward(), 2, "out.source_norms", 2);
    rows.source_norms.reset();
    rows.target_norms = f(4);
    SHAPE(forward(), 2, "out.target_norms", 4);
    rows.target_norms.reset();
    layer.normalise = true;
    CLOSED(forward(), 2, "out.source_norms");
    layer.normalise = false;
    CLOSED(avocet::dual_forward(layer, rows, workspace, &closed_pool), 3, "pool");
    CLOSED(avocet::dual_forward(layer, rows, closed_workspace), 4, "workspace");
}

TEST_F(DualErrors, Backward) {
    const auto refuses = [&](auto &field, auto bad, status why, int argument, const char *name) {
        const auto good = field;
        field = bad;
        EXPECT_TRUE(refused(backward(), why, argument, name));
        field = good;
    };
    refuses(result.sources, cut(3), status::shape_mismatch, 2, "result.sources.data");
    refuses(result.targets, cut(3), status::shape_mismatch, 2, "result.targets.data");
    refuses(result.source_norms, in(2), status::shape_mismatch, 2, "result.source_norms");
    refuses(result.target_norms, in(4), status::shape_mismatch, 2, "result.target_norms");
    refuses(result.source_gradient, cut(3), status::shape_mismatch, 2, "result.source_gradient.data");
    refuses(result.target_gradient, cut(3), status::shape_mismatch, 2, "result.target_gradient.data");
    refuses(result.own, &closed, status::null_pointer, 2, "result.own");
    refuses(transposes.out, &closed, status::null_pointer, 2, "result.back.out");
    refuses(transposes.into, nullptr, status::null_pointer, 2, "result.back.into");
    refuses(d_sources, cut_out(3), status::shape_mismatch, 3, "gradients.sources.data");
    refuses(d_targets, cut_out(3), status::shape_mismatch, 3, "gradients.targets.data");
    const std::vector<avocet::matrix_mut> three(gradients.begin(), gradients.end() - 1), seventeen(17, gradients[0]);
    refuses(gradients, three, status::shape_mismatch, 3, "gradients.weight_count");
    refuses(gradients, seventeen, status::shape_mismatch, 3, "gradients.weight_count");
    gradients[2] = {{&out[0], 3}, 2, 2};
    SHAPE_AT(backward(), 3, "gradients.weights.data", 2, 3);
    gradients[2] = gradients[0];
    EXPECT_TRUE(refused(backward(), status::overlap, 3, "gradients.weights.data", 2));
    gradients[2] = {{&out[0], 4}, 2, 2};

    result.back = {};
    const avocet::dual_gradients into{{}, {}, gradients};
    SHAPE(avocet::dual_backward(layer, result, into, workspace), 2, "result.back", 0);
    result.back = {nullptr, 1};
    CLOSED(avocet::dual_backward(layer, result, into, workspace), 2, "result.back");
    result.back = {&transposes, 1};
    CLOSED(avocet::dual_backward(layer, result, {{}, {}, {nullptr, 4}}, workspace), 3, "gradients.weights");
    CLOSED(avocet::dual_backward(layer, result, into, workspace, &closed_pool), 4, "pool");
    CLOSED(avocet::dual_backward(layer, result, into, closed_workspace), 5, "workspace");
}

}  // namespace
