// Bad input to packed indexes: what the binding itself refuses, in the words of the C function, and what it passes on
// to be refused. Outputs stay as they were.

#include "support.hpp"

#include <functional>
#include <limits>

namespace {

using avocet::check;
using avocet::index_storage;
using avocet::status;
using support::floats;
using support::graph_of;
using support::ids;
using support::refused;
using support::refused_real;
using support::refused_value;

using bytes = std::vector<std::int8_t>;
using words = std::vector<std::uint64_t>;
using real_rows = avocet::score_table;

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

template <class T>
const T *misaligned(const T *data) {
    return reinterpret_cast<const T *>(reinterpret_cast<const char *>(data) + 1);
}

template <class T>
T *misaligned(T *data) {
    return reinterpret_cast<T *>(reinterpret_cast<char *>(data) + 1);
}

// Four rows of two columns; three queries.
class IndexErrors : public testing::Test {
  protected:
    void TearDown() override {
        EXPECT_EQ(f, floats(20, 7)) << "an output was written";
        EXPECT_EQ(u, ids(20, 7)) << "an output was written";
        EXPECT_EQ(w, ids(20, 7)) << "an output was written";
        EXPECT_EQ(l, words(20, 7)) << "an output was written";
    }

    avocet::score_table whole(std::size_t rows) const { return avocet::matrix({values.data(), 2 * rows}, rows, 2); }
    avocet::score_table cut(std::size_t rows) const { return avocet::matrix({values.data(), 2 * rows - 1}, rows, 2); }
    avocet::score_table int8(std::size_t rows, avocet::optional_array<const float> scales = {}) const {
        return {avocet::matrix_i8({integers.data(), 2 * rows}, rows, 2), scales};
    }
    avocet::array_view<float> of_f(std::size_t len) { return {f.data(), len}; }
    avocet::array_view<std::uint32_t> of_u(std::size_t first, std::size_t len) { return {&u[first], len}; }
    avocet::index_lists lists() { return {of_u(0, 6), of_f(6), of_u(6, 3)}; }

    const floats values = floats(40, 1);
    const bytes integers = bytes(40, 1);
    const words own = words(8, 1);
    const avocet::index plain = check(avocet::index::create(whole(4)));
    const avocet::index named = check(avocet::index::create(whole(4), {index_storage::f32, words(4)}));
    const avocet::index narrow = check(avocet::index::create(int8(4), {index_storage::int8}));
    const avocet::index panels = check(avocet::index::create(whole(4), {index_storage::int8_panels}));
    const avocet::graph given = graph_of({{0, 3}, {}, {1}}, 4), unsorted = graph_of({{}, {3, 2}, {}}, 4);
    const avocet::graph few = graph_of({{0}, {1}}, 4), wide = graph_of({{}, {}, {}}, 5);
    avocet::pool closed_pool;
    avocet::graph closed_graph;
    avocet::workspace workspace = check(avocet::workspace::create()), closed_workspace;
    floats f = floats(20, 7);
    ids u = ids(20, 7), w = ids(20, 7);
    words l = words(20, 7);
};

// What all that take in rows refuse, four of them; each with the numbers of rows and options. What is taken in where
// these are of int8 has its storage.
TEST_F(IndexErrors, RowsTakenIn) {
    using taking = std::function<avocet::error(const avocet::score_table &)>;
    struct form {
        int rows, options;
        taking take;
    };
    const form forms[] = {
        {1, 2, [&](const real_rows &rows) { return avocet::index::create(rows, {index_storage::int8}).error(); }},
        {2, 3, [&](const real_rows &rows) { return narrow.append(rows).error(); }},
        {3, 4, [&](const real_rows &rows) { return narrow.replace(ids{0, 1, 2, 3}, rows).error(); }},
    };
    floats bad(8), scales(4, 1);
    bad[5] = -infinity;
    for (const auto &[rows, options, take] : forms) {
        SCOPED_TRACE(rows);
        SHAPE(take(cut(4)), rows, "rows.data", 7);
        SHAPE(take(avocet::matrix_i8({integers.data(), 7}, 4, 2)), rows, "rows.data", 7);
        SHAPE(take({values, 4, 2, 1}), rows, "rows.stride", 1);
        CLOSED(take({static_cast<const float *>(nullptr), 4, 2}), rows, "rows.data");
        EXPECT_TRUE(refused_value(take({misaligned(values.data()), 4, 2}), status::invalid_argument, rows, "rows.data",
                                  0, 1));
        EXPECT_TRUE(refused(take({bad, 4, 2}), status::not_finite, rows, "rows", 2));
        SHAPE(take(int8(4, avocet::array_view<const float>(scales.data(), 3))), options, "options.scales", 3);
        SHAPE(take(int8(4, floats())), options, "options.scales", 0);
        CLOSED(take(int8(4, avocet::array_view<const float>(nullptr, 4))), options, "options.scales");
        EXPECT_TRUE(refused_value(take(int8(4, avocet::array_view<const float>(misaligned(values.data()), 4))),
                                  status::invalid_argument, options, "options.scales", 0, 1));
        EXPECT_TRUE(refused_real(take(int8(4, floats{1, 1, -1, 1})), status::invalid_argument, options,
                                 "options.scales", 2, -1));
        EXPECT_TRUE(refused_real(take(int8(4, floats{1, nan, 1, 1})), status::not_finite, options, "options.scales", 1,
                                 nan));
    }
}

TEST_F(IndexErrors, Create) {
    using avocet::index;
    const auto storage = [](int value) { return static_cast<index_storage>(value); };
    for (const int unknown : {-1, 6}) {
        EXPECT_TRUE(refused_value(index::create(whole(4), {storage(unknown)}).error(), status::invalid_argument, 2,
                                  "options.storage", 0, unknown));
    }
    for (const int real : {0, 1, 2, 4, 5}) {
        EXPECT_TRUE(refused_value(index::create(int8(4), {storage(real)}).error(), status::invalid_argument, 2,
                                  "options.storage", 0, real));
    }
    SHAPE(index::create(whole(4), {{}, words(3)}).error(), 2, "options.ids", 3);
    SHAPE(index::create(whole(4), {{}, words()}).error(), 2, "options.ids", 0);
    const avocet::array_view<const std::uint64_t> absent(nullptr, 4), odd(misaligned(own.data()), 4);
    CLOSED(index::create(whole(4), {{}, absent}).error(), 2, "options.ids");
    EXPECT_TRUE(refused_value(index::create(whole(4), {{}, odd}).error(), status::invalid_argument, 2, "options.ids", 0,
                              1));
    CLOSED(index::create(whole(4), {}, &closed_pool).error(), 3, "pool");
    const bytes none;
    EXPECT_TRUE(refused_value(index::create(avocet::matrix_i8(none, 0, 65536), {index_storage::int8}).error(),
                              status::size_overflow, 1, "rows.cols", 0, 65536));
    EXPECT_TRUE(refused_value(index::create({floats(), std::size_t{1} << 32, 0}).error(), status::size_overflow, 1,
                              "rows.rows", 0, std::int64_t{1} << 32));
    EXPECT_FALSE(index::create(cut(4)).value());
}

TEST_F(IndexErrors, Changes) {
    const ids all{0, 1, 2, 3};
    SHAPE(plain.append({values, 4, 3}).error(), 2, "rows.cols", 3);
    EXPECT_TRUE(refused(plain.append(int8(4)).error(), status::invalid_argument, 2, "rows.element_type"));
    SHAPE(plain.append(whole(4), {words(3)}).error(), 3, "options.ids", 3);
    SHAPE(plain.append(whole(4), {words(4)}).error(), 3, "options.ids", 4);
    SHAPE(named.append(whole(4)).error(), 3, "options.ids", 0);
    CLOSED(plain.append(whole(4), {}, &closed_pool).error(), 4, "pool");
    EXPECT_TRUE(refused_value(panels.append(whole(4)).error(), status::invalid_argument, 1, "index", 0, 4));

    SHAPE(plain.replace(ids{0, 1, 2}, whole(4)).error(), 2, "at", 3);
    CLOSED(plain.replace({nullptr, 4}, whole(4)).error(), 2, "at");
    EXPECT_TRUE(refused_value(plain.replace({misaligned(all.data()), 4}, whole(4)).error(), status::invalid_argument, 2,
                              "at", 0, 1));
    EXPECT_TRUE(refused_value(plain.replace(ids{0, 1, 2, 4}, whole(4)).error(), status::index_out_of_range, 2, "at", 3,
                              4));
    EXPECT_TRUE(refused_value(plain.replace(ids{0, 1, 1, 3}, whole(4)).error(), status::not_sorted, 2, "at", 2, 1));
    SHAPE(plain.replace(all, {values, 4, 3}).error(), 3, "rows.cols", 3);
    EXPECT_TRUE(refused(plain.replace(all, int8(4)).error(), status::invalid_argument, 3, "rows.element_type"));
    EXPECT_TRUE(refused_value(panels.replace(all, whole(4)).error(), status::invalid_argument, 1, "index", 0,
                              AVOCET_INDEX_INT8_PANELS));

    CLOSED(plain.remove({nullptr, 4}).error(), 2, "at");
    EXPECT_TRUE(refused_value(plain.remove({misaligned(all.data()), 4}).error(), status::invalid_argument, 2, "at", 0,
                              1));
    EXPECT_TRUE(refused_value(plain.remove(ids{4}).error(), status::index_out_of_range, 2, "at", 0, 4));
    EXPECT_TRUE(refused_value(plain.remove(ids{2, 1}).error(), status::not_sorted, 2, "at", 1, 1));
    EXPECT_TRUE(refused_value(plain.remove({all.data(), most}).error(), status::size_overflow, 3, "count", 0,
                              std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(plain.live(), 4u);

    SHAPE(plain.ids(all, {l.data(), 3}), 4, "out", 3);
    SHAPE(plain.ids(all, {l.data(), 5}), 4, "out", 5);
    CLOSED(plain.ids({nullptr, 4}, {l.data(), 4}), 2, "rows");
    CLOSED(plain.ids(all, {nullptr, 4}), 4, "out");
    EXPECT_TRUE(refused_value(plain.ids(ids{0, avocet::no_id, 4}, {l.data(), 3}), status::index_out_of_range, 2, "rows",
                              2, 4));
    EXPECT_TRUE(refused_value(plain.ids(all, {misaligned(l.data()), 4}), status::invalid_argument, 4, "out", 0, 1));
    EXPECT_TRUE(refused_value(plain.ids({all.data(), most}, {l.data(), most}), status::size_overflow, 3, "len", 0,
                              std::numeric_limits<std::int64_t>::max()));
    const auto same = reinterpret_cast<const std::uint32_t *>(l.data());
    EXPECT_TRUE(refused(plain.ids({same, 2}, {l.data(), 2}), status::overlap, 4, "out"));
}

// What all that take queries refuse, three of them; each with the number and the name of their scales.
TEST_F(IndexErrors, Queries) {
    using asking = std::function<avocet::error(const avocet::index &, const avocet::score_table &)>;
    struct form {
        int scales;
        const char *name;
        asking ask;
    };
    const form forms[] = {
        {4, "options.query_scales",
         [&](const avocet::index &index, const real_rows &queries) {
             return index.search(queries, 2, lists(), workspace);
         }},
        {3, "query_scales",
         [&](const avocet::index &index, const real_rows &queries) {
             return index.scores(queries, given, of_f(3), workspace);
         }},
        {3, "query_scales",
         [&](const avocet::index &index, const real_rows &queries) {
             return index.rank_counts(queries, given, nullptr, of_u(0, 3), of_u(3, 3), workspace);
         }},
    };
    for (const auto &[scales, name, ask] : forms) {
        SHAPE(ask(plain, cut(3)), 2, "queries.data", 5);
        SHAPE(ask(narrow, avocet::matrix_i8({integers.data(), 5}, 3, 2)), 2, "queries.data", 5);
        SHAPE(ask(plain, {values, 3, 3}), 2, "queries.cols", 3);
        SHAPE(ask(plain, {values, 3, 2, 1}), 2, "queries.stride", 1);
        CLOSED(ask(plain, {static_cast<const avocet::bf16 *>(nullptr), 3, 2}), 2, "queries.data");
        EXPECT_TRUE(refused_value(ask(plain, {misaligned(values.data()), 3, 2}), status::invalid_argument, 2,
                                  "queries.data", 0, 1));
        EXPECT_TRUE(refused(ask(plain, int8(3)), status::invalid_argument, 2, "queries.element_type"));
        EXPECT_TRUE(refused(ask(narrow, whole(3)), status::invalid_argument, 2, "queries.element_type"));
        EXPECT_TRUE(refused(ask(panels, whole(3)), status::invalid_argument, 2, "queries.element_type"));
        SHAPE(ask(narrow, int8(3, floats(4, 1))), scales, name, 4);
        SHAPE(ask(narrow, int8(3, floats())), scales, name, 0);
        CLOSED(ask(narrow, int8(3, avocet::array_view<const float>(nullptr, 3))), scales, name);
        EXPECT_TRUE(refused_value(ask(narrow, int8(3, avocet::array_view<const float>(misaligned(values.data()), 3))),
                                  status::invalid_argument, scales, name, 0, 1));
        EXPECT_TRUE(
            refused_real(ask(narrow, int8(3, floats{1, -2, 1})), status::invalid_argument, scales, name, 1, -2));
        EXPECT_TRUE(refused_real(ask(narrow, int8(3, floats{1, 1, infinity})), status::not_finite, scales, name, 2,
                                 infinity));
    }
}

TEST_F(IndexErrors, Search) {
    const auto with = [&](const avocet::index_search_options &options) {
        return plain.search(whole(3), 2, options, lists(), workspace);
    };
    CLOSED(with({&closed_graph}), 4, "options.exclude");
    SHAPE(with({&few}), 4, "options.exclude.rows", 2);
    SHAPE(with({&wide}), 4, "options.exclude.cols", 5);
    EXPECT_TRUE(refused_value(with({&unsorted}), status::not_sorted, 4, "options.exclude.indices", 1, 2));
    CLOSED(with({nullptr, &closed_graph}), 4, "options.allow");
    SHAPE(with({nullptr, &few}), 4, "options.allow.rows", 2);
    SHAPE(with({nullptr, &wide}), 4, "options.allow.cols", 5);
    EXPECT_TRUE(refused_value(with({nullptr, &unsorted}), status::not_sorted, 4, "options.allow.indices", 1, 2));
    EXPECT_TRUE(refused_real(with({nullptr, nullptr, nan}), status::not_finite, 4, "options.least", 0, nan));

    const auto to = [&](const avocet::index_lists &out, std::size_t k = 2) {
        return plain.search(whole(3), k, out, workspace);
    };
    EXPECT_TRUE(refused_value(to(lists(), most / 2), status::size_overflow, 3, "k", 0,
                              std::numeric_limits<std::int64_t>::max()));
    EXPECT_TRUE(refused_value(to({of_u(0, most / 8 * 3), of_f(most / 8 * 3), of_u(0, 3)}, most / 8),
                              status::size_overflow, 3, "k", 0, static_cast<std::int64_t>(most / 8)));
    SHAPE(to({of_u(0, 5), of_f(6), of_u(6, 3)}), 5, "ids", 5);
    SHAPE(to({of_u(0, 6), of_f(5), of_u(6, 3)}), 6, "scores", 5);
    SHAPE(to({of_u(0, 6), of_f(6), of_u(6, 2)}), 7, "counts", 2);
    SHAPE(to({of_u(0, 6), of_f(6), of_u(6, 3), of_u(9, 2)}), 8, "nan_counts", 2);
    SHAPE(to({of_u(0, 6), of_f(6), of_u(6, 3), {}, of_u(9, 4)}), 9, "survivors", 4);
    ids none;
    SHAPE(to({of_u(0, 6), of_f(6), of_u(6, 3), {}, none}), 9, "survivors", 0);
    CLOSED(to({{nullptr, 6}, of_f(6), of_u(6, 3)}), 5, "ids");
    CLOSED(to({of_u(0, 6), {nullptr, 6}, of_u(6, 3)}), 6, "scores");
    CLOSED(to({of_u(0, 6), of_f(6), {nullptr, 3}}), 7, "counts");
    CLOSED(to({of_u(0, 6), of_f(6), of_u(6, 3), avocet::array_view<std::uint32_t>(nullptr, 3)}), 8, "nan_counts");
    CLOSED(to({of_u(0, 6), of_f(6), of_u(6, 3), {}, avocet::array_view<std::uint32_t>(nullptr, 3)}), 9, "survivors");
    EXPECT_TRUE(refused_value(to({of_u(0, 6), {misaligned(f.data()), 6}, of_u(6, 3)}), status::invalid_argument, 6,
                              "scores", 0, 1));
    EXPECT_TRUE(refused(to({of_u(0, 6), of_f(6), of_u(4, 3)}), status::overlap, 7, "counts"));
    EXPECT_TRUE(
        refused(to({of_u(0, 6), of_f(6), of_u(6, 3), of_u(9, 3), of_u(11, 3)}), status::overlap, 9, "survivors"));
    CLOSED(plain.search(whole(3), 2, lists(), workspace, &closed_pool), 10, "pool");
    CLOSED(plain.search(whole(3), 2, lists(), closed_workspace), 11, "workspace");
}

TEST_F(IndexErrors, GivenRows) {
    const auto scores = [&](const avocet::graph &graph, avocet::array_view<float> out) {
        return plain.scores(whole(3), graph, out, workspace);
    };
    CLOSED(scores(closed_graph, of_f(3)), 4, "given");
    SHAPE(scores(few, of_f(2)), 4, "given.rows", 2);
    SHAPE(scores(wide, of_f(0)), 4, "given.cols", 5);
    SHAPE(scores(given, of_f(2)), 5, "out", 2);
    CLOSED(scores(given, {nullptr, 3}), 5, "out");
    EXPECT_TRUE(refused(plain.scores(avocet::matrix(f, 3, 2), given, of_f(3), workspace), status::overlap, 5, "out"));
    CLOSED(plain.scores(whole(3), given, of_f(3), workspace, &closed_pool), 6, "pool");
    CLOSED(plain.scores(whole(3), given, of_f(3), closed_workspace), 7, "workspace");

    const auto ranks = [&](const avocet::graph &graph, const avocet::graph *exclude,
                           avocet::array_view<std::uint32_t> better, avocet::array_view<std::uint32_t> equal) {
        return plain.rank_counts(whole(3), graph, exclude, better, equal, workspace);
    };
    CLOSED(ranks(closed_graph, nullptr, of_u(0, 3), of_u(3, 3)), 4, "given");
    SHAPE(ranks(few, nullptr, of_u(0, 2), of_u(3, 2)), 4, "given.rows", 2);
    SHAPE(ranks(wide, nullptr, {}, {}), 4, "given.cols", 5);
    CLOSED(ranks(given, &closed_graph, of_u(0, 3), of_u(3, 3)), 5, "exclude");
    SHAPE(ranks(given, &few, of_u(0, 3), of_u(3, 3)), 5, "exclude.rows", 2);
    SHAPE(ranks(given, &wide, of_u(0, 3), of_u(3, 3)), 5, "exclude.cols", 5);
    EXPECT_TRUE(refused_value(ranks(given, &unsorted, of_u(0, 3), of_u(3, 3)), status::not_sorted, 5, "exclude.indices",
                              1, 2));
    SHAPE(ranks(given, nullptr, of_u(0, 2), of_u(3, 3)), 6, "better", 2);
    SHAPE(ranks(given, nullptr, of_u(0, 3), of_u(3, 4)), 7, "equal", 4);
    CLOSED(ranks(given, nullptr, {nullptr, 3}, of_u(3, 3)), 6, "better");
    EXPECT_TRUE(refused(ranks(given, nullptr, of_u(0, 3), of_u(2, 3)), status::overlap, 7, "equal"));
    CLOSED(plain.rank_counts(whole(3), given, nullptr, of_u(0, 3), of_u(3, 3), workspace, &closed_pool), 8, "pool");
    CLOSED(plain.rank_counts(whole(3), given, nullptr, of_u(0, 3), of_u(3, 3), closed_workspace), 9, "workspace");
}

TEST_F(IndexErrors, MergedLists) {
    const floats scores{4, 3, 2, 1};
    const ids counts{2, 1};
    const words numbers{1, 2, 3, 4};
    const avocet::shard good{2, numbers, scores, counts};
    const auto of = [&](const std::vector<avocet::shard> &shards) {
        return avocet::merge_lists(shards, 2, {{l.data(), 4}, of_f(4), of_u(0, 2)});
    };
    const auto second = [&](const avocet::shard &bad) { return of({good, bad, good}); };
    const words few_numbers(3), many(5);
    SHAPE_AT(second({2, few_numbers, scores, counts}), 1, "shards.ids", 1, 3);
    SHAPE_AT(second({2, many, scores, counts}), 1, "shards.ids", 1, 5);
    SHAPE_AT(second({1, numbers, scores, counts}), 1, "shards.ids", 1, 4);
    SHAPE_AT(second({2, numbers, floats(3), counts}), 1, "shards.scores", 1, 3);
    SHAPE_AT(second({2, numbers, scores, ids(3)}), 1, "shards.counts", 1, 3);
    EXPECT_TRUE(refused(second({2, {nullptr, 4}, scores, counts}), status::null_pointer, 1, "shards.ids", 1));
    EXPECT_TRUE(refused(second({2, numbers, {nullptr, 4}, counts}), status::null_pointer, 1, "shards.scores", 1));
    EXPECT_TRUE(refused(second({2, numbers, scores, {nullptr, 2}}), status::null_pointer, 1, "shards.counts", 1));
    EXPECT_TRUE(refused_value(second({2, {misaligned(numbers.data()), 4}, scores, counts}), status::invalid_argument, 1,
                              "shards.ids", 1, 1));
    EXPECT_TRUE(refused_value(second({2, numbers, scores, ids{2, 3}}), status::index_out_of_range, 1, "shards.counts",
                              1, 3));
    EXPECT_TRUE(refused_value(second({most, numbers, scores, counts}), status::size_overflow, 1, "shards.k", 1,
                              std::numeric_limits<std::int64_t>::max()));
    const std::size_t many_k = most / 16;
    EXPECT_TRUE(refused_value(second({many_k, {numbers.data(), 2 * many_k}, {scores.data(), 2 * many_k}, counts}),
                              status::size_overflow, 1, "shards.k", 1, static_cast<std::int64_t>(many_k)));
    // The same where shards take memory.
    std::vector<avocet::shard> more(100, good);
    more[70] = {2, few_numbers, scores, counts};
    SHAPE_AT(of(more), 1, "shards.ids", 70, 3);

    const avocet::array_view<const avocet::shard> one(&good, 1);
    const avocet::array_view<std::uint64_t> out_ids(l.data(), 4);
    const auto to = [&](const avocet::merged_lists &out, std::size_t k = 2) {
        return avocet::merge_lists(one, k, out);
    };
    CLOSED(avocet::merge_lists({nullptr, 1}, 2, {out_ids, of_f(4), of_u(0, 2)}), 1, "shards");
    EXPECT_TRUE(refused_value(avocet::merge_lists({&good, most / 8}, 2, {out_ids, of_f(4), of_u(0, 2)}),
                              status::size_overflow, 2, "count", 0, static_cast<std::int64_t>(most / 8)));
    EXPECT_TRUE(refused_value(to({out_ids, of_f(4), of_u(0, 2)}, most), status::size_overflow, 4, "k", 0,
                              std::numeric_limits<std::int64_t>::max()));
    EXPECT_TRUE(refused_value(avocet::merge_lists({}, 0, {{}, {}, {u.data(), most}}), status::size_overflow, 3,
                              "queries", 0, std::numeric_limits<std::int64_t>::max()));
    SHAPE(to({{l.data(), 3}, of_f(4), of_u(0, 2)}), 5, "ids", 3);
    SHAPE(to({out_ids, of_f(5), of_u(0, 2)}), 6, "scores", 5);
    SHAPE_AT(to({out_ids, of_f(4), of_u(0, 1)}), 1, "shards.ids", 0, 4);
    CLOSED(to({{nullptr, 4}, of_f(4), of_u(0, 2)}), 5, "ids");
    CLOSED(to({out_ids, {nullptr, 4}, of_u(0, 2)}), 6, "scores");
    CLOSED(to({out_ids, of_f(4), {nullptr, 2}}), 7, "counts");
    EXPECT_TRUE(refused_value(to({out_ids, {misaligned(f.data()), 4}, of_u(0, 2)}), status::invalid_argument, 6,
                              "scores", 0, 1));
    EXPECT_TRUE(refused(of({good, {2, {l.data(), 4}, scores, counts}}), status::overlap, 5, "ids", 1));
    EXPECT_TRUE(refused(of({good, {2, numbers, of_f(4), counts}}), status::overlap, 6, "scores", 1));
}

}  // namespace
