// Golden vectors of packed indexes: seeds 36 and 37.

#include "golden.hpp"

#include <tuple>
#include <utility>

namespace support {

namespace {

using avocet::check;

constexpr std::size_t n = 2500, q = 20, d = 33, k = 10;

struct lists {
    lists(const avocet::index &index, const avocet::score_table &queries, const avocet::index_search_options &options,
          const avocet::pool *pool, avocet::workspace &workspace) {
        check(index.search(queries, k, options, {rows, scores, counts}, workspace, pool));
    }

    ids rows = ids(q * k), counts = ids(q);
    floats scores = floats(q * k);
};

void append_saved(ids &words, const avocet::index &index) {
    std::vector<std::uint8_t> bytes(index.saved_bytes());
    check(index.save(bytes));
    const std::size_t before = words.size();
    words.resize(before + bytes.size() / 4);
    std::memcpy(&words[before], bytes.data(), bytes.size() / 4 * 4);
}

// Rows that a draw takes, in ascending order.
avocet::graph drawn(random &random, std::size_t one_in) {
    std::vector<ids> rows(q);
    for (ids &row : rows) {
        for (std::uint32_t at = 0; at < n; at++) {
            if (random.below(one_in) == 0) {
                row.push_back(at);
            }
        }
    }
    return graph_of(rows, n);
}

void add_searches(vectors &found, const avocet::pool *pool, avocet::workspace &workspace) {
    random random(36);
    const floats x = random.values(n * d), reals = random.values(q * d);
    narrow queries(reals, q, pool);
    queries.quantize(reals, pool);
    const avocet::graph exclude = drawn(random, 20), allow = drawn(random, 3);
    std::vector<ids> drawn_rows(q, ids(5));
    for (ids &row : drawn_rows) {
        for (std::uint32_t &each : row) {
            each = random.below(n);
        }
    }
    const avocet::graph given = graph_of(drawn_rows, n);
    const avocet::score_table of_reals(matrix(reals, q)), of_bytes(queries.of_bytes(), queries.scales);
    using storage = avocet::index_storage;
    const std::tuple<const char *, storage, avocet::score_table> all[] = {
        {"index_f32", storage::f32, of_reals},   {"index_bf16", storage::bf16, queries.of_brains()},
        {"index_f16", storage::f16, of_reals},   {"index_int8", storage::int8, of_bytes},
        {"index_int8_panels", storage::int8_panels, of_bytes}, {"index_certified", storage::certified, of_reals},
    };
    for (const auto &[name, held, asked] : all) {
        const avocet::index index = check(avocet::index::create(matrix(x, n), {held}, pool));
        const lists first(index, asked, {&exclude}, pool, workspace);
        const lists second(index, asked, {nullptr, &allow, 3.0f}, pool, workspace);
        floats own(given.edges());
        ids better(given.edges()), equal(given.edges()), words;
        check(index.scores(asked, given, own, workspace, pool));
        check(index.rank_counts(asked, given, &exclude, better, equal, workspace, pool));
        append_saved(words, index);
        found.add(name, {&first.scores, &second.scores, &own},
                  {&first.rows, &first.counts, &second.rows, &second.counts, &better, &equal, &words});
    }
}

void add_changes(vectors &found, const avocet::pool *pool, avocet::workspace &workspace) {
    random random(37);
    const std::size_t more = 100;
    const floats x = random.values(n * d), behind = random.values(more * d), queries = random.values(q * d);
    std::vector<std::uint64_t> own(n + more);
    for (std::size_t row = 0; row < own.size(); row++) {
        own[row] = std::uint64_t{row} << 31;
    }
    const auto ids_of = [&](std::size_t first, std::size_t len) {
        return avocet::array_view<const std::uint64_t>(&own[first], len);
    };
    ids words, live;
    for (const auto held : {avocet::index_storage::int8, avocet::index_storage::certified}) {
        avocet::index index = check(avocet::index::create(matrix(x, n), {held, ids_of(0, n)}, pool));
        index = check(index.append(matrix(behind, more), {ids_of(n, more)}, pool));
        index = check(index.replace(ids{5, 700, 2100}, {behind, 3, d}));
        index = check(index.remove(ids{6, 2550}));
        append_saved(words, index);
        live.push_back(static_cast<std::uint32_t>(index.live()));
    }
    found.add("index_edited", {}, {&words, &live});

    std::vector<lists> parts;
    std::vector<std::vector<std::uint64_t>> part_ids;
    for (const auto &[first, end] : {std::pair<std::size_t, std::size_t>(0, 1200), {1200, n}}) {
        const avocet::index index = check(avocet::index::create(
            {&x[first * d], end - first, d}, {avocet::index_storage::f32, ids_of(first, end - first)}, pool));
        parts.emplace_back(index, matrix(queries, q), avocet::index_search_options(), pool, workspace);
        part_ids.emplace_back(q * k);
        check(index.ids(parts.back().rows, part_ids.back()));
    }
    std::vector<avocet::shard> shards;
    for (std::size_t at = 0; at < 2; at++) {
        shards.push_back({k, part_ids[at], parts[at].scores, parts[at].counts});
    }
    std::vector<std::uint64_t> merged(q * k);
    floats scores(q * k);
    ids counts(q), halves;
    check(avocet::merge_lists(shards, k, {merged, scores, counts}));
    for (const std::uint64_t id : merged) {
        halves.push_back(static_cast<std::uint32_t>(id));
        halves.push_back(static_cast<std::uint32_t>(id >> 32));
    }
    found.add("merged_lists", {&scores}, {&halves, &counts});
}

}  // namespace

void add_index_cases(vectors &found, const avocet::pool *pool, avocet::workspace &workspace) {
    add_searches(found, pool, workspace);
    add_changes(found, pool, workspace);
}

}  // namespace support
