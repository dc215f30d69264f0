// Packed indexes: known results, changes, merged lists, ownership.

#include "support.hpp"

#include <atomic>
#include <limits>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

namespace {

using avocet::check;
using avocet::index_storage;
using avocet::no_id;
using avocet::status;
using support::floats;
using support::graph_of;
using support::ids;
using support::refused;
using support::refused_value;

using bytes = std::vector<std::int8_t>;
using words = std::vector<std::uint64_t>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

constexpr index_storage storages[] = {index_storage::f32,  index_storage::bf16,        index_storage::f16,
                                      index_storage::int8, index_storage::int8_panels, index_storage::certified};

bool of_int8(index_storage storage) {
    return storage == index_storage::int8 || storage == index_storage::int8_panels;
}

// What a search found.
struct lists {
    lists(const avocet::index &index, const avocet::score_table &queries, std::size_t k,
          const avocet::index_search_options &options = {}, const avocet::pool *pool = nullptr)
        : rows(queries.rows() * k), counts(queries.rows()), nans(queries.rows()), survivors(queries.rows()),
          scores(queries.rows() * k) {
        avocet::workspace workspace = check(avocet::workspace::create());
        check(index.search(queries, k, options, {rows, scores, counts, nans, survivors}, workspace, pool));
    }

    ids rows, counts, nans, survivors;
    floats scores;
};

// Four rows and two queries. Every storage holds these rows as they are, with scales of 1.
class Index : public testing::Test {
  protected:
    avocet::index made(index_storage storage, avocet::optional_array<const std::uint64_t> numbers = {}) const {
        return check(avocet::index::create({x, 4, 2}, {storage, numbers}));
    }

    avocet::score_table queries(index_storage storage) const {
        return of_int8(storage) ? avocet::score_table(integers, 2, 2) : avocet::score_table(reals, 2, 2);
    }

    const floats x{127, 0, 0, 127, 3, -127, -127, 2}, reals{1, 2, -1, 1};
    const bytes integers{1, 2, -1, 1};
    // Of the first query 127, 254, -251, -123; of the second -127, 127, -130, 129.
    const ids best{1, 0, 3, 3, 1, 0};
    const floats best_scores{254, 127, -123, 129, 127, -127};
    const words own{40, 30, 20, 10};
    avocet::workspace workspace = check(avocet::workspace::create());
};

TEST_F(Index, PlainSearch) {
    const avocet::index index = check(avocet::index::create({x, 4, 2}));
    ids rows(3), counts(1);
    floats scores(3);
    check(index.search({reals, 1, 2}, 3, {rows, scores, counts}, workspace));
    EXPECT_EQ(rows, (ids{1, 0, 3}));
    EXPECT_EQ(scores, (floats{254, 127, -123}));
    EXPECT_EQ(counts, ids{3});
}

TEST_F(Index, EveryStorage) {
    const avocet::graph given = graph_of({{2, 1}, {0, 0, 3}}, 4), exclude = graph_of({{0}, {}}, 4);
    const avocet::pool two = check(avocet::pool::create(2));
    for (const index_storage storage : storages) {
        SCOPED_TRACE(static_cast<int>(storage));
        for (const avocet::pool *pool : {static_cast<const avocet::pool *>(nullptr), &two}) {
            const avocet::index index = check(avocet::index::create({x, 4, 2}, {storage}, pool));
            EXPECT_TRUE(index);
            EXPECT_EQ(index.rows(), 4u);
            EXPECT_EQ(index.cols(), 2u);
            EXPECT_EQ(index.live(), 4u);
            EXPECT_EQ(index.storage(), storage);
            EXPECT_FALSE(index.has_ids());
            EXPECT_GE(index.memory(), 8u);
            const lists found(index, queries(storage), 3, {}, pool);
            EXPECT_EQ(found.rows, best);
            EXPECT_EQ(found.scores, best_scores);
            EXPECT_EQ(found.counts, (ids{3, 3}));
            EXPECT_EQ(found.nans, (ids{0, 0}));
            const bool survive = storage == index_storage::certified;
            EXPECT_EQ(found.survivors[0] > 0, survive);
            floats scores(5);
            check(index.scores(queries(storage), given, scores, workspace, pool));
            EXPECT_EQ(scores, (floats{-251, 254, -127, -127, 129}));
            ids better(5), equal(5);
            check(index.rank_counts(queries(storage), given, nullptr, better, equal, workspace, pool));
            EXPECT_EQ(better, (ids{3, 0, 2, 2, 0}));
            EXPECT_EQ(equal, ids(5));
            check(index.rank_counts(queries(storage), given, &exclude, better, equal, workspace, pool));
            EXPECT_EQ(better, (ids{2, 0, 2, 2, 0}));
        }
    }
}

TEST_F(Index, WhatASearchMayFind) {
    const avocet::graph exclude = graph_of({{1, 3}, {}}, 4), allow = graph_of({{0, 1}, {2}}, 4);
    for (const index_storage storage : storages) {
        SCOPED_TRACE(static_cast<int>(storage));
        const avocet::index index = made(storage);
        const lists without(index, queries(storage), 3, {&exclude});
        EXPECT_EQ(without.rows, (ids{0, 2, no_id, 3, 1, 0}));
        EXPECT_EQ(without.scores, (floats{127, -251, -infinity, 129, 127, -127}));
        EXPECT_EQ(without.counts, (ids{2, 3}));
        const lists allowed(index, queries(storage), 2, {nullptr, &allow});
        EXPECT_EQ(allowed.rows, (ids{1, 0, 2, no_id}));
        EXPECT_EQ(lists(index, queries(storage), 2, {&exclude, &allow}).counts, (ids{1, 1}));
        const lists least(index, queries(storage), 4, {nullptr, nullptr, 127.0f});
        EXPECT_EQ(least.rows, (ids{1, 0, no_id, no_id, 3, 1, no_id, no_id}));
        // 0 is a least score as well.
        EXPECT_EQ(lists(index, queries(storage), 4, {nullptr, nullptr, 0.0f}).counts, (ids{2, 2}));
        EXPECT_EQ(lists(index, queries(storage), 4, {nullptr, nullptr, -infinity}).counts, (ids{4, 4}));
        EXPECT_EQ(lists(index, queries(storage), 0).counts, (ids{0, 0}));
    }
    const floats bad{nan, 0, 1, 1};
    const lists some(made(index_storage::f32), {bad, 2, 2}, 1);
    EXPECT_EQ(some.nans, (ids{4, 0}));
    EXPECT_EQ(some.counts, (ids{0, 1}));
}

TEST_F(Index, RowsAndQueriesOfEveryType) {
    std::vector<avocet::f16> half_rows(8), half_queries(4);
    std::vector<avocet::bf16> brain_rows(8), brain_queries(4);
    check(avocet::convert({x, 4, 2}, {half_rows, 4, 2}));
    check(avocet::convert({x, 4, 2}, {brain_rows, 4, 2}));
    check(avocet::convert({reals, 2, 2}, {half_queries, 2, 2}));
    check(avocet::convert({reals, 2, 2}, {brain_queries, 2, 2}));
    for (const avocet::score_table &rows : {avocet::score_table(half_rows, 4, 2), {brain_rows, 4, 2}}) {
        for (const index_storage storage : storages) {
            const avocet::index index = check(avocet::index::create(rows, {storage}));
            EXPECT_EQ(lists(index, queries(storage), 3).scores, best_scores);
            if (!of_int8(storage)) {
                EXPECT_EQ(lists(index, {half_queries, 2, 2}, 3).scores, best_scores);
                EXPECT_EQ(lists(index, {brain_queries, 2, 2}, 3).scores, best_scores);
            }
        }
    }
    // Scales of rows of int8, of queries, and of both; the gaps between rows are not read.
    const bytes narrow{127, 0, 99, 0, 127, 99, 3, -127, 99, -127, 2};
    const floats row_scales{1, 0.5f, 2, 0}, query_scales{10, 1};
    const avocet::matrix_i8 int8_rows(narrow, 4, 2, 3), int8_queries(integers, 2, 2);
    const avocet::index_options int8{index_storage::int8};
    const avocet::index plain = check(avocet::index::create(int8_rows, int8));
    EXPECT_EQ(lists(plain, int8_queries, 3).scores, best_scores);
    EXPECT_EQ(lists(plain, {int8_queries, query_scales}, 2).scores, (floats{2540, 1270, 129, 127}));
    const avocet::index scaled = check(avocet::index::create({int8_rows, row_scales}, int8));
    EXPECT_EQ(lists(scaled, {int8_queries, query_scales}, 3).scores, (floats{1270, 1270, 0, 63.5f, 0, -127}));
    EXPECT_EQ(lists(scaled, int8_queries, 3).rows, (ids{0, 1, 3, 1, 3, 0}));
    floats scores(3);
    const avocet::graph given = graph_of({{1, 2}, {0}}, 4);
    check(scaled.scores({int8_queries, query_scales}, given, scores, workspace));
    EXPECT_EQ(scores, (floats{1270, -5020, -127}));
    ids better(3), equal(3);
    check(scaled.rank_counts({int8_queries, floats{1, 0}}, given, nullptr, better, equal, workspace));
    EXPECT_EQ(better, (ids{0, 3, 0}));
    EXPECT_EQ(equal, (ids{1, 0, 3}));
    // So have rows that come later, of int8 or not.
    const floats triple{3}, third{127, 127};
    const avocet::matrix_i8 one(narrow, 1, 2);
    EXPECT_EQ(lists(check(scaled.append({one, triple})), int8_queries, 1).scores, (floats{381, 63.5f}));
    EXPECT_EQ(lists(check(scaled.replace(ids{2}, {one, triple})), int8_queries, 1).rows, (ids{2, 1}));
    EXPECT_EQ(lists(check(scaled.append({third, 1, 2})), {int8_queries, query_scales}, 2).rows, (ids{4, 0, 1, 3}));
}

// What does not compile: elements that no call takes, ids and rows of other integers, lists that cannot be written.
static_assert(!std::is_constructible_v<avocet::score_table, std::vector<double> &, std::size_t, std::size_t>);
static_assert(!std::is_constructible_v<avocet::score_table, std::vector<std::uint8_t> &, std::size_t, std::size_t>);
static_assert(!std::is_constructible_v<avocet::score_table, avocet::matrix, floats &>);
static_assert(std::is_constructible_v<avocet::score_table, avocet::matrix_i8, floats &>);
static_assert(!std::is_constructible_v<avocet::optional_array<const std::uint64_t>, ids &>);
static_assert(!std::is_constructible_v<avocet::array_view<const std::uint32_t>, std::vector<int> &>);
static_assert(!std::is_constructible_v<avocet::array_view<std::uint32_t>, const ids &>);
static_assert(!std::is_copy_constructible_v<avocet::index> && std::is_nothrow_move_assignable_v<avocet::index>);

TEST_F(Index, Ids) {
    const avocet::index with = made(index_storage::f32, own), without = made(index_storage::f32);
    EXPECT_TRUE(with.has_ids());
    words found(3);
    check(with.ids(ids{2, no_id, 0}, found));
    EXPECT_EQ(found, (words{20, avocet::no_long_id, 40}));
    check(without.ids(ids{2, no_id, 0}, found));
    EXPECT_EQ(found, (words{2, avocet::no_long_id, 0}));
    // Ties go to the row all the same.
    const floats same(8, 1);
    EXPECT_EQ(lists(check(avocet::index::create({same, 4, 2}, {index_storage::f32, own})), queries({}), 2).rows,
              (ids{0, 1, 0, 1}));
}

TEST_F(Index, Changes) {
    for (const index_storage storage : storages) {
        SCOPED_TRACE(static_cast<int>(storage));
        avocet::index index = made(storage, own);
        const avocet::index removed = check(index.remove(ids{1, 3}));
        EXPECT_EQ(removed.rows(), 4u);
        EXPECT_EQ(removed.live(), 2u);
        EXPECT_EQ(lists(removed, queries(storage), 3).rows, (ids{0, 2, no_id, 0, 2, no_id}));
        EXPECT_EQ(check(removed.remove(ids{1})).live(), 2u);
        if (storage == index_storage::int8_panels) {
            EXPECT_TRUE(refused_value(removed.append({reals, 1, 2}, {words{1}}).error(), status::invalid_argument, 1,
                                      "index", 0, 4));
            EXPECT_TRUE(refused_value(removed.replace(ids{1}, {reals, 1, 2}).error(), status::invalid_argument, 1,
                                      "index", 0, AVOCET_INDEX_INT8_PANELS));
            continue;
        }
        const floats other{127, 127}, more{-127, -127, 126, 127};
        const avocet::pool pool = check(avocet::pool::create(2));
        const avocet::index replaced = check(removed.replace(ids{3}, {other, 1, 2}));
        const avocet::index appended = check(replaced.append({more, 2, 2}, {words{7, 8}}, &pool));
        index.close();
        EXPECT_EQ(replaced.live(), 3u);
        EXPECT_EQ(lists(replaced, queries(storage), 2).scores, (floats{381, 127, 0, -127}));
        EXPECT_EQ(appended.rows(), 6u);
        EXPECT_EQ(appended.live(), 5u);
        const lists found(appended, queries(storage), 2);
        EXPECT_EQ(found.scores[0], 381);
        EXPECT_EQ(found.rows, (ids{3, 5, 5, 3}));
        words named(4);
        check(appended.ids(found.rows, named));
        EXPECT_EQ(named, (words{10, 8, 8, 10}));
        // What they were made from is as it was.
        EXPECT_EQ(lists(removed, queries(storage), 3).counts, (ids{2, 2}));
    }
}

TEST_F(Index, RowsThatAreNotFinite) {
    floats some = x;
    some[3] = nan;
    EXPECT_TRUE(refused(avocet::index::create({some, 4, 2}).error(), status::not_finite, 1, "rows", 1));
    for (const index_storage storage : storages) {
        const avocet::index index = check(avocet::index::create({some, 4, 2}, {storage, {}, true}));
        EXPECT_EQ(index.rows(), 4u);
        EXPECT_EQ(index.live(), 3u);
        EXPECT_EQ(lists(index, queries(storage), 4).rows, (ids{0, 3, 2, no_id, 3, 0, 2, no_id}));
        if (storage != index_storage::int8_panels) {
            EXPECT_EQ(check(index.replace(ids{0, 1}, {some, 2, 2}, true)).live(), 3u);
            EXPECT_EQ(check(index.append({some, 4, 2}, {{}, true})).live(), 6u);
            EXPECT_TRUE(refused(index.append({some, 4, 2}).error(), status::not_finite, 2, "rows", 1));
            EXPECT_TRUE(refused(index.replace(ids{0, 1}, {some, 2, 2}).error(), status::not_finite, 3, "rows", 1));
        }
    }
}

TEST_F(Index, OfNothing) {
    for (const index_storage storage : storages) {
        const avocet::index none = check(avocet::index::create({floats(), 0, 2}, {storage, words()}));
        EXPECT_TRUE(none);
        EXPECT_TRUE(none.has_ids());
        EXPECT_EQ(none.rows() + none.live(), 0u);
        EXPECT_EQ(lists(none, queries(storage), 1).rows, (ids{no_id, no_id}));
        const avocet::index some = check(none.append({x, 4, 2}, {own}));
        EXPECT_EQ(lists(some, queries(storage), 3).rows, best);
        const avocet::score_table no_queries =
            of_int8(storage) ? avocet::score_table(bytes(), 0, 2) : avocet::score_table(floats(), 0, 2);
        check(some.search(no_queries, 3, {}, workspace));
        EXPECT_EQ(check(some.remove(ids())).live(), 4u);
    }
}

// Two indexes of parts of the rows, and their lists.
TEST_F(Index, MergedLists) {
    const words ascending{10, 20, 30, 40};
    std::vector<words> own_ids;
    std::vector<lists> parts;
    for (const std::size_t first : {0u, 1u}) {
        const std::size_t rows = first == 0 ? 1 : 3;
        const avocet::array_view<const std::uint64_t> numbers(&ascending[first], rows);
        const avocet::index index =
            check(avocet::index::create({&x[2 * first], rows, 2}, {index_storage::f32, numbers}));
        parts.emplace_back(index, queries(index_storage::f32), 3);
        own_ids.emplace_back(6);
        check(index.ids(parts.back().rows, own_ids.back()));
    }
    EXPECT_EQ(own_ids[0], (words{10, avocet::no_long_id, avocet::no_long_id, 10, avocet::no_long_id,
                                 avocet::no_long_id}));
    std::vector<avocet::shard> shards;
    for (std::size_t at = 0; at < 2; at++) {
        shards.push_back({3, own_ids[at], parts[at].scores, parts[at].counts});
    }
    words merged(6);
    floats scores(6);
    ids counts(2);
    check(avocet::merge_lists(shards, 3, {merged, scores, counts}));
    EXPECT_EQ(merged, (words{20, 10, 40, 40, 20, 10}));
    EXPECT_EQ(scores, best_scores);
    EXPECT_EQ(counts, (ids{3, 3}));
    // More than there is room for without memory, most of them empty, in another order.
    const words none(2, avocet::no_long_id);
    const floats no_scores(2, -infinity);
    const ids zeros(2);
    std::swap(shards[0], shards[1]);
    shards.insert(shards.begin() + 1, 100, {1, none, no_scores, zeros});
    words again(8);
    floats more_scores(8);
    check(avocet::merge_lists(shards, 4, {again, more_scores, counts}));
    EXPECT_EQ(again, (words{20, 10, 40, 30, 40, 20, 10, 30}));
    EXPECT_EQ(counts, (ids{4, 4}));
    // Of no shards nothing is found.
    check(avocet::merge_lists({}, 3, {merged, scores, counts}));
    EXPECT_EQ(merged, words(6, avocet::no_long_id));
    EXPECT_EQ(counts, zeros);
    check(avocet::merge_lists({}, 7, {}));
}

TEST_F(Index, ClosedOrMovedFrom) {
    avocet::index index = made(index_storage::f32);
    const avocet::index moved = std::move(index);
    EXPECT_EQ(moved.rows(), 4u);
    avocet::index never_opened, was_closed = made(index_storage::certified);
    was_closed.close();
    was_closed.close();
    const avocet::graph given = graph_of({{0}, {1}}, 4);
    ids rows(6, 7), counts(2, 7);
    floats scores(6, 7);
    words named(1, 7);
    const avocet::score_table asked(reals, 2, 2);
    for (const avocet::index *closed : {&index, &never_opened, &was_closed}) {
        EXPECT_FALSE(*closed);
        EXPECT_EQ(closed->rows() + closed->cols() + closed->live() + closed->memory() + closed->saved_bytes(), 0u);
        EXPECT_EQ(closed->storage(), index_storage::f32);
        EXPECT_FALSE(closed->has_ids());
        CLOSED(closed->search(asked, 3, {rows, scores, counts}, workspace), 1, "index");
        CLOSED(closed->scores(asked, given, {&scores[0], 2}, workspace), 1, "index");
        CLOSED(closed->rank_counts(asked, given, nullptr, counts, counts, workspace), 1, "index");
        CLOSED(closed->ids(ids{0}, named), 1, "index");
        CLOSED(closed->append(asked).error(), 1, "index");
        CLOSED(closed->replace(ids{0, 1}, asked).error(), 1, "index");
        CLOSED(closed->remove(ids{0}).error(), 1, "index");
        CLOSED(closed->save({}), 1, "index");
    }
    EXPECT_EQ(rows, ids(6, 7));
    EXPECT_EQ(counts, ids(2, 7));
    EXPECT_EQ(scores, floats(6, 7));
    EXPECT_EQ(named, words{7});
}

// Many search whichever index is the latest, while one thread replaces a row of it, appends to it and lets go of it.
TEST_F(Index, SearchedWhileOthersAreMade) {
    auto latest = std::make_shared<const avocet::index>(made(index_storage::certified));
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0}, searches{0};
    std::vector<std::thread> readers;
    for (int reader = 0; reader < 4; reader++) {
        readers.emplace_back([&] {
            avocet::workspace own_workspace = check(avocet::workspace::create());
            ids rows(1), counts(1);
            floats scores(1);
            do {
                const auto index = std::atomic_load(&latest);
                check(index->search({reals, 1, 2}, 1, {rows, scores, counts}, own_workspace));
                // Row 1 in all of them, whose score is as many times 127 as it was replaced.
                const float times = scores[0] / 254;
                wrong += rows[0] != 1 || times < 1 || times != std::floor(times);
                searches++;
            } while (!done);
        });
    }
    for (int change = 2; change < 60; change++) {
        const floats row{0, 127.0f * static_cast<float>(change)}, more{1, 1};
        const avocet::index replaced = check(std::atomic_load(&latest)->replace(ids{1}, {row, 1, 2}));
        std::atomic_store(&latest, std::make_shared<const avocet::index>(check(replaced.append({more, 1, 2}))));
    }
    done = true;
    for (std::thread &reader : readers) {
        reader.join();
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_GE(searches, 4);
    EXPECT_EQ(latest->rows(), 62u);
}

// A workspace that was enough once is enough for each call of the same kind.
TEST_F(Index, WorkspaceGrowsOnce) {
    const avocet::graph given = graph_of({{2, 1}, {0, 3}}, 4);
    const avocet::pool pool = check(avocet::pool::create(3));
    for (const index_storage storage : storages) {
        const avocet::index index = made(storage);
        avocet::workspace room = check(avocet::workspace::create());
        ids rows(6), counts(2), better(4), equal(4);
        floats scores(6), own_scores(4);
        std::size_t before = 0;
        for (int call = 0; call < 3; call++) {
            check(index.search(queries(storage), 3, {rows, scores, counts}, room, &pool));
            check(index.scores(queries(storage), given, own_scores, room, &pool));
            check(index.rank_counts(queries(storage), given, nullptr, better, equal, room, &pool));
            EXPECT_GT(room.bytes(), 0u);
            EXPECT_TRUE(call == 0 || room.bytes() == before);
            before = room.bytes();
        }
    }
}

}  // namespace
