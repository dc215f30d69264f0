// Pools, workspaces, graphs, streams, sparse models, tiers and versions: ownership, and what is closed.

#include "support.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

namespace {

using avocet::check;
using avocet::status;
using support::floats;
using support::ids;
using support::refused;
using support::refused_value;

TEST(Library, Versions) {
    EXPECT_EQ(avocet::version_number(), AVOCET_VERSION_NUMBER);
    EXPECT_EQ(avocet::abi_version(), AVOCET_ABI_VERSION);
    EXPECT_EQ(std::string(avocet::version()), std::to_string(AVOCET_VERSION_MAJOR) + "." +
                                                  std::to_string(AVOCET_VERSION_MINOR) + "." +
                                                  std::to_string(AVOCET_VERSION_PATCH));
    EXPECT_FALSE(avocet::compatible());
    EXPECT_TRUE(avocet::float_environment_is_default());
}

TEST(Library, Tiers) {
    const avocet::isa best = avocet::isa_detected(), active = avocet::isa_active();
    EXPECT_LE(active, best);
    EXPECT_EQ(avocet::isa_cap(avocet::isa::portable), avocet::isa::portable);
    EXPECT_EQ(avocet::isa_active(), avocet::isa::portable);
    EXPECT_EQ(avocet::isa_cap(std::nullopt), active);
    EXPECT_STREQ(avocet::isa_name(avocet::isa::avx2), "avx2");
    EXPECT_STREQ(avocet::isa_name(static_cast<avocet::isa>(77)), "unknown");
}

TEST(Library, Statuses) {
    EXPECT_STREQ(avocet::status_name(status::overlap), "AVOCET_ERROR_OVERLAP");
    EXPECT_STREQ(avocet::status_name(status::incompatible_library), "AVOCET_ERROR_INCOMPATIBLE_LIBRARY");
    EXPECT_STREQ(avocet::status_name(status::infeasible), "AVOCET_ERROR_INFEASIBLE");
    EXPECT_STREQ(avocet::status_name(status::work_limit), "AVOCET_ERROR_WORK_LIMIT");
    EXPECT_STREQ(avocet::status_message(status::ok), "ok");
    EXPECT_STREQ(avocet::status_name(static_cast<status>(1234)), "unknown");
}

TEST(Pool, CreateMoveClose) {
    avocet::pool pool = check(avocet::pool::create(2));
    EXPECT_EQ(pool.threads(), 2u);
    avocet::pool moved = std::move(pool);
    EXPECT_EQ(moved.threads(), 2u);
    EXPECT_TRUE(moved);
    EXPECT_FALSE(pool);  // NOLINT(bugprone-use-after-move): that is what is tested
    moved.close();
    moved.close();
    EXPECT_FALSE(moved);
    EXPECT_EQ(moved.threads(), 1u);
    EXPECT_TRUE(refused_value(avocet::pool::create(0).error(), status::invalid_argument, 1, "threads", 0, 0));
    EXPECT_TRUE(refused_value(avocet::pool::create(1025).error(), status::invalid_argument, 1, "threads", 0, 1025));
    EXPECT_FALSE(avocet::pool::create(0).value());
}

TEST(Workspace, CreateReserveMoveClose) {
    avocet::workspace workspace = check(avocet::workspace::create(100));
    EXPECT_GE(workspace.bytes(), 100u);
    check(workspace.reserve(5000));
    const std::size_t before = workspace.bytes();
    EXPECT_GE(before, 5000u);
    const std::size_t most = std::numeric_limits<std::size_t>::max();
    EXPECT_TRUE(refused(workspace.reserve(most), status::out_of_memory, 2, "bytes"));
    EXPECT_EQ(workspace.bytes(), before);
    EXPECT_TRUE(refused(avocet::workspace::create(most).error(), status::out_of_memory, 1, "bytes"));
    avocet::workspace moved;
    moved = std::move(workspace);
    EXPECT_EQ(moved.bytes(), before);
    EXPECT_EQ(workspace.bytes(), 0u);  // NOLINT(bugprone-use-after-move)
    EXPECT_TRUE(refused(workspace.reserve(1), status::null_pointer, 1, "workspace"));
}

// A call enlarges its workspace once, and then no more.
TEST(Workspace, GrowsToWhatACallNeeds) {
    avocet::workspace workspace = check(avocet::workspace::create());
    const floats x(40 * 30, 1), w(30 * 20, 2);
    const avocet::addend addends[] = {{{x, 40, 30}, {w, 30, 20}}};
    floats out(40 * 20);
    check(avocet::dense_product(addends, {}, {out, 40, 20}, {}, workspace));
    EXPECT_EQ(out.front(), 60);
    EXPECT_EQ(out.back(), 60);
    const std::size_t bytes = workspace.bytes();
    EXPECT_GT(bytes, 0u);
    check(avocet::dense_product(addends, {}, {out, 40, 20}, {}, workspace));
    EXPECT_EQ(workspace.bytes(), bytes);
}

TEST(Workspace, GrowsWithTheRowsOfALoss) {
    avocet::workspace workspace = check(avocet::workspace::create());
    const floats x(500000), labels(500000, 1);
    const auto loss = [&](std::size_t rows) {
        double sum = 0;
        check(avocet::logistic_pointwise({x.data(), rows}, {avocet::array_view<const float>(labels.data(), rows)},
                                         {{}, {}, {}, &sum}, workspace));
        EXPECT_NEAR(sum, static_cast<double>(rows) * std::log(2.0), 0.1);
        return workspace.bytes();
    };
    const std::size_t before = loss(1000), bytes = loss(500000);
    EXPECT_GT(bytes, before);
    EXPECT_EQ(loss(500000), bytes);
    EXPECT_EQ(loss(1000), bytes);
}

TEST(Workspace, GrowsWithTheVectorsOfDenseRows) {
    avocet::workspace workspace = check(avocet::workspace::create());
    const std::size_t n = 5000, d = 2;
    const floats x(n * d), labels(n, 1), weights(d);
    floats gradient(d), curvature(d);
    const auto bytes_of = [&](const avocet::logistic_batch_outputs &out) {
        EXPECT_NEAR(check(avocet::logistic_batch({{x, n, d}, weights}, {labels}, out, workspace)).loss,
                    static_cast<double>(n) * std::log(2.0), 0.01);
        return workspace.bytes();
    };
    const std::size_t before = bytes_of({}), bytes = bytes_of({{}, gradient, curvature});
    EXPECT_GT(before, 0u);
    EXPECT_GT(bytes, before);
    EXPECT_EQ(bytes_of({{}, gradient, curvature}), bytes);
    EXPECT_EQ(bytes_of({}), bytes);
}

TEST(Workspace, GrowsWithTheVectorsOfSparseRows) {
    const std::size_t n = 3000, columns = 500;
    std::vector<std::int64_t> offsets{0};
    ids entries;
    for (std::size_t i = 0; i < n; i++) {
        entries.push_back(static_cast<std::uint32_t>(i * 7 % columns));
        offsets.push_back(static_cast<std::int64_t>(i + 1));
    }
    const avocet::csr csr{n, columns, offsets, entries};
    const avocet::sparse_rows prepared = check(avocet::sparse_rows::create(csr));
    const floats labels(n, 1), weights(columns);
    floats gradient(columns), curvature(columns);
    for (const avocet::logistic_features &features :
         {avocet::logistic_features(csr), avocet::logistic_features(prepared, true)}) {
        avocet::workspace workspace = check(avocet::workspace::create());
        const auto bytes_of = [&](const avocet::logistic_batch_outputs &out) {
            EXPECT_NEAR(check(avocet::logistic_batch({features, weights}, {labels}, out, workspace)).loss,
                        static_cast<double>(n) * std::log(2.0), 0.01);
            return workspace.bytes();
        };
        const std::size_t before = bytes_of({}), bytes = bytes_of({{}, gradient, curvature});
        EXPECT_GT(bytes, before);
        EXPECT_EQ(bytes_of({{}, gradient, curvature}), bytes);
        EXPECT_EQ(gradient, floats(columns, -0.5f * 6));
    }
}

// A workspace that cannot grow as far as a call needs: the error is about the call's workspace, not about reserving.
TEST(Workspace, ThatCannotGrow) {
    avocet::workspace workspace = check(avocet::workspace::create());
    const std::size_t most = std::size_t{1} << 60;
    const avocet::error outcome = avocet::detail::call().run_in(workspace.c_handle(), [&](avocet_error *e) {
        e->status = AVOCET_ERROR_WORKSPACE_TOO_SMALL;
        e->argument = 7;
        e->name = "workspace";
        e->value = AVOCET_VALUE_INTEGER;
        e->integer = static_cast<std::int64_t>(most);
        return e->status;
    });
    EXPECT_TRUE(refused_value(outcome, status::out_of_memory, 7, "workspace", 0, static_cast<std::int64_t>(most)));
}

TEST(Graph, StructureOfAllKinds) {
    const avocet::graph graph = support::graph_of({{0, 3}, {}, {1, 2, 3}}, 4);
    EXPECT_EQ(graph.rows(), 3u);
    EXPECT_EQ(graph.cols(), 4u);
    EXPECT_EQ(graph.edges(), 5u);
    EXPECT_FALSE(graph.is_derived());
    const avocet::graph back = check(graph.transpose());
    EXPECT_EQ(back.rows(), 4u);
    EXPECT_TRUE(back.is_derived());
    EXPECT_EQ(back.edge_id_limit(), 5u);
    std::vector<std::int64_t> offsets(5);
    ids columns(5), numbers(5);
    check(back.offsets(offsets));
    check(back.indices(columns));
    check(back.edge_ids(numbers));
    EXPECT_EQ(offsets, (std::vector<std::int64_t>{0, 1, 2, 3, 5}));
    EXPECT_EQ(columns, (ids{0, 2, 2, 0, 2}));
    EXPECT_EQ(numbers, (ids{0, 2, 3, 1, 4}));
    const avocet::graph part = check(graph.select_rows(std::vector<std::int32_t>{2, 2}));
    EXPECT_EQ(part.edges(), 6u);
    EXPECT_EQ(part.edge_id_limit(), 5u);
}

TEST(Graph, EmptyOnes) {
    const avocet::graph none = check(avocet::graph::create({0, 0, std::vector<std::uint32_t>{0}, ids{}}));
    EXPECT_EQ(none.rows() + none.cols() + none.edges(), 0u);
    std::vector<std::int64_t> offsets{7};
    check(none.offsets(offsets));
    EXPECT_EQ(offsets[0], 0);
    check(none.indices({}));
    EXPECT_EQ(check(none.transpose()).edges(), 0u);
    EXPECT_EQ(check(none.select_rows(ids{})).rows(), 0u);
}

TEST(Graph, WhatIsRefused) {
    const auto create = [](std::size_t rows, std::size_t cols, std::vector<std::int64_t> offsets,
                           std::vector<std::int32_t> columns) {
        return avocet::graph::create({rows, cols, offsets, columns}).error();
    };
    EXPECT_TRUE(refused_value(create(3, 4, {0, 2, 2}, {0, 1}), status::shape_mismatch, 1, "csr.offsets", 0, 3));
    EXPECT_TRUE(refused_value(create(0, 4, {}, {}), status::shape_mismatch, 1, "csr.offsets", 0, 0));
    const std::size_t most = std::numeric_limits<std::size_t>::max();
    EXPECT_TRUE(refused(create(most, 4, {}, {}), status::size_overflow, 1, "csr.rows"));
    EXPECT_TRUE(refused_value(create(2, 4, {0, 3, 2}, {0, 1}), status::invalid_offsets, 1, "csr.offsets", 1, 3));
    EXPECT_TRUE(refused_value(create(1, 4, {0, 3}, {0, 1}), status::invalid_offsets, 1, "csr.offsets", 1, 3));
    EXPECT_TRUE(refused_value(create(1, 4, {0, 2}, {0, 4}), status::index_out_of_range, 1, "csr.indices", 1, 4));
    EXPECT_TRUE(refused_value(create(1, 4, {0, 2}, {-3, 4}), status::index_out_of_range, 1, "csr.indices", 0, -3));
    EXPECT_TRUE(refused(avocet::graph::create({}).error(), status::shape_mismatch, 1, "csr.offsets"));

    const avocet::graph graph = support::graph_of({{0, 3}, {1}}, 4);
    std::vector<std::int64_t> offsets(2, 7);
    ids columns(4, 7);
    floats weights(3, 7);
    EXPECT_TRUE(refused_value(graph.offsets(offsets), status::shape_mismatch, 3, "len", 0, 2));
    EXPECT_TRUE(refused_value(graph.indices(columns), status::shape_mismatch, 3, "len", 0, 4));
    EXPECT_TRUE(refused_value(graph.edge_ids(columns), status::shape_mismatch, 3, "len", 0, 4));
    EXPECT_TRUE(refused(graph.walk_weights(weights), status::invalid_argument, 1, "graph"));
    EXPECT_EQ(offsets, (std::vector<std::int64_t>(2, 7)));
    EXPECT_EQ(columns, ids(4, 7));
    EXPECT_EQ(weights, floats(3, 7));
    EXPECT_TRUE(refused_value(graph.select_rows(ids{0, 1, 2}).error(), status::index_out_of_range, 2, "rows", 2, 2));
    EXPECT_FALSE(graph.select_rows(ids{2}).value());
}

TEST(Graph, ClosedOrMovedFrom) {
    avocet::graph graph = support::graph_of({{0, 3}, {1}}, 4);
    const avocet::graph moved = std::move(graph);
    EXPECT_EQ(moved.edges(), 3u);
    avocet::graph never_opened, was_closed = support::graph_of({{0}}, 1);
    was_closed.close();
    for (const avocet::graph *closed : {&graph, &never_opened, &was_closed}) {
        EXPECT_FALSE(*closed);
        EXPECT_EQ(closed->rows() + closed->cols() + closed->edges() + closed->edge_id_limit(), 0u);
        EXPECT_FALSE(closed->is_derived());
        EXPECT_TRUE(refused(closed->transpose().error(), status::null_pointer, 1, "graph"));
        EXPECT_TRUE(refused(closed->select_rows(ids{}).error(), status::null_pointer, 1, "graph"));
        EXPECT_TRUE(refused(closed->offsets({}), status::null_pointer, 1, "graph"));
        EXPECT_TRUE(refused(closed->indices({}), status::null_pointer, 1, "graph"));
        EXPECT_TRUE(refused(closed->edge_ids({}), status::null_pointer, 1, "graph"));
        EXPECT_TRUE(refused(closed->walk_weights({}), status::null_pointer, 1, "graph"));
        EXPECT_TRUE(refused(avocet::fit_power_law(*closed).error(), status::null_pointer, 1, "graph"));
    }
}

// What the documentation asks for where a handle may be closed while calls run: each caller holds a share of it.
TEST(Graph, SharedWithCallersWhileItsOwnerLetsGo) {
    for (int round = 0; round < 20; round++) {
        auto graph = std::make_shared<const avocet::graph>(support::graph_of({{0, 1}, {2}}, 3));
        auto pool = std::make_shared<const avocet::pool>(check(avocet::pool::create(2)));
        std::vector<std::thread> callers;
        std::vector<floats> found(4, floats(2));
        for (floats &out : found) {
            callers.emplace_back([graph, pool, &out] {
                const floats x{1, 10, 100};
                for (int call = 0; call < 50; call++) {
                    check(avocet::aggregate(*graph, {x, 3, 1}, {}, {out, 2, 1}, pool.get()));
                }
            });
        }
        graph.reset();
        pool.reset();
        for (std::thread &caller : callers) {
            caller.join();
        }
        EXPECT_EQ(found, std::vector<floats>(4, floats{11, 100}));
    }
}

using times = std::vector<std::int64_t>;
using kinds = std::vector<avocet::row_kind>;
using bytes = std::vector<std::uint8_t>;

// Converts at the end of the window, after it, and never; the signals are late, in time, and absent.
avocet::stream three_clicks(avocet::protocol protocol = avocet::protocol::delayed_real) {
    return check(avocet::stream::create(protocol, times{10, 0, 7}, times{12, 8, avocet::never},
                                        times{13, 1, avocet::never}, 2, 100));
}

TEST(Stream, RowsOfAProtocol) {
    const avocet::stream stream = three_clicks();
    ASSERT_EQ(stream.rows(), 5u);
    times when(5);
    ids clicks(5);
    kinds what(5);
    bytes known(5, 7);
    check(stream.copy({when, clicks, what, known}));
    using kind = avocet::row_kind;
    EXPECT_EQ(when, (times{2, 8, 9, 12, 107}));
    EXPECT_EQ(clicks, (ids{1, 1, 2, 0, 2}));
    EXPECT_EQ(what, (kinds{kind::negative, kind::delayed_positive, kind::negative, kind::immediate_positive,
                           kind::real_negative}));
    EXPECT_EQ(known, (bytes{1, 1, 0, 0, 0}));
    // Each array may be left out.
    ids again(5);
    check(stream.copy({{}, again, {}, {}}));
    EXPECT_EQ(again, clicks);
    check(stream.copy({}));
    EXPECT_EQ(three_clicks(avocet::protocol::window).rows(), 3u);
    EXPECT_EQ(three_clicks(avocet::protocol::delayed).rows(), 4u);
    EXPECT_EQ(three_clicks(avocet::protocol::duplicate).rows(), 6u);
    // The window counts as 0 here, and signals need not be given.
    const avocet::stream immediate =
        check(avocet::stream::create(avocet::protocol::immediate, times{10}, times{12}, {}, 5, 9));
    times two(2);
    bytes none(2, 7);
    check(immediate.copy({two, {}, {}, none}));
    EXPECT_EQ(two, (times{10, 12}));
    EXPECT_EQ(none, (bytes{0, 0}));
}

TEST(Stream, OfNoClicks) {
    const avocet::stream none = check(avocet::stream::create(avocet::protocol::window, {}, {}, {}, 0, 0));
    EXPECT_TRUE(none);
    EXPECT_EQ(none.rows(), 0u);
    times when;
    ids clicks;
    kinds what;
    bytes known;
    check(none.copy({when, clicks, what, known}));
}

TEST(Stream, WhatIsRefused) {
    using optional = avocet::optional_array<const std::int64_t>;
    const auto create = [](const times &clicks, const times &conversions, optional signals, std::int64_t window,
                           std::int64_t attribution, int protocol = 3) {
        const auto made = avocet::stream::create(static_cast<avocet::protocol>(protocol), clicks, conversions, signals,
                                                 window, attribution);
        EXPECT_FALSE(made.value());
        return made.error();
    };
    const times clicks{0, 5, 9}, conversions{1, avocet::never, 20}, two{1, 2};
    for (const int protocol : {-1, 6}) {
        EXPECT_TRUE(refused_value(create(clicks, conversions, {}, 1, 9, protocol), status::invalid_argument, 1,
                                  "protocol", 0, protocol));
    }
    EXPECT_TRUE(refused_value(create(clicks, two, {}, 1, 9), status::shape_mismatch, 3, "conversions", 0, 2));
    EXPECT_TRUE(refused_value(create(clicks, conversions, two, 1, 9), status::shape_mismatch, 4, "signals", 0, 2));
    EXPECT_TRUE(refused_value(create(clicks, conversions, times(), 1, 9), status::shape_mismatch, 4, "signals", 0, 0));
    const avocet::array_view<const std::int64_t> absent(nullptr, 3);
    EXPECT_TRUE(refused(create(clicks, conversions, absent, 1, 9), status::null_pointer, 4, "signals"));
    const auto window = avocet::protocol::window;
    EXPECT_TRUE(refused(avocet::stream::create(window, absent, conversions, {}, 1, 9).error(), status::null_pointer, 2,
                        "times"));
    EXPECT_TRUE(refused(avocet::stream::create(window, clicks, absent, {}, 1, 9).error(), status::null_pointer, 3,
                        "conversions"));
    const std::size_t most = std::numeric_limits<std::size_t>::max();
    EXPECT_TRUE(refused(avocet::stream::create(window, {clicks.data(), most}, {two.data(), most}, {}, 1, 9).error(),
                        status::size_overflow, 5, "len"));
    for (int protocol = 0; protocol <= 5; protocol++) {
        EXPECT_TRUE(refused_value(create(clicks, conversions, {}, -1, 9, protocol), status::invalid_argument, 6,
                                  "window", 0, -1));
    }
    EXPECT_TRUE(refused_value(create(clicks, conversions, {}, 5, 4), status::invalid_argument, 7, "attribution", 0, 4));
    EXPECT_TRUE(refused_value(create(clicks, {0, 6, 8}, {}, 1, 9), status::invalid_argument, 3, "conversions", 2, 8));
    const std::int64_t late = avocet::never - 1;
    EXPECT_TRUE(refused_value(create({0, late, 9}, times(3, avocet::never), {}, 1, 9), status::size_overflow, 2,
                              "times", 1, late));
}

TEST(Stream, CopiesThatAreRefused) {
    const avocet::stream stream = three_clicks();
    times when(5, 7), few_times(4, 7);
    ids clicks(5, 7), many_clicks(6, 7);
    kinds what(5, avocet::row_kind::real_negative), no_kinds;
    bytes known(5, 7), few(1, 7);
    EXPECT_TRUE(refused_value(stream.copy({few_times, clicks, what, known}), status::shape_mismatch, 2, "times", 0, 4));
    EXPECT_TRUE(refused_value(stream.copy({when, many_clicks, what, known}), status::shape_mismatch, 3, "clicks", 0,
                              6));
    EXPECT_TRUE(refused_value(stream.copy({when, clicks, no_kinds, known}), status::shape_mismatch, 4, "kinds", 0, 0));
    EXPECT_TRUE(refused_value(stream.copy({when, clicks, what, few}), status::shape_mismatch, 5, "signals", 0, 1));
    EXPECT_TRUE(refused(stream.copy({avocet::array_view<std::int64_t>(nullptr, 5)}), status::null_pointer, 2, "times"));
    EXPECT_TRUE(refused(stream.copy({{}, {}, avocet::array_view<avocet::row_kind>(nullptr, 5)}), status::null_pointer,
                        4, "kinds"));
    const avocet::array_view<std::uint8_t> of_kinds(reinterpret_cast<std::uint8_t *>(what.data()), 5);
    EXPECT_TRUE(refused(stream.copy({when, clicks, what, of_kinds}), status::overlap, 5, "signals"));
    EXPECT_EQ(when, times(5, 7));
    EXPECT_EQ(few_times, times(4, 7));
    EXPECT_EQ(clicks, ids(5, 7));
    EXPECT_EQ(many_clicks, ids(6, 7));
    EXPECT_EQ(what, kinds(5, avocet::row_kind::real_negative));
    EXPECT_EQ(known, bytes(5, 7));
    EXPECT_EQ(few, bytes(1, 7));
}

TEST(Stream, ClosedOrMovedFrom) {
    avocet::stream stream = three_clicks();
    const avocet::stream moved = std::move(stream);
    EXPECT_EQ(moved.rows(), 5u);
    avocet::stream never_opened, was_closed = three_clicks();
    was_closed.close();
    was_closed.close();
    times when(5, 7);
    for (const avocet::stream *closed : {&stream, &never_opened, &was_closed}) {
        EXPECT_FALSE(*closed);
        EXPECT_EQ(closed->rows(), 0u);
        EXPECT_TRUE(refused(closed->copy({}), status::null_pointer, 1, "stream"));
        // Not about the length that a closed stream would ask for.
        EXPECT_TRUE(refused(closed->copy({when}), status::null_pointer, 1, "stream"));
    }
    EXPECT_EQ(when, times(5, 7));
}

TEST(Stream, SharedWithReadersWhileItsOwnerLetsGo) {
    auto stream = std::make_shared<const avocet::stream>(three_clicks());
    std::vector<std::thread> readers;
    std::vector<times> found(4, times(5));
    for (times &when : found) {
        readers.emplace_back([stream, &when] {
            for (int call = 0; call < 200; call++) {
                check(stream->copy({when}));
            }
        });
    }
    stream.reset();
    for (std::thread &reader : readers) {
        reader.join();
    }
    EXPECT_EQ(found, std::vector<times>(4, times{2, 8, 9, 12, 107}));
}

// A model that has learnt one row of features 3 and 1 out of 4.
avocet::sparse_model learnt_model() {
    avocet::sparse_model model = check(avocet::sparse_model::create({4, true}));
    avocet::workspace workspace = check(avocet::workspace::create());
    check(model.learn({1, 4, ids{0, 2}, ids{3, 1}}, {}, {}, {floats{1}}, 1, {}, workspace));
    return model;
}

TEST(SparseModel, GoesOnWhenLoaded) {
    avocet::sparse_model model = learnt_model();
    bytes saved(model.saved_bytes()), again(saved.size());
    check(model.save(saved));
    avocet::sparse_model loaded = check(avocet::sparse_model::load(saved));
    EXPECT_EQ(loaded.features(), 4u);
    EXPECT_EQ(loaded.intercept(), model.intercept());
    EXPECT_NE(loaded.intercept(), 0);
    avocet::workspace workspace = check(avocet::workspace::create());
    for (avocet::sparse_model *each : {&model, &loaded}) {
        const std::size_t all_rows = std::numeric_limits<std::size_t>::max();
        check(each->learn({2, 4, ids{0, 2, 3}, ids{3, 0, 0}}, {}, {}, {floats{0, 1}}, all_rows, {}, workspace));
    }
    saved.resize(model.saved_bytes());
    again.resize(loaded.saved_bytes());
    check(model.save(saved));
    check(loaded.save(again));
    EXPECT_EQ(saved, again);
}

TEST(SparseModel, ClosedOrMovedFrom) {
    avocet::sparse_model model = learnt_model();
    const avocet::sparse_model moved = std::move(model);
    EXPECT_EQ(moved.nonzeros(), 2u);
    avocet::sparse_model never_opened, was_closed = learnt_model();
    was_closed.close();
    was_closed.close();
    avocet::workspace workspace = check(avocet::workspace::create());
    const ids offsets{0};
    const avocet::csr none{0, 4, offsets, {}};
    for (avocet::sparse_model *closed : {&model, &never_opened, &was_closed}) {
        EXPECT_FALSE(*closed);
        EXPECT_EQ(closed->features() + closed->nonzeros() + closed->saved_bytes(), 0u);
        EXPECT_EQ(closed->intercept(), 0);
        EXPECT_TRUE(refused(closed->predict(none, {}, {}, {}), status::null_pointer, 1, "model"));
        EXPECT_TRUE(refused(closed->learn(none, {}, {}, {floats()}, 1, {}, workspace), status::null_pointer, 1,
                            "model"));
        EXPECT_TRUE(refused(closed->weights({}), status::null_pointer, 1, "model"));
        EXPECT_TRUE(refused(closed->nonzero({}, {}), status::null_pointer, 1, "model"));
        EXPECT_TRUE(refused(closed->save({}), status::null_pointer, 1, "model"));
    }
}

TEST(SparseModel, SharedWithReadersWhileItsOwnerLetsGo) {
    auto model = std::make_shared<const avocet::sparse_model>(learnt_model());
    const ids offsets{0, 2, 3}, columns{3, 1, 0};
    floats wanted(2);
    check(model->predict({2, 4, offsets, columns}, {}, {}, wanted));
    EXPECT_NE(wanted[0], wanted[1]);
    std::vector<std::thread> readers;
    std::vector<floats> found(4, floats(2));
    for (floats &logits : found) {
        readers.emplace_back([model, &logits, &offsets, &columns] {
            for (int call = 0; call < 200; call++) {
                check(model->predict({2, 4, offsets, columns}, {}, {}, logits));
            }
        });
    }
    model.reset();
    for (std::thread &reader : readers) {
        reader.join();
    }
    EXPECT_EQ(found, std::vector<floats>(4, wanted));
}

// Two rows of features 3 and 1, and of 0, out of 5.
avocet::sparse_rows two_rows() { return check(avocet::sparse_rows::create({2, 5, ids{0, 2, 3}, ids{3, 1, 0}})); }

TEST(SparseRows, OwnTheirCopy) {
    ids offsets{0, 2, 3}, columns{3, 1, 0};
    floats values{1, 2, 4};
    const avocet::sparse_rows rows = check(avocet::sparse_rows::create({2, 5, offsets, columns}, values));
    offsets = columns = {9, 9, 9};
    values = floats(3);
    EXPECT_EQ(rows.count(), 2u);
    EXPECT_EQ(rows.columns(), 5u);
    ASSERT_EQ(rows.feature_count(), 3u);
    ids features(3);
    check(rows.features(features));
    EXPECT_EQ(features, (ids{0, 1, 3}));
    avocet::workspace workspace = check(avocet::workspace::create());
    floats margins(2);
    check(avocet::logistic_batch({rows, floats{1, 10, 100, 1000, 10000}}, {}, {margins}, workspace));
    EXPECT_EQ(margins, (floats{1020, 4}));
}

TEST(SparseRows, WithoutRowsOrEntries) {
    const avocet::sparse_rows none = check(avocet::sparse_rows::create({0, 5, ids{0}, ids{}}, floats()));
    EXPECT_TRUE(none);
    EXPECT_EQ(none.count() + none.feature_count(), 0u);
    EXPECT_EQ(none.columns(), 5u);
    check(none.features({}));
}

TEST(SparseRows, ClosedOrMovedFrom) {
    avocet::sparse_rows rows = two_rows();
    const avocet::sparse_rows moved = std::move(rows);
    EXPECT_EQ(moved.feature_count(), 3u);
    avocet::sparse_rows never_opened, was_closed = two_rows();
    was_closed.close();
    was_closed.close();
    avocet::workspace workspace = check(avocet::workspace::create());
    for (const avocet::sparse_rows *closed : {&rows, &never_opened, &was_closed}) {
        EXPECT_FALSE(*closed);
        EXPECT_EQ(closed->count() + closed->columns() + closed->feature_count(), 0u);
        EXPECT_TRUE(refused(closed->features({}), status::null_pointer, 1, "rows"));
        EXPECT_TRUE(refused(avocet::logistic_batch({*closed, floats()}, {}, {}, workspace).error(),
                            status::null_pointer, 1, "rows.prepared"));
        EXPECT_TRUE(refused(avocet::logistic_fit({*closed}, {floats()}, {}, {}).error(), status::null_pointer, 1,
                            "rows.prepared"));
    }
}

TEST(SparseRows, SharedWithReadersWhileTheirOwnerLetsGo) {
    auto rows = std::make_shared<const avocet::sparse_rows>(two_rows());
    const floats weights{1, 10, 100};
    std::vector<std::thread> readers;
    std::vector<floats> found(4, floats(2));
    for (floats &margins : found) {
        readers.emplace_back([rows, &margins, &weights] {
            avocet::workspace workspace = check(avocet::workspace::create());
            for (int call = 0; call < 200; call++) {
                check(avocet::logistic_batch({{*rows, true}, weights}, {}, {margins}, workspace));
            }
        });
    }
    rows.reset();
    for (std::thread &reader : readers) {
        reader.join();
    }
    EXPECT_EQ(found, std::vector<floats>(4, floats{110, 1}));
}

TEST(Error, AsException) {
    const floats x{1, 2, 3};
    floats out(2);
    try {
        check(avocet::map(avocet::function::exp, x, out));
        FAIL() << "nothing was thrown";
    } catch (const avocet::exception &refusal) {
        EXPECT_TRUE(refused_value(refusal.error(), status::shape_mismatch, 3, "out", 0, 2));
        EXPECT_STREQ(refusal.what(), "shape mismatch: argument 3 (out), value 2");
    }
    EXPECT_THROW(check(avocet::pool::create(0)), std::runtime_error);
    EXPECT_NO_THROW(check(avocet::error()));
}

TEST(Error, Text) {
    const avocet::error outcome = avocet::pool::create(0).error();
    const std::string text = outcome.message();
    EXPECT_NE(text.find("argument 1 (threads), value 0"), std::string::npos) << text;
    char cut[8];
    EXPECT_EQ(outcome.format(cut, sizeof cut), text.size());
    EXPECT_EQ(std::string(cut), text.substr(0, 7));
    EXPECT_EQ(outcome.format(nullptr, 0), text.size());
    EXPECT_STREQ(avocet::error().name(), "");
    EXPECT_EQ(avocet::error().message(), "ok");
}

}  // namespace
