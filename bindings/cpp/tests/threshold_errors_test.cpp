// Bad input to grids, buckets, thresholds, binned curves and uncertainties: what the binding itself refuses, in the
// words of the C function, and what it passes on to be refused. Outputs stay as they were.

#include "support.hpp"

#include <limits>

namespace {

using avocet::check;
using avocet::status;
using avocet::tally;
using support::floats;
using support::ids;
using support::refused;
using support::refused_real;
using support::refused_value;

using bytes = std::vector<std::uint8_t>;
using words = std::vector<std::uint64_t>;

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

// Two levels, three bins, four rows.
class ThresholdErrors : public testing::Test {
  protected:
    static avocet::grid_options good_options() {
        static const float level_edges[] = {0.5f}, score_edges[] = {0, 1};
        avocet::grid_options options;
        options.levels = 2;
        options.bins = 3;
        options.level_edges = level_edges;
        options.score_edges = score_edges;
        return options;
    }

    avocet::grid_options sampled_options() const {
        avocet::grid_options options = good_options();
        options.level_kind = avocet::edges::quantiles;
        options.score_kind = avocet::edges::nested;
        options.scores = s;
        options.uncertainties = u;
        return options;
    }

    void TearDown() override {
        EXPECT_EQ(out, floats(20, 7)) << "an output was written";
        EXPECT_EQ(flags, bytes(200, 7)) << "an output was written";
        EXPECT_EQ(counts, ids(20, 7)) << "an output was written";
        EXPECT_EQ(wide, words(40, 7)) << "an output was written";
    }

    avocet::array_view<float> f(std::size_t len) { return {out.data(), len}; }
    avocet::array_view<std::uint8_t> b(std::size_t len) { return {flags.data(), len}; }
    avocet::array_view<std::uint32_t> i(std::size_t len) { return {counts.data(), len}; }
    avocet::array_view<std::uint64_t> w(std::size_t len) { return {wide.data(), len}; }
    avocet::array_view<std::uint64_t> w2(std::size_t len) { return {wide.data() + 20, len}; }

    const floats s{-1, 0.5f, 2, 3}, u{0, 0.25f, 0.5f, 1}, limits{0, 1};
    const bytes labels{0, 1, 1, 0};
    const ids segments{0, 0, 0, 1};
    const floats nan_at_2{0, 1, nan, 1}, negative_at_1{1, -1, 1, 1}, short_one{0, 1, 1};
    const avocet::threshold_rows rows{s, u, labels};
    avocet::grid grid = check(avocet::grid::create(good_options()));
    avocet::pool closed_pool;
    avocet::workspace closed_workspace, workspace = check(avocet::workspace::create());
    floats out = floats(20, 7);
    bytes flags = bytes(200, 7);
    ids counts = ids(20, 7);
    words wide = words(40, 7);
};

// Options of which one field is bad.
#define BAD_GRID(from, field, bad, why, position, value, kind)                                                   \
    do {                                                                                                         \
        avocet::grid_options changed = from;                                                                     \
        changed.field = bad;                                                                                     \
        EXPECT_TRUE(refused_##kind(avocet::grid::create(changed).error(), why, 1, "options." #field, position,    \
                                   value));                                                                      \
    } while (0)

TEST_F(ThresholdErrors, GridOptions) {
    const avocet::grid_options good = good_options(), sampled = sampled_options();
    BAD_GRID(good, levels, 0, status::invalid_argument, 0, 0, value);
    BAD_GRID(good, bins, 0, status::invalid_argument, 0, 0, value);
    BAD_GRID(good, levels, 65537, status::size_overflow, 0, 65537, value);
    BAD_GRID(good, bins, most, status::size_overflow, 0, std::numeric_limits<std::int64_t>::max(), value);
    BAD_GRID(good, level_kind, avocet::edges::nested, status::invalid_argument, 0, 3, value);
    BAD_GRID(good, score_kind, static_cast<avocet::edges>(4), status::invalid_argument, 0, 4, value);
    // Edges of another number than there are between so many bins.
    BAD_GRID(good, level_edges, {}, status::shape_mismatch, 0, 0, value);
    BAD_GRID(good, score_edges, short_one, status::shape_mismatch, 0, 3, value);
    const floats falling{1, 1}, nan_at_1{0, nan};
    BAD_GRID(good, score_edges, falling, status::not_sorted, 1, 1, real);
    BAD_GRID(good, score_edges, nan_at_1, status::not_finite, 1, nan, real);
    avocet::grid_options options = good;
    options.score_edges = {nullptr, 2};
    CLOSED(avocet::grid::create(options).error(), 1, "options.score_edges");

    avocet::grid_options uniform = good;
    uniform.level_kind = uniform.score_kind = avocet::edges::uniform;
    uniform.level_high = uniform.score_high = 1;
    BAD_GRID(uniform, level_low, nan, status::not_finite, 0, nan, real);
    BAD_GRID(uniform, level_high, infinity, status::not_finite, 0, infinity, real);
    BAD_GRID(uniform, score_low, nan, status::not_finite, 0, nan, real);
    BAD_GRID(uniform, score_high, -1, status::invalid_argument, 0, -1, real);
    uniform.levels = 65536;
    BAD_GRID(uniform, bins, 65536, status::size_overflow, 0, std::int64_t{1} << 32, value);

    // Samples: missing, of another length, NULL, of bad values.
    options = sampled;
    options.scores.reset();
    CLOSED(avocet::grid::create(options).error(), 1, "options.scores");
    options = sampled;
    options.uncertainties.reset();
    CLOSED(avocet::grid::create(options).error(), 1, "options.uncertainties");
    options.uncertainties = avocet::array_view<const float>(nullptr, 4);
    CLOSED(avocet::grid::create(options).error(), 1, "options.uncertainties");
    BAD_GRID(sampled, uncertainties, short_one, status::shape_mismatch, 0, 3, value);
    BAD_GRID(sampled, weights, short_one, status::shape_mismatch, 0, 3, value);
    BAD_GRID(sampled, weights, floats(), status::shape_mismatch, 0, 0, value);
    options = sampled;
    options.scores = options.uncertainties = floats();
    EXPECT_TRUE(refused_value(avocet::grid::create(options).error(),
                              status::invalid_argument, 1, "options.rows", 0, 0));
    BAD_GRID(sampled, scores, nan_at_2, status::not_finite, 2, nan, real);
    BAD_GRID(sampled, uncertainties, nan_at_2, status::not_finite, 2, nan, real);
    BAD_GRID(sampled, weights, nan_at_2, status::not_finite, 2, nan, real);
    BAD_GRID(sampled, weights, negative_at_1, status::invalid_argument, 1, -1, real);
    BAD_GRID(sampled, top, 0, status::invalid_argument, 0, 0, real);
    BAD_GRID(sampled, top, 1.5, status::invalid_argument, 0, 1.5, real);
    BAD_GRID(sampled, top, nan, status::not_finite, 0, nan, real);
    avocet::grid_options refined = sampled;
    refined.refine_bins = 1;
    refined.refine_high = 1;
    BAD_GRID(refined, refine_bins, 2, status::invalid_argument, 0, 2, value);
    BAD_GRID(refined, refine_low, nan, status::not_finite, 0, nan, real);
    BAD_GRID(refined, refine_high, 0, status::invalid_argument, 0, 0, real);
    CLOSED(avocet::grid::create(good, &closed_pool).error(), 2, "pool");
}

TEST_F(ThresholdErrors, GridReading) {
    EXPECT_TRUE(refused_value(grid.level_edges(f(2)), status::shape_mismatch, 3, "len", 0, 2));
    CLOSED(grid.level_edges({nullptr, 1}), 2, "out");
    EXPECT_TRUE(refused_value(grid.score_edges(0, f(1)), status::shape_mismatch, 4, "len", 0, 1));
    EXPECT_TRUE(refused_value(grid.score_edges(2, f(2)), status::index_out_of_range, 2, "level", 0, 2));
    SHAPE(grid.thresholds(ids(1), f(2)), 2, "thresholds", 1);
    SHAPE(grid.thresholds(ids(2), f(3)), 3, "out", 3);
    CLOSED(grid.thresholds({nullptr, 2}, f(2)), 2, "thresholds");
    EXPECT_TRUE(refused_value(grid.thresholds(ids{0, 4}, f(2)), status::index_out_of_range, 2, "thresholds", 1, 4));
}

// What is wrong with rows, in a call that takes them as an argument, and looks at uncertainties or not.
template <class Call>
void bad_rows(const avocet::threshold_rows &good, int argument, const Call &call, bool uncertain = true) {
    const auto with = [&](auto change) {
        avocet::threshold_rows changed = good;
        change(changed);
        return avocet::error(call(changed));
    };
    const floats short_one{0, 1, 1}, nan_at_2{0, 1, nan, 1}, negative_at_1{1, -1, 1, 1};
    const bytes bad_label{0, 1, 2, 0};
    const std::vector<std::int8_t> negative_label{0, 1, 0, -1};
    const ids segments(3);
    using changed = avocet::threshold_rows;
    SHAPE(with([&](changed &rows) { rows.labels = short_one; }), argument, "rows.labels", 3);
    SHAPE(with([&](changed &rows) { rows.labels = {}; }), argument, "rows.labels", 0);
    SHAPE(with([&](changed &rows) { rows.weights = short_one; }), argument, "rows.weights", 3);
    SHAPE(with([&](changed &rows) { rows.weights = floats(); }), argument, "rows.weights", 0);
    SHAPE(with([&](changed &rows) { rows.segments = segments; }), argument, "rows.segments", 3);
    SHAPE(with([&](changed &rows) { rows.segments = ids(); }), argument, "rows.segments", 0);
    CLOSED(with([&](changed &rows) { rows.scores = {nullptr, 4}; }), argument, "rows.scores");
    CLOSED(with([&](changed &rows) { rows.labels = {static_cast<const float *>(nullptr), 4}; }), argument,
           "rows.labels");
    CLOSED(with([&](changed &rows) { rows.weights = avocet::array_view<const float>(nullptr, 4); }), argument,
           "rows.weights");
    CLOSED(with([&](changed &rows) { rows.segments = {static_cast<const std::uint16_t *>(nullptr), 4}; }), argument,
           "rows.segments");
    EXPECT_TRUE(refused_real(with([&](changed &rows) { rows.scores = nan_at_2; }), status::not_finite, argument,
                             "rows.scores", 2, nan));
    EXPECT_TRUE(refused_real(with([&](changed &rows) { rows.labels = bad_label; }), status::invalid_argument, argument,
                             "rows.labels", 2, 2));
    EXPECT_TRUE(refused_real(with([&](changed &rows) { rows.labels = negative_label; }), status::invalid_argument,
                             argument, "rows.labels", 3, -1));
    EXPECT_TRUE(refused_real(with([&](changed &rows) { rows.labels = rows.scores; }), status::invalid_argument,
                             argument, "rows.labels", 0, -1));
    EXPECT_TRUE(refused_real(with([&](changed &rows) { rows.weights = negative_at_1; }), status::invalid_argument,
                             argument, "rows.weights", 1, -1));
    EXPECT_TRUE(refused_real(with([&](changed &rows) { rows.weights = nan_at_2; }), status::not_finite, argument,
                             "rows.weights", 2, nan));
    EXPECT_TRUE(refused_value(with([&](changed &rows) { rows.missing = static_cast<avocet::missing>(2); }),
                              status::invalid_argument, argument, "rows.missing", 0, 2));
    if (uncertain) {
        SHAPE(with([&](changed &rows) { rows.uncertainties = short_one; }), argument, "rows.uncertainties", 3);
        CLOSED(with([&](changed &rows) { rows.uncertainties = {nullptr, 4}; }), argument, "rows.uncertainties");
        EXPECT_TRUE(refused_real(with([&](changed &rows) { rows.uncertainties = nan_at_2; }), status::not_finite,
                                 argument, "rows.uncertainties", 2, nan));
    }
    const float *const one = good.scores.data();
    const avocet::threshold_rows huge{{one, most}, {one, most}, {one, most}};
    EXPECT_TRUE(refused(call(huge), status::size_overflow, argument, "rows.rows"));
}

TEST_F(ThresholdErrors, BucketsAdd) {
    EXPECT_TRUE(refused_value(avocet::buckets::create(grid, 0).error(), status::invalid_argument, 2, "segments", 0, 0));
    EXPECT_TRUE(refused_value(avocet::buckets::create(grid, 1 << 26).error(), status::size_overflow, 2, "segments", 0,
                              std::int64_t{7} << 26));
    avocet::buckets one = check(avocet::buckets::create(grid)), two = check(avocet::buckets::create(grid, 2));
    bad_rows(rows, 2, [&](const avocet::threshold_rows &bad) { return one.add(bad, workspace); });
    CLOSED(one.add(rows, workspace, &closed_pool), 3, "pool");
    CLOSED(one.add(rows, closed_workspace), 4, "workspace");
    CLOSED(two.add(rows, workspace), 2, "rows.segments");
    avocet::threshold_rows by_segment = rows;
    by_segment.segments = segments;
    EXPECT_TRUE(
        refused_value(one.add(by_segment, workspace), status::index_out_of_range, 2, "rows.segments", 3, 1));
    bytes nothing(one.saved_bytes()), after(one.saved_bytes());
    check(check(avocet::buckets::create(grid)).save(nothing));
    check(one.save(after));
    EXPECT_EQ(after, nothing) << "rows of a call that failed were added";

    EXPECT_TRUE(refused(one.merge(one), status::overlap, 2, "other"));
    SHAPE(one.merge(two), 2, "other", 2);
    EXPECT_TRUE(refused(one.subtract(one), status::overlap, 2, "other"));
    SHAPE(two.subtract(one), 2, "other", 1);
    avocet::buckets full = check(avocet::buckets::create(grid));
    // The last row alone, whose cell is the last one.
    check(full.add({{&s[3], 1}, {&u[3], 1}, {&labels[3], 1}}, workspace));
    EXPECT_TRUE(refused_value(one.subtract(full), status::invalid_argument, 2, "other", 5, 1));
    const avocet::grid other_grid = check(avocet::grid::create({}));
    EXPECT_TRUE(refused(full.merge(check(avocet::buckets::create(other_grid))), status::shape_mismatch, 2, "other"));
}

TEST_F(ThresholdErrors, BucketsReading) {
    const avocet::buckets two = check(avocet::buckets::create(grid, 2));
    SHAPE(two.cells(0, tally::counts, w(6), w2(5)), 5, "negative", 5);
    EXPECT_TRUE(refused_value(two.cells(0, tally::counts, w(7), w2(7)), status::shape_mismatch, 6, "len", 0, 7));
    EXPECT_TRUE(refused_value(two.cells(2, tally::counts, w(6), w2(6)),
                              status::index_out_of_range, 2, "segment", 0, 2));
    EXPECT_TRUE(refused_value(two.cells(0, static_cast<tally>(2), w(6), w2(6)), status::invalid_argument, 3, "weights",
                              0, 2));
    CLOSED(two.cells(0, tally::counts, {nullptr, 6}, w2(6)), 4, "positive");
    EXPECT_TRUE(refused(two.cells(0, tally::counts, w(6), w(6)), status::overlap, 5, "negative"));
    SHAPE(two.score_bins(0, tally::weights, w(3), w2(4)), 5, "negative", 4);
    EXPECT_TRUE(refused_value(two.score_bins(0, tally::counts, w(2), w2(2)), status::shape_mismatch, 6, "len", 0, 2));
    const avocet::grid nested = check(avocet::grid::create(sampled_options()));
    EXPECT_TRUE(refused(check(avocet::buckets::create(nested)).score_bins(0, tally::counts, w(3), w2(3)),
                        status::invalid_argument, 1, "buckets"));
}

TEST_F(ThresholdErrors, SavedBytes) {
    const avocet::buckets buckets = check(avocet::buckets::create(check(avocet::grid::create({}))));
    const std::size_t size = buckets.saved_bytes();
    bytes saved(size);
    EXPECT_TRUE(refused_value(buckets.save(b(size - 1)), status::shape_mismatch, 3, "len", 0,
                              static_cast<std::int64_t>(size) - 1));
    CLOSED(buckets.save({nullptr, size}), 2, "bytes");
    check(buckets.save(saved));
    CLOSED(avocet::buckets::load({nullptr, size}).error(), 1, "bytes");
    for (std::size_t len = 0; len < size; len++) {
        SHAPE(avocet::buckets::load({saved.data(), len}).error(), 1, "bytes", static_cast<std::int64_t>(len));
    }
    for (std::size_t at = 0; at < size; at++) {
        saved[at] ^= 4;
        EXPECT_FALSE(avocet::buckets::load(saved)) << at;
        saved[at] ^= 4;
    }
    saved[size - 9] ^= 1;
    EXPECT_TRUE(refused(avocet::buckets::load(saved).error(), status::invalid_argument, 1, "bytes", size - 8));
}

TEST_F(ThresholdErrors, Decisions) {
    const floats values(6), nan_at_1{0, nan};
    // As many arguments, of which the second is either thresholds or values.
    const auto bad = [&](const auto &call, auto to, const char *named, const floats &good) {
        using view = decltype(to(4));
        SHAPE(call(floats(good.size() - 1), s, u, to(4), nullptr), 2, named,
              static_cast<std::int64_t>(good.size()) - 1);
        SHAPE(call(good, s, short_one, to(4), nullptr), 4, "uncertainties", 3);
        SHAPE(call(good, s, u, to(5), nullptr), 6, "out", 5);
        CLOSED(call({nullptr, good.size()}, s, u, to(4), nullptr), 2, named);
        CLOSED(call(good, {nullptr, 4}, u, to(4), nullptr), 3, "scores");
        CLOSED(call(good, s, {nullptr, 4}, to(4), nullptr), 4, "uncertainties");
        CLOSED(call(good, s, u, view(nullptr, to(4).size()), nullptr), 6, "out");
        CLOSED(call(good, s, u, to(4), &closed_pool), 7, "pool");
    };
    using view = avocet::array_view<const float>;
    bad([&](view t, view x, view y, avocet::array_view<std::uint8_t> to,
            const avocet::pool *pool) { return avocet::threshold_decide(grid, t, x, y, to, pool); },
        [&](std::size_t len) { return b(len); }, "thresholds", limits);
    bad([&](view t, view x, view y, avocet::array_view<float> to,
            const avocet::pool *pool) { return avocet::threshold_calibrate(grid, t, x, y, to, pool); },
        [&](std::size_t len) { return f(len); }, "values", values);
    // A word for four rows; five words are too many.
    bad([&](view t, view x, view y, avocet::array_view<std::uint64_t> to,
            const avocet::pool *pool) { return avocet::threshold_decide_bits(grid, t, x, y, to, pool); },
        [&](std::size_t len) { return w(len == 4 ? 1 : len); }, "thresholds", limits);
    SHAPE(avocet::threshold_decide_bits(grid, limits, floats(65), floats(65), w(1)), 6, "out", 1);
    EXPECT_TRUE(refused_real(avocet::threshold_decide(grid, nan_at_1, s, u, b(4)), status::not_finite, 2, "thresholds",
                             1, nan));
    EXPECT_TRUE(refused_real(avocet::threshold_decide_bits(grid, nan_at_1, s, u, w(1)), status::not_finite, 2,
                             "thresholds", 1, nan));
    EXPECT_TRUE(refused(avocet::threshold_calibrate(grid, values, f(4), u, f(4)), status::overlap, 6, "out"));

    SHAPE(avocet::threshold_cells(grid, s, short_one, i(4)), 3, "uncertainties", 3);
    SHAPE(avocet::threshold_cells(grid, s, u, i(3)), 5, "out", 3);
    CLOSED(avocet::threshold_cells(grid, {nullptr, 4}, u, i(4)), 2, "scores");
    CLOSED(avocet::threshold_cells(grid, s, u, {nullptr, 4}), 5, "out");
    CLOSED(avocet::threshold_cells(grid, s, u, i(4), &closed_pool), 6, "pool");
    const float *const one = s.data();
    EXPECT_TRUE(refused(avocet::threshold_cells(grid, {one, most}, {one, most}, {counts.data(), most}),
                        status::size_overflow, 4, "rows"));
}

TEST_F(ThresholdErrors, Searches) {
    using avocet::objective;
    const words p{1, 2, 3, 0, 1, 4}, n{9, 3, 1, 5, 1, 1};
    const objective recall = objective::recall_under_precision({1, 2});
    const avocet::cells good(2, 3, p, n);
    const ids zeros(2);
    // Of cells, in each of the calls.
    const auto bad = [&](const avocet::cells &cells, auto expect) {
        const std::size_t levels = cells.levels() == 2 ? 2 : 0;
        expect(avocet::threshold_search(cells, recall, {}, i(levels), workspace).error());
        expect(avocet::threshold_frontier(cells, w(7), workspace).error());
        expect(avocet::threshold_isotonic(cells, f(6), workspace));
        expect(avocet::threshold_passing(cells, {zeros.data(), levels}).error());
    };
    const words five(5);
    bad({2, 3, five, n}, [](const avocet::error &e) { SHAPE(e, 1, "cells.positive", 5); });
    bad({2, 3, p, five}, [](const avocet::error &e) { SHAPE(e, 1, "cells.negative", 5); });
    bad({2, 3, {nullptr, 6}, n}, [](const avocet::error &e) { CLOSED(e, 1, "cells.positive"); });
    bad({2, 3, p, {nullptr, 6}}, [](const avocet::error &e) { CLOSED(e, 1, "cells.negative"); });
    bad({2, most, p, n},
        [](const avocet::error &e) { EXPECT_TRUE(refused(e, status::size_overflow, 1, "cells.levels")); });
    words half(6);
    half[1] = std::uint64_t{1} << 61;
    bad({2, 3, half, half}, [](const avocet::error &e) {
        EXPECT_TRUE(refused_value(e, status::size_overflow, 1, "cells.negative", 1, std::int64_t{1} << 61));
    });
    const avocet::buckets buckets = check(avocet::buckets::create(grid));
    bad({buckets, 1}, [](const avocet::error &e) {
        EXPECT_TRUE(refused_value(e, status::index_out_of_range, 1, "cells.segment", 0, 1));
    });
    bad({buckets, 0, static_cast<tally>(2)}, [](const avocet::error &e) {
        EXPECT_TRUE(refused_value(e, status::invalid_argument, 1, "cells.weights", 0, 2));
    });

    const auto of = [&](const objective &wanted) {
        return avocet::threshold_search(good, wanted, {}, i(2), workspace).error();
    };
    EXPECT_TRUE(refused_value(of(objective::recall_under_precision({3, 2})), status::invalid_argument, 2,
                              "objective.numerator", 0, 3));
    EXPECT_TRUE(refused_value(of(objective::f_beta({1, 0})),
                              status::invalid_argument, 2, "objective.denominator", 0, 0));
    EXPECT_TRUE(refused_value(of(objective::recall_under_wilson({1, 2}, {1, 0})), status::invalid_argument, 2,
                              "objective.z_denominator", 0, 0));
    const std::int64_t beyond = (std::int64_t{1} << 56) + 1;
    EXPECT_TRUE(refused_value(of(objective::utility({beyond})),
                              status::size_overflow, 2, "objective.positive_passes", 0,
                              beyond));
    EXPECT_TRUE(refused_value(of(objective::utility({0, 0, 0, -beyond})), status::size_overflow, 2,
                              "objective.negative_stays", 0, -beyond));

    const auto with = [&](const avocet::search_options &options) {
        return avocet::threshold_search(good, recall, options, i(2), workspace).error();
    };
    using avocet::search_method;
    using avocet::threshold_shape;
    EXPECT_TRUE(refused_value(with({search_method::exact, threshold_shape::free, 0}), status::invalid_argument, 3,
                              "options.work_limit", 0, 0));
    EXPECT_TRUE(refused_value(with({static_cast<search_method>(4)}),
                              status::invalid_argument, 3, "options.method", 0, 4));
    EXPECT_TRUE(refused_value(with({search_method::mist, threshold_shape::non_decreasing}), status::invalid_argument, 3,
                              "options.shape", 0, 1));
    // The second cell weighs another than the first.
    EXPECT_TRUE(refused_value(with({search_method::dp}), status::invalid_argument, 1, "cells", 1, 5));
    EXPECT_TRUE(refused_value(avocet::threshold_search(good, objective::f_beta(), {search_method::dp}, i(2), workspace)
                                  .error(),
                              status::invalid_argument, 3, "options.method", 0, AVOCET_SEARCH_DP));
    SHAPE(avocet::threshold_search(good, recall, {}, i(3), workspace).error(), 4, "thresholds", 3);
    SHAPE(avocet::threshold_search(buckets, recall, {}, i(1), workspace).error(), 4, "thresholds", 1);
    CLOSED(avocet::threshold_search(good, recall, {}, {nullptr, 2}, workspace).error(), 4, "thresholds");
    CLOSED(avocet::threshold_search(good, recall, {}, i(2), closed_workspace).error(), 6, "workspace");

    EXPECT_TRUE(refused_value(avocet::threshold_frontier(good, w(7), workspace).error(), status::invalid_argument, 1,
                              "cells", 1, 5));
    const words equal(1, 2);
    const avocet::cells one(1, 1, equal, equal);
    EXPECT_TRUE(refused_value(avocet::threshold_frontier(one, w(3), workspace).error(), status::shape_mismatch, 3,
                              "len", 0, 3));
    CLOSED(avocet::threshold_frontier(one, {nullptr, 2}, workspace).error(), 2, "positive");
    CLOSED(avocet::threshold_frontier(one, w(2), closed_workspace).error(), 5, "workspace");
    SHAPE(avocet::threshold_isotonic(good, f(7), workspace), 3, "len", 7);
    CLOSED(avocet::threshold_isotonic(good, {nullptr, 6}, workspace), 2, "values");
    CLOSED(avocet::threshold_isotonic(good, f(6), closed_workspace), 4, "workspace");
    EXPECT_TRUE(refused(avocet::threshold_isotonic(good, {out.data(), most}, workspace), status::size_overflow, 3, "len"));
    EXPECT_TRUE(refused(
        avocet::threshold_isotonic({1, 1, {wide.data(), 1}, equal}, {reinterpret_cast<float *>(wide.data()), 1}, workspace),
        status::overlap, 2, "values"));
    SHAPE(avocet::threshold_passing(good, ids(3)).error(), 2, "thresholds", 3);
    EXPECT_TRUE(refused_value(avocet::threshold_passing(good, ids{0, 4}).error(), status::index_out_of_range, 2,
                              "thresholds", 1, 4));
}

TEST_F(ThresholdErrors, SingleOfRows) {
    using avocet::objective;
    const objective recall = objective::recall_under_precision({1, 2});
    const auto call = [&](const avocet::threshold_rows &bad) { return avocet::threshold_single(bad, recall).error(); };
    bad_rows(rows, 1, call, false);
    avocet::threshold_rows changed = rows;
    changed.segments = segments;
    EXPECT_TRUE(refused(call(changed), status::invalid_argument, 1, "rows.segments"));
    changed = rows;
    changed.uncertainties = nan_at_2;
    EXPECT_FALSE(call(changed));
    changed = rows;
    const floats ones(4, 1);
    changed.weights = ones;
    EXPECT_TRUE(refused(avocet::threshold_single(changed, objective::recall_under_wilson({1, 2})).error(),
                        status::invalid_argument, 1, "rows.weights"));
    EXPECT_TRUE(refused_value(avocet::threshold_single(rows, objective::f_beta({1, 0})).error(),
                              status::invalid_argument, 2, "objective.denominator", 0, 0));
    CLOSED(avocet::threshold_single(rows, recall, &closed_pool).error(), 5, "pool");
}

TEST_F(ThresholdErrors, BinnedCurves) {
    const words p{1, 2}, n{3, 4}, huge{~std::uint64_t{}, 1};
    std::vector<avocet::curve_point> points(3);
    points[0].true_positives = 7;
    SHAPE(avocet::binned_curve(p, words(3), points), 2, "negative", 3);
    SHAPE(avocet::binned_curve(p, n, {points.data(), 2}), 4, "points", 2);
    CLOSED(avocet::binned_curve(p, n, {nullptr, 3}), 4, "points");
    CLOSED(avocet::binned_curve({nullptr, 2}, n, points), 1, "positive");
    EXPECT_TRUE(refused(avocet::binned_curve(huge, n, points), status::size_overflow, 1, "positive"));
    EXPECT_TRUE(refused(avocet::binned_curve({p.data(), most}, {n.data(), most}, {}),
                        status::size_overflow, 3, "bins"));
    EXPECT_EQ(points[0].true_positives, 7u) << "an output was written";
    SHAPE(avocet::binned_auc(p, words(1)).error(), 2, "negative", 1);
    EXPECT_TRUE(refused(avocet::binned_auc(p, huge).error(), status::size_overflow, 2, "negative"));
    SHAPE(avocet::binned_average_precision(p, words(1)).error(), 2, "negative", 1);
    EXPECT_TRUE(refused_value(avocet::binned_average_precision(p, n, static_cast<tally>(2)).error(),
                              status::invalid_argument, 4, "weights", 0, 2));
}

TEST_F(ThresholdErrors, Bootstraps) {
    const avocet::bootstrap_options few{0, 4};
    bad_rows(rows, 3, [&](const avocet::threshold_rows &bad) {
        return avocet::threshold_bootstrap(grid, limits, bad, few).error();
    });
    bad_rows(rows, 3, [&](const avocet::threshold_rows &bad) {
        return avocet::binned_bootstrap(grid, avocet::figure::auc, bad, few).error();
    });
    SHAPE(avocet::threshold_bootstrap(grid, floats(3), rows, few).error(), 2, "thresholds", 3);
    CLOSED(avocet::threshold_bootstrap(grid, {nullptr, 2}, rows, few).error(), 2, "thresholds");
    EXPECT_TRUE(refused_real(avocet::threshold_bootstrap(grid, floats{0, nan}, rows, few).error(),
                             status::not_finite, 2,
                             "thresholds", 1, nan));
    CLOSED(avocet::threshold_bootstrap(grid, limits, rows, few, &closed_pool).error(), 7, "pool");
    CLOSED(avocet::binned_bootstrap(grid, avocet::figure::auc, rows, few, &closed_pool).error(), 6, "pool");
    EXPECT_TRUE(refused_value(avocet::binned_bootstrap(grid, static_cast<avocet::figure>(2), rows, few).error(),
                              status::invalid_argument, 2, "figure", 0, 2));
    const avocet::grid nested = check(avocet::grid::create(sampled_options()));
    EXPECT_TRUE(refused(avocet::binned_bootstrap(nested, avocet::figure::auc, rows, few).error(),
                        status::invalid_argument, 1, "grid"));
    avocet::threshold_rows by_segment = rows;
    by_segment.segments = segments;
    EXPECT_TRUE(refused(avocet::threshold_bootstrap(grid, limits, by_segment, few).error(), status::invalid_argument, 3,
                        "rows.segments"));
    const struct {
        avocet::bootstrap_options options;
        avocet::status why;
        const char *name;
        double value;
    } bad[] = {{{0, 0}, status::invalid_argument, "options.replicates", 0},
               {{0, 1000001}, status::invalid_argument, "options.replicates", 1000001},
               {{0, 4, 0}, status::invalid_argument, "options.confidence", 0},
               {{0, 4, 1}, status::invalid_argument, "options.confidence", 1},
               {{0, 4, nan}, status::not_finite, "options.confidence", nan}};
    for (const auto &[options, why, name, value] : bad) {
        EXPECT_TRUE(refused_real(avocet::threshold_bootstrap(grid, limits, rows, options).error(), why, 4, name, 0,
                                 value));
        EXPECT_TRUE(refused_real(avocet::binned_bootstrap(grid, avocet::figure::auc, rows, options).error(), why, 4,
                                 name, 0, value));
    }
}

TEST_F(ThresholdErrors, Uncertainties) {
    const floats ensemble(6);
    const auto kind = avocet::variance_of::sample;
    SHAPE(avocet::uncertainty_moments({ensemble, 3, 3}, kind, f(3), {}), 1, "scores.data", 6);
    SHAPE(avocet::uncertainty_moments({ensemble, 2, 3}, kind, f(3), {}), 3, "mean", 3);
    SHAPE(avocet::uncertainty_moments({ensemble, 2, 3}, kind, f(2), f(3)), 4, "variance", 3);
    CLOSED(avocet::uncertainty_moments({ensemble, 2, 3}, kind, {nullptr, 2}, {}), 3, "mean");
    CLOSED(avocet::uncertainty_moments({ensemble, 2, 3}, kind, f(2), avocet::array_view<float>(nullptr, 2)), 4,
           "variance");
    CLOSED(avocet::uncertainty_moments({ensemble, 2, 3}, kind, f(2), {}, &closed_pool), 5, "pool");
    EXPECT_TRUE(refused(avocet::uncertainty_moments({ensemble, 2, 3}, kind, f(2), f(2)),
                        status::overlap, 4, "variance"));
    EXPECT_TRUE(refused_value(avocet::uncertainty_moments({ensemble, 6, 1}, kind, f(6), avocet::array_view(&out[6], 6)),
                              status::invalid_argument, 1, "scores.cols", 0, 1));
    EXPECT_TRUE(refused_value(avocet::uncertainty_moments({ensemble, 6, 0}, kind, f(6), {}),
                              status::invalid_argument, 1,
                              "scores.cols", 0, 0));
    const auto neither = static_cast<avocet::variance_of>(2);
    EXPECT_TRUE(refused_value(avocet::uncertainty_moments({ensemble, 2, 3}, neither, f(2), {}),
                              status::invalid_argument, 2, "sample", 0, 2));

    const floats a{1, 2, 3}, zero_at_1{1, 0, 1}, nan_at_0{nan, 1, 1};
    SHAPE(avocet::uncertainty_beta(a, floats(2), f(3), {}), 2, "b", 2);
    SHAPE(avocet::uncertainty_beta(a, a, f(2), {}), 4, "mean", 2);
    SHAPE(avocet::uncertainty_beta(a, a, {}, f(4)), 5, "entropy", 4);
    CLOSED(avocet::uncertainty_beta({nullptr, 3}, a, f(3), {}), 1, "a");
    CLOSED(avocet::uncertainty_beta(a, a, f(3), {}, &closed_pool), 6, "pool");
    EXPECT_TRUE(refused_real(avocet::uncertainty_beta(a, zero_at_1, {}, {}), status::invalid_argument, 2, "b", 1, 0));
    EXPECT_TRUE(refused_real(avocet::uncertainty_beta(nan_at_0, zero_at_1, {}, {}),
                             status::not_finite, 1, "a", 0, nan));

    SHAPE(avocet::uncertainty_entropy(a, f(2)), 3, "out", 2);
    CLOSED(avocet::uncertainty_entropy({nullptr, 3}, f(3)), 1, "probabilities");
    CLOSED(avocet::uncertainty_entropy(a, f(3), &closed_pool), 4, "pool");
    floats unspecified(3);
    EXPECT_TRUE(refused_real(avocet::uncertainty_entropy(a, unspecified), status::invalid_argument, 1, "probabilities",
                             1, 2));
    EXPECT_TRUE(refused_real(avocet::uncertainty_entropy(nan_at_0, unspecified), status::not_finite, 1, "probabilities",
                             0, nan));
    floats own(3, 0.5f);
    EXPECT_TRUE(refused(avocet::uncertainty_entropy(own, own), status::overlap, 3, "out"));
}

}  // namespace
