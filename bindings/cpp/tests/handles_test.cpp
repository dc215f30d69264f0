// Pools, workspaces, graphs, tiers and versions: ownership, and what is closed.

#include "support.hpp"

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
