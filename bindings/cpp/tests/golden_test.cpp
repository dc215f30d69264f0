// The golden vectors, through this binding: every case of tests/golden/README.md, bit for bit.

#include "golden.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>

namespace {

using avocet::check;
using support::floats;
using support::graph_of;
using support::ids;
using support::matrix;
using support::matrix_mut;
using support::random;
using support::vectors;

constexpr std::size_t rows = 2600, cols = 2900;

class cases {
  public:
    explicit cases(const avocet::pool *pool)
        : pool_(pool), workspace_(check(avocet::workspace::create())), graph_(large_graph()),
          back_(check(graph_.transpose())) {
        add_graph("transpose", back_);
        aggregates();
        products();
        activations();
        weight_gradients();
        pairs();
        rankings();
        losses();
        steps();
        samples();
        dual();
        logistic();
        dense_logistic();
        sparse_logistic();
        product_form();
        partial_sums();
        streams();
        metrics();
        sparse_models();
        functions();
        support::add_threshold_cases(found, pool_, workspace_);
        support::add_row_cases(found, pool_);
        support::add_index_cases(found, pool_, workspace_);
    }

    vectors found;

  private:
    static avocet::graph large_graph() {
        random random(1);
        std::vector<ids> edges(rows);
        for (std::size_t i = 0; i < rows; i++) {
            edges[i].resize(i == 7 ? 1500 : i == 2000 ? 700 : random.below(20));
            for (std::uint32_t &column : edges[i]) {
                column = random.below(cols);
            }
        }
        return graph_of(edges, cols);
    }

    void add_graph(const std::string &name, const avocet::graph &graph, const floats &weights = {}) {
        std::vector<std::int64_t> offsets(graph.rows() + 1);
        ids columns(graph.edges()), numbers(graph.is_derived() ? graph.edges() : 0);
        check(graph.offsets(offsets));
        check(graph.indices(columns));
        if (graph.is_derived()) {
            check(graph.edge_ids(numbers));
        }
        ids offsets32;
        for (const std::int64_t offset : offsets) {
            offsets32.push_back(static_cast<std::uint32_t>(offset));
        }
        found.add(name, {&weights}, {&offsets32, &columns, &numbers});
    }

    void aggregates() {
        random random(2);
        const std::size_t d = 70;
        const floats x = random.values(cols * d), dy = random.values(rows * d);
        const floats weights = random.values(graph_.edges());
        const floats source_scale = random.values(cols), row_scale = random.values(rows);
        const auto add = [&](const char *name, const avocet::aggregate_options &options) {
            floats out = dy;
            check(avocet::aggregate(graph_, matrix(x, cols), options, matrix_mut(out, rows), pool_));
            found.add(name, {&out});
        };
        avocet::aggregate_options options;
        add("aggregate_sum", options);
        options.reduce = avocet::reduce::mean;
        add("aggregate_mean", options);
        options.reduce = avocet::reduce::sum;
        options.edge_weights = weights;
        add("aggregate_weighted", options);
        floats back(cols * d);
        check(avocet::aggregate(back_, matrix(dy, rows), options, matrix_mut(back, cols), pool_));
        found.add("aggregate_transposed", {&back});
        options.source_scale = source_scale;
        options.row_scale = row_scale;
        options.accumulate = true;
        add("aggregate_scaled_accumulated", options);

        floats dots(graph_.edges());
        check(avocet::edge_dots(graph_, matrix(dy, rows), matrix(x, cols), dots, pool_));
        found.add("edge_dots", {&dots});


    }

    void products() {
        const std::size_t n = 1500, m = 70;
        random &random = dense_random_;
        const floats x = random.values(n * 40), w = random.values(40 * m);
        const floats y = random.values(n * 24), turned = random.values(m * 24), before = random.values(n * m);
        const avocet::addend addends[] = {{matrix(x, n), matrix(w, 40)}, {matrix(y, n), matrix(turned, m), true}};
        const auto add = [&](const char *name, bool accumulate, avocet::activation activation, bool normalise) {
            floats out = before, norms(n);
            check(avocet::dense_product(addends, {accumulate, activation, normalise}, matrix_mut(out, n), norms,
                                        workspace_, pool_));
            found.add(name, {&out, &norms});
        };
        add("product", false, avocet::activation::none, false);
        add("product_accumulated_relu", true, avocet::activation::relu, false);
        add("product_tanh_norm", false, avocet::activation::tanh, true);
    }

    void activations() {
        const std::size_t n = 10000, m = 100;
        const floats z = dense_random_.values(n * m), dy = dense_random_.values(n * m);
        const auto add = [&](const std::string &name, avocet::activation activation) {
            floats y = z, norms(n), dz(n * m);
            const avocet::dense_options options{false, activation, true};
            check(avocet::dense_activate(options, matrix_mut(y, n), norms, pool_));
            found.add(name, {&y, &norms});
            check(avocet::dense_activate_backward(options, matrix(y, n), norms, matrix(dy, n), matrix_mut(dz, n),
                                                  pool_));
            found.add(name + "_backward", {&dz});
        };
        add("activate_relu", avocet::activation::relu);
        add("activate_tanh", avocet::activation::tanh);
        add("activate_none", avocet::activation::none);
    }

    void weight_gradients() {
        const std::size_t n = 5000, k = 20, m = 40;
        const floats x = dense_random_.values(n * k), dz = dense_random_.values(n * m);
        const floats before = dense_random_.values(k * m);
        for (const bool accumulate : {false, true}) {
            floats out = before;
            check(avocet::dense_weight_gradient(matrix(x, n), matrix(dz, n), accumulate, matrix_mut(out, k), workspace_,
                                                pool_));
            found.add(accumulate ? "weight_gradient_accumulated" : "weight_gradient", {&out});
        }
    }

    void pairs() {
        const std::size_t n = 20000, d = 70;
        const floats left = score_random_.values(300 * d), right = score_random_.values(500 * d);
        std::vector<std::int64_t> u(n);
        std::vector<std::int32_t> v(n);
        for (auto &id : u) {
            id = score_random_.below(300);
        }
        for (auto &id : v) {
            id = static_cast<std::int32_t>(score_random_.below(500));
        }
        floats out(n);
        check(avocet::score_pairs(matrix(left, 300), matrix(right, 500), u, v, out, pool_));
        found.add("score_pairs", {&out});
    }

    void rankings() {
        const std::size_t q = 200, n = 700, d = 20, k = 10;
        const auto coarse = [&](std::size_t len) {
            floats out(len);
            for (float &each : out) {
                each = static_cast<float>(score_random_.below(3)) - 1;
            }
            return out;
        };
        const floats queries = coarse(q * d);
        floats targets = coarse(n * d);
        targets[77 * d] = std::numeric_limits<float>::quiet_NaN();
        targets[78 * d] = std::numeric_limits<float>::infinity();
        const auto chosen = [&](std::size_t most) {
            std::vector<ids> edges(q);
            for (ids &row : edges) {
                row.resize(score_random_.below(most));
                for (std::uint32_t &id : row) {
                    id = score_random_.below(n);
                }
                std::sort(row.begin(), row.end());
            }
            return graph_of(edges, n);
        };
        const avocet::graph exclude = chosen(30), given = chosen(8);
        ids best(q * k), counts(q), nan_counts(q);
        floats scores(q * k);
        check(avocet::top_k(matrix(queries, q), matrix(targets, n), &exclude, k, {best, scores, counts, nan_counts},
                            workspace_, pool_));
        found.add("top_k", {&scores}, {&best, &counts, &nan_counts});
        ids better(given.edges()), equal(given.edges());
        check(avocet::rank_counts(matrix(queries, q), matrix(targets, n), given, &exclude, better, equal, workspace_,
                                  pool_));
        found.add("rank_counts", {}, {&better, &equal});
    }

    void losses() {
        random random(5);
        const std::size_t d = 20;
        const floats weights = random.values(graph_.edges());
        const floats by_row = random.values(rows * d), by_column = random.values(cols * d);
        const floats row_start = random.values(rows * d), column_start = random.values(cols * d);
        const auto add = [&](const char *name, avocet::edge_kind kind) {
            const bool reversed = kind == avocet::edge_kind::reversed;
            floats of_rows = row_start, of_columns = column_start;
            const avocet::matrix r = matrix(by_row, rows), c = matrix(by_column, cols);
            const avocet::matrix_mut dr = matrix_mut(of_rows, rows), dc = matrix_mut(of_columns, cols);
            const avocet::edge_term term{kind, 1.5f, 0.25f, reversed ? 1.0f : 0.5f, 0.1f};
            const auto loss =
                check(avocet::edge_loss(graph_, back_, reversed ? c : r, reversed ? r : c, term, weights,
                                        reversed ? dc : dr, reversed ? dr : dc, workspace_, pool_));
            found.add(name, {&of_rows, &of_columns}, {},
                      {loss.loss, loss.temperature_gradient, loss.offset_gradient});
        };
        add("edge_loss_positive", avocet::edge_kind::positive);
        add("edge_loss_negative", avocet::edge_kind::negative);
        add("edge_loss_reversed", avocet::edge_kind::reversed);

        ids negatives(100);
        for (std::size_t at = 0; at < negatives.size(); at++) {
            negatives[at] = random.below(at < 50 ? cols : 40);
        }
        floats of_rows = row_start, of_columns = column_start;
        const auto loss = check(avocet::softmax_loss(
            graph_, back_, matrix(by_row, rows), matrix(by_column, cols), negatives, {1.5f, 0.1f}, weights,
            matrix_mut(of_rows, rows), matrix_mut(of_columns, cols), workspace_, pool_));
        found.add("softmax_loss", {&of_rows, &of_columns}, {}, {loss.loss, loss.temperature_gradient});
    }

    static void drop_sign(floats &values) {
        for (float &each : values) {
            each = std::fabs(each);
        }
    }

    void steps() {
        random random(6);
        const std::size_t many = 120000;
        floats p = random.values(many);
        const floats g = random.values(many);
        floats m = random.values(many), v = random.values(many);
        drop_sign(v);
        check(avocet::adam(0.01f, 3, {}, p, g, m, v, pool_));
        found.add("adam", {&p, &m, &v});

        const std::uint32_t n = 30000;
        const std::size_t d = 20;
        std::vector<std::uint32_t> touched;
        for (std::uint32_t row = 0; row < n; row++) {
            if (row % 3 != 1) {
                touched.push_back(row);
            }
        }
        floats table = random.values(n * d);
        const floats gradient = random.values(touched.size() * d);
        floats squares = random.values(n * d);
        drop_sign(squares);
        check(avocet::adagrad_rows(0.1f, 1e-8f, touched, matrix(gradient, touched.size()), matrix_mut(table, n),
                                   matrix_mut(squares, n), pool_));
        found.add("adagrad_rows", {&table, &squares});
    }

    void samples() {
        random random(11);
        floats weights = random.values(graph_.edges());
        for (float &weight : weights) {
            weight = weight > 0 ? weight : 0;
        }
        const avocet::power_law law = check(avocet::fit_power_law(graph_));
        const ids least{static_cast<std::uint32_t>(law.least)};
        found.add("fit_power_law", {}, {&least}, {law.exponent});
        ids fanout(rows);
        check(avocet::adaptive_fanout(graph_, law, 2, 12, fanout));
        found.add("adaptive_fanout", {}, {&fanout});
        const auto add = [&](const char *name, avocet::draw draw) {
            add_graph(name, check(avocet::sample_neighbours(graph_, fanout, {draw, 0x0123456789abcdef, 2, weights},
                                                            pool_)));
        };
        add("sample_without_replacement", avocet::draw::without_replacement);
        add("sample_with_replacement", avocet::draw::with_replacement);
        add("sample_weighted", avocet::draw::weighted);
        const avocet::graph walked = check(avocet::walk_neighbours(graph_, back_, fanout, {20, 2, 5, 1}, pool_));
        floats shares(walked.edges());
        check(walked.walk_weights(shares));
        add_graph("walk_neighbours", walked, shares);
        ids selected(3000);
        for (std::uint32_t &row : selected) {
            row = random.below(rows);
        }
        add_graph("select_rows", check(graph_.select_rows(selected)));
    }

    void dual() {
        random random(12);
        const std::size_t d = 36, m = 70;
        const floats sources = random.values(cols * d), targets = random.values(cols * d);
        std::vector<floats> w(5);
        for (floats &each : w) {
            each = random.values(d * m);
        }
        const floats out_scale = random.values(rows), into_scale = random.values(rows);
        ids selected(rows);
        for (std::uint32_t &row : selected) {
            row = random.below(rows);
        }
        const avocet::graph other = check(graph_.select_rows(selected)), other_back = check(other.transpose());
        std::vector<ids> owned(rows);
        for (ids &row : owned) {
            row = {random.below(cols)};
        }
        const avocet::graph own = graph_of(owned, cols), own_back = check(own.transpose());

        const avocet::dual_relation relations[] = {
            {&graph_, &other, out_scale, {}, matrix(w[2], d), {}},
            {&other, &graph_, {}, into_scale, matrix(w[3], d), matrix(w[4], d)},
        };
        avocet::dual_layer layer;
        layer.sources = matrix(sources, cols);
        layer.targets = matrix(targets, cols);
        layer.own = &own;
        layer.source_weights = matrix(w[0], d);
        layer.target_weights = matrix(w[1], d);
        layer.relations = relations;
        layer.activation = avocet::activation::tanh;
        layer.normalise = true;
        floats s(rows * m), t(rows * m), source_norms(rows), target_norms(rows);
        check(avocet::dual_forward(layer, {matrix_mut(s, rows), matrix_mut(t, rows), source_norms, target_norms},
                                   workspace_, pool_));
        found.add("dual_forward", {&s, &t, &source_norms, &target_norms});

        const floats ds_next = random.values(rows * m), dt_next = random.values(rows * m);
        const avocet::dual_back back[] = {{&back_, &other_back}, {&other_back, &back_}};
        avocet::dual_result result;
        result.sources = matrix(s, rows);
        result.targets = matrix(t, rows);
        result.source_norms = source_norms;
        result.target_norms = target_norms;
        result.source_gradient = matrix(ds_next, rows);
        result.target_gradient = matrix(dt_next, rows);
        result.own = &own_back;
        result.back = back;
        floats ds(cols * d), dt(cols * d);
        std::vector<floats> dw(5);
        std::vector<avocet::matrix_mut> into;
        for (floats &each : dw) {
            each = random.values(d * m);
            into.push_back(matrix_mut(each, d));
        }
        check(avocet::dual_backward(layer, result, {matrix_mut(ds, cols), matrix_mut(dt, cols), into}, workspace_,
                                    pool_));
        found.add("dual_backward", {&ds, &dt, &dw[0], &dw[1], &dw[2], &dw[3], &dw[4]});
    }

    void logistic() {
        random random(13);
        const std::size_t n = 5000;
        const auto times = [&](float factor) {
            floats values = random.values(n);
            for (float &each : values) {
                each *= factor;
            }
            return values;
        };
        const floats x = times(30), a = times(1), b = times(1), first = times(4), second = times(4);
        floats labels = times(1), weights = times(1);
        to_labels(labels);
        drop_sign(weights);
        std::vector<avocet::row_kind> kinds(n);
        for (avocet::row_kind &kind : kinds) {
            kind = static_cast<avocet::row_kind>(random.below(4));
        }
        const auto add = [&](const char *name, const avocet::logistic_targets &targets) {
            floats losses(n), gradient(n), curvature(n);
            double sum = 0;
            check(avocet::logistic_pointwise(x, targets, {losses, gradient, curvature, &sum}, workspace_, pool_));
            found.add(name, {&losses, &gradient, &curvature}, {}, {sum});
        };
        add("logistic_coefficients", {{}, {}, a, b, true});
        add("logistic_labels", {labels, weights});
        for (const bool joint : {false, true}) {
            floats coefficients;
            for (int method = 0; method <= static_cast<int>(avocet::feedback_method::dfm); method++) {
                floats of_a(n), of_b(n);
                check(avocet::feedback_weights({static_cast<avocet::feedback_method>(method), joint}, kinds, x, first,
                                               second, of_a, of_b, pool_));
                coefficients.insert(coefficients.end(), of_a.begin(), of_a.end());
                coefficients.insert(coefficients.end(), of_b.begin(), of_b.end());
            }
            found.add(joint ? "feedback_joint" : "feedback_published", {&coefficients});
        }
        floats served(n);
        check(avocet::feedback_served(x, served, pool_));
        found.add("feedback_served", {&served});
    }

    void add_batch(const char *name, const avocet::logistic_rows &model, const avocet::logistic_targets &targets,
                   const floats &along, const ids &words = {}) {
        const std::size_t d = along.size();
        floats margins(model.features.rows()), gradient(d), curvature(d), product(d);
        const auto sums = check(avocet::logistic_batch(
            model, targets, {margins, gradient, curvature, product, along, -0.5f}, workspace_, pool_));
        found.add(name, {&margins, &gradient, &curvature, &product}, {&words},
                  {sums.loss, sums.gradient, sums.curvature, sums.product});
    }

    static void to_labels(floats &values) {
        for (float &label : values) {
            label = label > 0 ? 1.0f : 0.0f;
        }
    }

    void dense_logistic() {
        random random(16);
        const std::size_t n = 2500, d = 37;
        const floats x = random.values(n * d), offsets = random.values(n);
        const floats weights = random.values(d), along = random.values(d);
        floats labels = random.values(n), importance = random.values(n);
        to_labels(labels);
        drop_sign(importance);
        std::vector<avocet::f16> halves;
        std::vector<avocet::bf16> brains;
        for (std::size_t i = 0; i < n * d; i++) {
            halves.push_back({static_cast<std::uint16_t>(random.below(65536) & 0xbfff)});
            std::uint32_t bits;
            std::memcpy(&bits, &x[i], 4);
            brains.push_back({static_cast<std::uint16_t>(bits >> 16)});
        }
        const auto add = [&](const char *name, const avocet::logistic_features &features) {
            add_batch(name, {features, weights, 0.25f, offsets}, {labels, importance}, along);
        };
        add("logistic_dense", {x, n, d});
        add("logistic_dense_f16", {halves, n, d});
        add("logistic_dense_bf16", {brains, n, d});
    }

    void sparse_logistic() {
        random random(23);
        const std::size_t n = 2500, columns = 4000;
        std::vector<std::int64_t> offsets{0};
        ids indices;
        for (std::size_t i = 0; i < n; i++) {
            for (std::uint32_t degree = random.below(30); degree > 0; degree--) {
                indices.push_back(random.below(columns));
            }
            offsets.push_back(static_cast<std::int64_t>(indices.size()));
        }
        const floats values = random.values(indices.size()), shift = random.values(n);
        const floats weights = random.values(columns), along = random.values(columns);
        floats labels = random.values(n), importance = random.values(n);
        to_labels(labels);
        drop_sign(importance);
        const avocet::logistic_targets targets{labels, importance};
        const avocet::csr csr{n, columns, offsets, indices};
        add_batch("logistic_sparse", {{csr, values}, weights, 0.25f, shift}, targets, along);

        const avocet::sparse_rows ones = check(avocet::sparse_rows::create(csr));
        ids occurring(ones.feature_count());
        check(ones.features(occurring));
        floats few_weights, few_along;
        for (const std::uint32_t feature : occurring) {
            few_weights.push_back(weights[feature]);
            few_along.push_back(along[feature]);
        }
        add_batch("logistic_prepared", {{ones, true}, few_weights, 0.25f, shift}, targets,
                  few_along, occurring);

        const avocet::sparse_rows prepared = check(avocet::sparse_rows::create(csr, values));
        avocet::logistic_fit_options options;
        options.l2 = 0.5f;
        options.iterations = 15;
        options.history = 5;
        floats fitted(columns);
        const auto fit = check(
            avocet::logistic_fit({prepared, weights, 0.25f, shift}, targets, options, fitted, pool_));
        const floats intercept{fit.intercept};
        const ids words{static_cast<std::uint32_t>(fit.outcome), static_cast<std::uint32_t>(fit.iterations),
                        static_cast<std::uint32_t>(fit.passes)};
        found.add("logistic_fit", {&fitted, &intercept}, {&words}, {fit.loss, fit.gradient});
    }

    void product_form() {
        random random(21);
        const std::size_t n = 5000;
        const auto logits = [&] {
            floats values = random.values(n);
            const float factors[] = {2, 20, 200};
            for (std::size_t i = 0; i < n; i++) {
                values[i] *= factors[i % 3];
            }
            return values;
        };
        const floats first = logits(), second = logits(), a = random.values(n), b = random.values(n);
        floats losses(n), of_first(n), of_second(n);
        double sum = 0;
        check(avocet::logistic_product(first, second, {{}, {}, a, b, true}, {losses, of_first, of_second, &sum},
                                       workspace_, pool_));
        found.add("logistic_product", {&losses, &of_first, &of_second}, {}, {sum});
    }

    void partial_sums() {
        random random(22);
        ids words;
        for (int range = 0; range < 20; range++) {
            const std::size_t leaf = random.below(100), count = random.below(1048576);
            for (const std::size_t size : check(avocet::logistic_parts(leaf * 1024, count))) {
                words.push_back(static_cast<std::uint32_t>(size));
            }
        }
        found.add("logistic_parts", {}, {&words});

        const avocet::row_parts before = check(avocet::logistic_parts(0, 5120));
        const avocet::row_parts after = check(avocet::logistic_parts(5120, 20000));
        std::vector<std::size_t> sizes(before.begin(), before.end());
        sizes.push_back(0);
        sizes.insert(sizes.end(), after.begin(), after.end());
        std::vector<avocet::logistic_sums> sums;
        std::vector<avocet::calibration_result> parts;
        for (std::size_t at = 0; at < sizes.size(); at++) {
            const floats of = random.values(4);
            sums.push_back({of[0], of[1], of[2], of[3]});
            parts.push_back({of[0], of[1], of[2], of[3]});
        }
        const std::size_t d = 70;
        const floats vectors = random.values(sizes.size() * d);
        floats vector(d);
        const auto total = check(avocet::logistic_merge(sizes, sums, matrix(vectors, sizes.size()), vector));
        found.add("logistic_merge", {&vector}, {}, {total.loss, total.gradient, total.curvature, total.product});
        const auto of_p = check(avocet::calibration_merge(sizes, parts));
        found.add("calibration_merge", {}, {}, {of_p.weight, of_p.loss, of_p.predicted, of_p.observed});
    }

    void streams() {
        const std::size_t n = 2000;
        std::vector<std::int64_t> times(n);
        for (std::int64_t &time : times) {
            time = stream_random_.below(1000);
        }
        const auto later = [&](std::size_t rarely, std::size_t most) {
            std::vector<std::int64_t> out;
            for (const std::int64_t time : times) {
                out.push_back(stream_random_.below(rarely) == 0 ? avocet::never : time + stream_random_.below(most));
            }
            return out;
        };
        const std::vector<std::int64_t> conversions = later(3, 200), signals = later(2, 20);
        ids words;
        const auto append = [&](const auto &values) {
            for (const auto value : values) {
                words.push_back(static_cast<std::uint32_t>(value));
            }
        };
        for (int protocol = 0; protocol <= static_cast<int>(avocet::protocol::immediate_real); protocol++) {
            const avocet::stream stream = check(avocet::stream::create(static_cast<avocet::protocol>(protocol), times,
                                                                       conversions, signals, 10, 100));
            std::vector<std::int64_t> row_times(stream.rows());
            ids clicks(stream.rows());
            std::vector<avocet::row_kind> kinds(stream.rows());
            std::vector<std::uint8_t> known(stream.rows());
            check(stream.copy({row_times, clicks, kinds, known}));
            append(row_times);
            append(clicks);
            append(kinds);
            append(known);
        }
        found.add("streams", {}, {&words});
    }

    void metrics() {
        const std::size_t n = 5000;
        const auto below = [&](std::size_t limit) {
            floats out(n);
            for (float &each : out) {
                each = static_cast<float>(stream_random_.below(limit));
            }
            return out;
        };
        const floats scores = below(100), labels = below(2);
        floats weights = stream_random_.values(n), p = stream_random_.values(n);
        drop_sign(weights);
        drop_sign(p);
        const auto of_scores = check(avocet::ranking(scores, labels, weights));
        found.add("ranking", {}, {},
                  {of_scores.positives, of_scores.negatives, of_scores.auc, of_scores.pr_auc,
                   of_scores.average_precision});
        const auto of_p = check(avocet::calibration(p, labels, weights));
        found.add("calibration", {}, {}, {of_p.weight, of_p.loss, of_p.predicted, of_p.observed});
    }

    void sparse_models() {
        random random(15);
        const std::size_t n = 2000, features = 3000;
        std::vector<std::int64_t> offsets{0};
        ids columns;
        for (std::size_t i = 0; i < n; i++) {
            for (std::uint32_t degree = random.below(30); degree > 0; degree--) {
                columns.push_back(random.below(features));
            }
            offsets.push_back(static_cast<std::int64_t>(columns.size()));
        }
        const floats values = random.values(columns.size()), margins = random.values(n);
        floats labels = random.values(n), weights = random.values(n);
        to_labels(labels);
        drop_sign(weights);
        const avocet::csr csr{n, features, offsets, columns};
        const char *const names[] = {"sparse_ftrl", "sparse_adagrad", "sparse_sgd"};
        const std::size_t minibatches[] = {1, 7, 64};
        for (std::size_t kind = 0; kind < 3; kind++) {
            avocet::sparse_model_options options{features, kind != 2, static_cast<avocet::optimiser>(kind)};
            options.l1 = 0.1f;
            options.l2 = 0.01f;
            options.epsilon = 1e-6f;
            avocet::sparse_model model = check(avocet::sparse_model::create(options));
            floats learning(n), logits(n), found_weights(features);
            check(model.learn(csr, values, margins, {labels, weights}, minibatches[kind], learning, workspace_));
            std::vector<std::uint8_t> bytes(model.saved_bytes());
            check(model.save(bytes));
            const avocet::sparse_model loaded = check(avocet::sparse_model::load(bytes));
            check(loaded.predict(csr, {}, margins, logits, pool_));
            check(loaded.weights(found_weights));
            const floats intercept{loaded.intercept()};
            ids words(bytes.size() / 4);  // there are as many as 60 and a multiple of 12
            std::memcpy(words.data(), bytes.data(), bytes.size());
            found.add(names[kind], {&learning, &logits, &found_weights, &intercept}, {&words});
        }
    }

    void functions() {
        random random(7);
        floats x(55000);
        for (float &each : x) {
            const auto bits = static_cast<std::uint32_t>(random.bits() >> 32);
            std::memcpy(&each, &bits, 4);
        }
        for (const float each : random.values(55000)) {
            x.push_back(each * 32);
        }
        const std::pair<const char *, avocet::function> all[] = {
            {"map_exp", avocet::function::exp},         {"map_log", avocet::function::log},
            {"map_log1p", avocet::function::log1p},     {"map_sigmoid", avocet::function::sigmoid},
            {"map_softplus", avocet::function::softplus}, {"map_tanh", avocet::function::tanh},
        };
        for (const auto &[name, function] : all) {
            floats out(x.size());
            check(avocet::map(function, x, out, pool_));
            found.add(name, {&out});
        }
    }

    const avocet::pool *pool_;
    avocet::workspace workspace_;
    avocet::graph graph_, back_;
    random dense_random_{3}, score_random_{4}, stream_random_{14};
};

std::map<std::string, std::string> committed() {
    std::map<std::string, std::string> lines;
    std::ifstream file(AVOCET_VECTORS);
    for (std::string line; std::getline(file, line);) {
        const std::size_t at = line.find(" = ");
        EXPECT_NE(at, std::string::npos) << line;
        lines[line.substr(0, at)] = line.substr(at + 3);
    }
    EXPECT_FALSE(lines.empty()) << AVOCET_VECTORS;
    return lines;
}

/// That the cases give the lines of the file, and no others.
void expect_committed(const avocet::pool *pool) {
    const auto wanted = committed();
    const auto found = cases(pool).found.lines;
    for (const auto &[name, line] : wanted) {
        const auto at = found.find(name);
        ASSERT_NE(at, found.end()) << name << " was not computed";
        EXPECT_EQ(at->second, line) << name;
    }
    EXPECT_EQ(found.size(), wanted.size());
}

TEST(Golden, WithoutPool) { expect_committed(nullptr); }

TEST(Golden, WithPools) {
    for (const std::size_t threads : {2u, 3u}) {
        SCOPED_TRACE(threads);
        const avocet::pool pool = check(avocet::pool::create(threads));
        expect_committed(&pool);
    }
}

TEST(Golden, OnEveryTier) {
    const avocet::pool pool = check(avocet::pool::create(2));
    for (const avocet::isa tier : {avocet::isa::avx2, avocet::isa::portable}) {
        const avocet::isa active = avocet::isa_cap(tier);
        std::printf("tier %s\n", avocet::isa_name(active));
        EXPECT_LE(active, tier);
        expect_committed(&pool);
    }
    avocet::isa_cap(std::nullopt);
}

}  // namespace
