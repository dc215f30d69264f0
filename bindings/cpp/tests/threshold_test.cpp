// Grids, buckets, thresholds, binned curves and uncertainties: known results, laws, ownership.

#include "support.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <thread>
#include <utility>

namespace {

using avocet::check;
using avocet::status;
using avocet::tally;
using support::floats;
using support::ids;
using support::refused;

using bytes = std::vector<std::uint8_t>;
using words = std::vector<std::uint64_t>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

bytes saved(const avocet::buckets &buckets) {
    bytes out(buckets.saved_bytes());
    check(buckets.save(out));
    return out;
}

// Two levels, three bins; the last row has no uncertainty.
class Threshold : public testing::Test {
  protected:
    static avocet::grid two_by_three() {
        avocet::grid_options options;
        options.levels = 2;
        options.bins = 3;
        const floats level_edges{0.5f}, score_edges{0, 1};
        options.level_edges = level_edges;
        options.score_edges = score_edges;
        return check(avocet::grid::create(options));
    }

    avocet::buckets counted(const avocet::threshold_rows &of, std::size_t segment_count = 1) {
        avocet::buckets buckets = check(avocet::buckets::create(grid, segment_count));
        check(buckets.add(of, workspace));
        return buckets;
    }

    const avocet::grid grid = two_by_three();
    avocet::workspace workspace = check(avocet::workspace::create());
    const floats scores{-1, 0, 0.5f, 1, 2, -0.0f, 1, 3}, uncertainties{0, 0, 0.5f, 0.5f, 1, 2, 0, nan};
    const std::vector<std::int8_t> labels{0, 1, 0, 1, 1, 0, 0, 1};
    const floats halves = floats(8, 0.5f);
    const std::vector<std::uint16_t> segments{0, 0, 0, 0, 1, 1, 1, 1};
    const avocet::threshold_rows rows{scores, uncertainties, labels, halves, {}, avocet::missing::apart};
    words positive = words(6, 7), negative = words(6, 7);
};

TEST_F(Threshold, GridOfGivenEdges) {
    EXPECT_EQ(grid.levels(), 2u);
    EXPECT_EQ(grid.bins(), 3u);
    EXPECT_FALSE(grid.is_nested());
    floats level_edges(1), score_edges(2);
    check(grid.level_edges(level_edges));
    check(grid.score_edges(1, score_edges));
    EXPECT_EQ(level_edges, (floats{0.5f}));
    EXPECT_EQ(score_edges, (floats{0, 1}));
    floats limits(2);
    check(grid.thresholds(ids{0, 3}, limits));
    EXPECT_EQ(limits, (floats{-infinity, infinity}));
    check(grid.thresholds(ids{1, 2}, limits));
    EXPECT_EQ(limits, (floats{0, 1}));
    const avocet::grid one = check(avocet::grid::create({}));
    EXPECT_EQ(one.levels() * one.bins(), 1u);
    check(one.level_edges({}));
    check(one.score_edges(0, {}));
}

TEST_F(Threshold, BucketsOfRows) {
    const avocet::buckets buckets = counted(rows);
    EXPECT_EQ(buckets.levels(), 2u);
    EXPECT_EQ(buckets.bins(), 3u);
    EXPECT_EQ(buckets.segments(), 1u);
    EXPECT_EQ(buckets.apart(), 1u);
    EXPECT_EQ(buckets.apart(1), 0u);
    check(buckets.cells(0, tally::counts, positive, negative));
    EXPECT_EQ(positive, (words{0, 1, 0, 0, 0, 2}));
    EXPECT_EQ(negative, (words{1, 0, 1, 0, 2, 0}));
    check(buckets.cells(0, tally::weights, positive, negative));
    EXPECT_EQ(positive, (words{0, 1 << 19, 0, 0, 0, 1 << 20}));
    EXPECT_EQ(negative, (words{1 << 19, 0, 1 << 19, 0, 1 << 20, 0}));
    positive.resize(3);
    negative.resize(3);
    check(buckets.score_bins(0, tally::counts, positive, negative));
    EXPECT_EQ(positive, (words{0, 1, 2}));
    EXPECT_EQ(negative, (words{1, 2, 1}));
}

TEST_F(Threshold, SearchWithItsProof) {
    const avocet::buckets buckets = counted(rows);
    ids thresholds(2);
    // From 0 on where the uncertainty is below .5, else from 1 on: three positives and a negative.
    const auto objective = avocet::objective::recall_under_precision({3, 4});
    avocet::solution found = check(avocet::threshold_search(buckets, objective, {}, thresholds, workspace));
    EXPECT_EQ(found.outcome, avocet::search_outcome::found);
    EXPECT_EQ(thresholds, (ids{1, 2}));
    EXPECT_EQ(found.passing.positive, 3u);
    EXPECT_EQ(found.passing.negative, 1u);
    EXPECT_EQ(found.passing.precision(), 0.75);
    EXPECT_EQ(found.bound.positive, 3u);
    EXPECT_TRUE(found.proven);
}

// Why it ended is a part of the solution, with its bound; nothing passes then.
TEST_F(Threshold, SearchesWithoutAnAnswer) {
    const words p{1, 2, 3, 0, 1, 4}, n{9, 3, 1, 5, 1, 1};
    ids thresholds{7, 7};
    // No selection is more precise than the last bin of the second level.
    const avocet::result<avocet::solution> infeasible = avocet::threshold_search(
        {2, 3, p, n}, avocet::objective::recall_under_precision({81, 100}), {}, thresholds, workspace);
    ASSERT_TRUE(infeasible);
    EXPECT_EQ(infeasible->outcome, avocet::search_outcome::infeasible);
    EXPECT_EQ(thresholds, (ids{3, 3}));
    EXPECT_EQ(infeasible->passing.positive + infeasible->passing.negative, 0u);
    EXPECT_TRUE(std::isnan(infeasible->passing.precision()));
    EXPECT_EQ(infeasible->bound.positive, 4u);
    EXPECT_EQ(infeasible->bound.negative, 1u);
    EXPECT_EQ(infeasible->bound.precision(), 0.8);
    EXPECT_TRUE(infeasible->proven);
    // What the bound promises is there.
    EXPECT_EQ(check(avocet::threshold_search({2, 3, p, n}, avocet::objective::recall_under_precision({4, 5}), {},
                                             thresholds, workspace))
                  .passing.positive,
              4u);
    EXPECT_EQ(thresholds, (ids{3, 2}));

    const words empty(6);
    const avocet::solution of_nothing = check(avocet::threshold_search(
        {2, 3, empty, empty}, avocet::objective::recall_under_precision({1, 2}), {}, thresholds, workspace));
    EXPECT_EQ(of_nothing.outcome, avocet::search_outcome::infeasible);
    EXPECT_EQ(of_nothing.bound.positive + of_nothing.bound.negative, 0u);
    EXPECT_EQ(check(avocet::threshold_passing({}, {})).positive, 0u);

    words few(400), many(400);
    for (std::size_t at = 0; at < 400; at++) {
        few[at] = at % 200 > 150;
        many[at] = 1 + at % 3;
    }
    few[399] = 9;
    avocet::search_options options;
    options.shape = avocet::threshold_shape::non_increasing;
    options.work_limit = 1;
    const auto objective = avocet::objective::recall_under_precision({1, 2});
    const avocet::result<avocet::solution> ended =
        avocet::threshold_search({2, 200, few, many}, objective, options, thresholds, workspace);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->outcome, avocet::search_outcome::work_limit);
    EXPECT_EQ(thresholds, (ids{200, 200}));
    EXPECT_FALSE(ended->proven);
    options.work_limit = 1 << 25;
    EXPECT_EQ(
        check(avocet::threshold_search({2, 200, few, many}, objective, options, thresholds, workspace)).outcome,
        avocet::search_outcome::found);
}

TEST_F(Threshold, SearchOfEveryObjectiveAndMethod) {
    const words p{1, 3, 0, 4}, n{3, 1, 4, 0};
    const avocet::cells cells(2, 2, p, n);
    ids thresholds(2);
    const auto search = [&](const avocet::objective &objective, avocet::search_method method) {
        const auto found = check(avocet::threshold_search(cells, objective, {method}, thresholds, workspace));
        EXPECT_EQ(found.outcome, avocet::search_outcome::found);
        const auto passing = check(avocet::threshold_passing(cells, thresholds));
        EXPECT_EQ(passing.positive, found.passing.positive);
        EXPECT_EQ(passing.negative, found.passing.negative);
        return words{passing.positive, passing.negative};
    };
    using avocet::objective;
    using avocet::search_method;
    for (const search_method method :
         {search_method::exact, search_method::single, search_method::mist, search_method::dp}) {
        EXPECT_EQ(search(objective::recall_under_precision({7, 8}), method), (words{7, 1}));
        EXPECT_EQ(search(objective::precision_under_recall({7, 8}), method), (words{7, 1}));
    }
    for (const search_method method : {search_method::exact, search_method::single}) {
        EXPECT_EQ(search(objective::f_beta(), method), (words{7, 1}));
        EXPECT_EQ(search(objective::recall_under_wilson({1, 2}), method), (words{7, 1}));
        EXPECT_EQ(search(objective::at_most(8), method), (words{7, 1}));
    }
    EXPECT_EQ(search(objective::utility({1, -4, 0, 0}), search_method::exact), (words{4, 0}));
    EXPECT_EQ(search(objective::utility({1, -4, 0, 0}), search_method::single), (words{7, 1}));
    // Where it costs most to let positives stay, all but the cell without any passes.
    EXPECT_EQ(search(objective::utility({0, -1, -100, 0}), search_method::exact), (words{8, 4}));
    EXPECT_EQ(search(objective::utility({0, 0, 1, 1}), search_method::exact), (words{0, 0}));
    EXPECT_EQ(search(objective::at_most(8), search_method::dp), (words{7, 1}));
    // One threshold for both levels: either the last bins, or all.
    EXPECT_EQ(search(objective::recall_under_precision({1, 2}), search_method::single), (words{8, 8}));
    EXPECT_EQ(search(objective::recall_under_precision({1, 2}), search_method::exact)[0], 8u);
}

TEST_F(Threshold, SingleOfRows) {
    const auto objective = avocet::objective::recall_under_precision({3, 4});
    // Nothing is asked of uncertainties.
    avocet::threshold_rows of{scores, {}, labels};
    const avocet::single_solution found = check(avocet::threshold_single(of, objective));
    EXPECT_EQ(found.threshold, 1);
    EXPECT_EQ(found.solution.outcome, avocet::search_outcome::found);
    EXPECT_EQ(found.solution.passing.positive, 3u);
    EXPECT_EQ(found.solution.passing.negative, 1u);
    EXPECT_TRUE(found.solution.proven);
    of.weights = halves;
    const avocet::pool pool = check(avocet::pool::create(2));
    const avocet::single_solution weighted = check(avocet::threshold_single(of, objective, &pool));
    EXPECT_EQ(weighted.threshold, 1);
    EXPECT_EQ(weighted.solution.passing.positive, 3u << 19);
    EXPECT_EQ(weighted.solution.passing.negative, 1u << 19);

    // The negative has the greater score: of both rows a half is positive.
    const floats two{1, 2};
    const avocet::result<avocet::single_solution> infeasible = avocet::threshold_single(
        {two, {}, bytes{1, 0}}, avocet::objective::recall_under_precision({51, 100}));
    ASSERT_TRUE(infeasible);
    EXPECT_EQ(infeasible->solution.outcome, avocet::search_outcome::infeasible);
    EXPECT_EQ(infeasible->solution.bound.precision(), 0.5);
    EXPECT_EQ(infeasible->solution.passing.positive + infeasible->solution.passing.negative, 0u);
    EXPECT_EQ(infeasible->threshold, infinity);
}

// A grid with an edge at each score has the same answers.
TEST_F(Threshold, SingleIsTheSearchOfEveryScore) {
    support::random random(7);
    const std::size_t n = 300;
    floats s(n);
    bytes of_rows(n);
    for (std::size_t row = 0; row < n; row++) {
        s[row] = static_cast<float>(random.below(64));
        of_rows[row] = static_cast<float>(random.below(64)) < s[row];
    }
    floats edges = s;
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    avocet::grid_options options;
    options.bins = edges.size() + 1;
    options.score_edges = edges;
    const avocet::grid fine = check(avocet::grid::create(options));
    avocet::buckets buckets = check(avocet::buckets::create(fine));
    const avocet::threshold_rows of{s, s, of_rows};
    check(buckets.add(of, workspace));
    using avocet::objective;
    for (const objective &each :
         {objective::recall_under_precision({3, 4}), objective::precision_under_recall({1, 2}), objective::f_beta(),
          objective::utility({2, -3, 0, 0}), objective::at_most(100), objective::recall_under_wilson({3, 5})}) {
        ids bin(1);
        floats limit(1);
        const auto wanted =
            check(avocet::threshold_search(buckets, each, {avocet::search_method::single}, bin, workspace));
        check(fine.thresholds(bin, limit));
        const auto found = check(avocet::threshold_single(of, each));
        EXPECT_EQ(found.threshold, limit[0]);
        EXPECT_EQ(found.solution.passing.positive, wanted.passing.positive);
        EXPECT_EQ(found.solution.passing.negative, wanted.passing.negative);
        EXPECT_GT(wanted.passing.positive, 0u);
    }
}

TEST_F(Threshold, Frontier) {
    const words p{1, 3, 0, 4}, n{3, 1, 4, 0};
    words most(5);
    EXPECT_EQ(check(avocet::threshold_frontier({2, 2, p, n}, most, workspace)), 4u);
    EXPECT_EQ(most, (words{0, 4, 7, 8, 8}));
    most.resize(1);
    EXPECT_EQ(check(avocet::threshold_frontier({2, 0, words(), words()}, most, workspace)), 0u);
}

TEST_F(Threshold, Isotonic) {
    // Shares of 1, 1/3 and 1 fall once: the first two cells are one block. Cells without weight have what is below.
    const words p{2, 1, 0, 3, 0, 0, 0, 0}, n{0, 2, 0, 0, 0, 0, 0, 0};
    floats values(8, 7);
    check(avocet::threshold_isotonic({2, 4, p, n}, values, workspace));
    EXPECT_EQ((floats(values.begin(), values.begin() + 4)), (floats{0.6f, 0.6f, 0.6f, 1}));
    for (std::size_t cell = 4; cell < 8; cell++) {
        EXPECT_TRUE(std::isnan(values[cell])) << cell;
    }
    // Of buckets, for the rows that they were made of.
    const avocet::buckets buckets = counted(rows);
    values.resize(buckets.levels() * buckets.bins());
    check(avocet::threshold_isotonic(buckets, values, workspace));
    floats out(scores.size());
    check(avocet::threshold_calibrate(grid, values, scores, uncertainties, out));
    EXPECT_EQ((floats(out.begin(), out.end() - 1)), (floats{0, 0.5f, 0, 1, 1, 0, 0.5f}));
    EXPECT_TRUE(std::isnan(out.back()));
    check(avocet::threshold_isotonic({2, 0, words(), words()}, {}, workspace));
}

TEST_F(Threshold, CellsOfASegmentAndOfWeights) {
    avocet::threshold_rows by_segment = rows;
    by_segment.segments = segments;
    const avocet::buckets buckets = counted(by_segment, 2);
    ids thresholds{0, 0};
    const auto all = [&](std::size_t segment, tally held) {
        const auto passing = check(avocet::threshold_passing({buckets, segment, held}, thresholds));
        return words{passing.positive, passing.negative};
    };
    EXPECT_EQ(all(0, tally::counts), (words{2, 2}));
    EXPECT_EQ(all(1, tally::counts), (words{1, 2}));
    EXPECT_EQ(all(1, tally::weights), (words{1 << 19, 2 << 19}));
    const auto found = check(avocet::threshold_search({buckets, 1, tally::weights},
                                                      avocet::objective::recall_under_precision({1, 1}), {}, thresholds,
                                                      workspace));
    EXPECT_EQ(found.passing.positive, 1u << 19);
    EXPECT_EQ(found.passing.negative, 0u);
}

TEST_F(Threshold, DecisionsCellsAndValues) {
    const floats limits{0, 1};
    bytes flags(8, 7);
    check(avocet::threshold_decide(grid, limits, scores, uncertainties, flags));
    EXPECT_EQ(flags, (bytes{0, 1, 0, 1, 1, 0, 1, 0}));
    words bits(1, 7);
    check(avocet::threshold_decide_bits(grid, limits, scores, uncertainties, bits));
    EXPECT_EQ(bits, (words{0x5a}));
    ids places(8);
    check(avocet::threshold_cells(grid, scores, uncertainties, places));
    EXPECT_EQ(places, (ids{0, 1, 4, 5, 5, 4, 2, 6}));
    floats values(8);
    check(avocet::threshold_calibrate(grid, floats{0, 1, 2, 3, 4, 5}, scores, uncertainties, values));
    EXPECT_TRUE(std::isnan(values[7]));
    for (std::size_t row = 0; row < 7; row++) {
        EXPECT_EQ(values[row], static_cast<float>(places[row]));
    }
    check(avocet::threshold_decide(grid, limits, {}, {}, {}));
    check(avocet::threshold_decide_bits(grid, limits, {}, {}, {}));
    check(avocet::threshold_cells(grid, {}, {}, {}));
    check(avocet::threshold_calibrate(grid, floats(6), {}, {}, {}));
}

TEST_F(Threshold, BitsAreTheFlags) {
    support::random random(5);
    const floats limits{0.25f, -0.25f};
    const avocet::pool pool = check(avocet::pool::create(2));
    for (const std::size_t n : {1u, 63u, 64u, 65u, 1000u}) {
        const floats s = random.values(n), u = random.values(n);
        bytes flags(n);
        words bits((n + 63) / 64, ~std::uint64_t{});
        check(avocet::threshold_decide(grid, limits, s, u, flags));
        check(avocet::threshold_decide_bits(grid, limits, s, u, bits, &pool));
        for (std::size_t row = 0; row < 64 * bits.size(); row++) {
            const bool wanted = row < n && s[row] >= limits[u[row] >= 0.5f];
            EXPECT_EQ(bits[row / 64] >> row % 64 & 1, wanted);
            EXPECT_TRUE(row >= n || flags[row] == wanted);
        }
    }
}

TEST_F(Threshold, BinnedCurveAndAreas) {
    const words p{0, 1, 2}, n{1, 2, 1};
    std::vector<avocet::curve_point> points(4);
    check(avocet::binned_curve(p, n, points));
    EXPECT_EQ(points[0].true_positives, 3u);
    EXPECT_EQ(points[0].false_positives, 4u);
    EXPECT_EQ(points[3].true_positives, 0u);
    EXPECT_DOUBLE_EQ(points[2].recall, 2.0 / 3);
    EXPECT_DOUBLE_EQ(points[2].precision, 2.0 / 3);
    EXPECT_EQ(points[2].false_positive_rate, 0.25);
    EXPECT_TRUE(std::isnan(points[3].precision));
    const avocet::area auc = check(avocet::binned_auc(p, n));
    EXPECT_DOUBLE_EQ(auc.lower, 7.0 / 12);
    EXPECT_DOUBLE_EQ(auc.tied, 9.0 / 12);
    EXPECT_DOUBLE_EQ(auc.upper, 11.0 / 12);
    const avocet::area precision = check(avocet::binned_average_precision(p, n));
    EXPECT_DOUBLE_EQ(precision.tied, (2 * (2.0 / 3) + 3.0 / 6) / 3);
    EXPECT_DOUBLE_EQ(precision.lower, (1.0 / 2 + 2.0 / 3 + 3.0 / 6) / 3);
    // Of ever smaller weights the first positive behind a negative has no precision.
    EXPECT_LT(check(avocet::binned_average_precision(p, n, tally::weights)).lower, precision.lower);
    points.resize(1);
    check(avocet::binned_curve({}, {}, points));
    EXPECT_EQ(points[0].true_positives, 0u);
    EXPECT_TRUE(std::isnan(check(avocet::binned_auc({}, {})).tied));
}

TEST_F(Threshold, Bootstrap) {
    const floats limits{0, 1};
    // The row apart is a positive that no threshold selects.
    const auto [recall, precision] = check(avocet::threshold_bootstrap(grid, limits, rows, {}));
    EXPECT_EQ(recall.value, 0.75);
    EXPECT_EQ(precision.value, 0.75);
    EXPECT_LE(recall.count, 200u);
    EXPECT_GT(recall.count, 150u);
    EXPECT_LT(recall.low, 0.75);
    EXPECT_GT(recall.high, 0.75);
    EXPECT_EQ(check(avocet::binned_bootstrap(grid, avocet::figure::auc, rows, {})).value, 0.75);
    const avocet::bootstrap_options more{3, 400, 0.5}, same_seed{0, 200, 0.5};
    const avocet::pool pool = check(avocet::pool::create(3));
    const auto figure = avocet::figure::average_precision;
    const avocet::interval one = check(avocet::binned_bootstrap(grid, figure, rows, more));
    const avocet::interval pooled = check(avocet::binned_bootstrap(grid, figure, rows, more, &pool));
    EXPECT_EQ(one.low, pooled.low);
    EXPECT_EQ(one.high, pooled.high);
    EXPECT_EQ(one.count, pooled.count);
    // A smaller share of the same replicates lies in a narrower interval.
    const avocet::interval narrow = check(avocet::threshold_bootstrap(grid, limits, rows, same_seed)).recall;
    EXPECT_LT(narrow.high - narrow.low, recall.high - recall.low);
}

TEST_F(Threshold, Uncertainties) {
    const floats ensemble{1, 2, 3, 5, 5, 5};
    floats mean(2), variance(2), entropy(2);
    check(avocet::uncertainty_moments({ensemble, 2, 3}, avocet::variance_of::population, mean, variance));
    EXPECT_EQ(mean, (floats{2, 5}));
    EXPECT_FLOAT_EQ(variance[0], 2.0f / 3);
    EXPECT_EQ(variance[1], 0);
    check(avocet::uncertainty_moments({ensemble, 2, 3}, avocet::variance_of::sample, mean, variance));
    EXPECT_EQ(variance[0], 1);
    mean = {7, 7};
    check(avocet::uncertainty_moments({ensemble, 2, 2, 3}, avocet::variance_of::sample, mean, {}));
    EXPECT_EQ(mean, (floats{1.5f, 5}));
    check(avocet::uncertainty_beta(floats{1, 2}, floats{1, 1}, mean, entropy));
    EXPECT_FLOAT_EQ(mean[1], 2.0f / 3);
    EXPECT_NEAR(entropy[0], 0, 1e-7);
    EXPECT_NEAR(entropy[1], 0.5 - std::log(2.0), 1e-7);  // density 2x
    check(avocet::uncertainty_beta(floats{1, 2}, floats{1, 1}, {}, {}));
    floats of_p(3);
    check(avocet::uncertainty_entropy(floats{0, 0.5f, 1}, of_p));
    EXPECT_EQ(of_p[0], 0);
    EXPECT_FLOAT_EQ(of_p[1], std::log(2.0f));
    EXPECT_EQ(of_p[2], 0);
    check(avocet::uncertainty_entropy({}, {}));
}

TEST_F(Threshold, EdgesOfSamples) {
    floats edges(3);
    avocet::grid_options options;
    options.bins = 4;
    options.score_kind = avocet::edges::uniform;
    options.score_high = 1;
    check(check(avocet::grid::create(options)).score_edges(0, edges));
    EXPECT_EQ(edges, (floats{0.25f, 0.5f, 0.75f}));
    const floats sample{5, 1, 4, 2, 8, 7, 3, 6}, doubts{0, 0, 1, 0, 1, 1, 0, 1};
    options.score_kind = avocet::edges::quantiles;
    options.scores = sample;
    check(check(avocet::grid::create(options)).score_edges(0, edges));
    EXPECT_EQ(edges, (floats{3, 5, 7}));
    // Of one row that has all the weight.
    const floats one_counts{0, 0, 0, 0, 1, 0, 0, 0};
    options.weights = one_counts;
    check(check(avocet::grid::create(options)).score_edges(0, edges));
    EXPECT_EQ(edges, (floats{8, 8, 8}));
    // Each level has its own: those of 1, 2, 3, 5 and of 4, 6, 7, 8.
    options.weights.reset();
    options.levels = 2;
    options.bins = 2;
    options.level_kind = avocet::edges::quantiles;
    options.score_kind = avocet::edges::nested;
    options.uncertainties = doubts;
    const avocet::grid nested = check(avocet::grid::create(options));
    EXPECT_TRUE(nested.is_nested());
    edges.resize(1);
    check(nested.score_edges(0, edges));
    EXPECT_EQ(edges, (floats{3}));
    check(nested.score_edges(1, edges));
    EXPECT_EQ(edges, (floats{7}));
    // A quarter from above; all below is in the lowest bin.
    options.top = 0.25;
    check(check(avocet::grid::create(options)).score_edges(1, edges));
    EXPECT_EQ(edges, (floats{8}));
    // Bins between two values, whose ends are edges.
    options.top = 1;
    options.bins = 4;
    options.refine_bins = 2;
    options.refine_low = 2.5f;
    options.refine_high = 6.5f;
    edges.resize(3);
    check(check(avocet::grid::create(options)).score_edges(0, edges));
    EXPECT_EQ(edges[0], 2.5f);
    EXPECT_EQ(edges[2], 6.5f);
}

// The types of labels and segments, bools among them, and every way to split rows, give the same bits.
TEST_F(Threshold, MergedAndAddedAreTheSame) {
    support::random random(6);
    const std::size_t n = 3000;
    const floats s = random.values(n), u = random.values(n);
    floats w = random.values(n), f32(n);
    bytes u8(n);
    std::vector<std::int8_t> i8(n);
    const auto bools = std::make_unique<bool[]>(n);
    std::vector<std::uint16_t> u16(n);
    ids u32(n);
    for (std::size_t row = 0; row < n; row++) {
        w[row] = std::fabs(w[row]);
        const std::uint32_t label = random.below(2);
        f32[row] = static_cast<float>(label);
        u8[row] = static_cast<std::uint8_t>(label);
        i8[row] = static_cast<std::int8_t>(label);
        bools[row] = label == 1;
        u32[row] = random.below(2);
        u16[row] = static_cast<std::uint16_t>(u32[row]);
    }
    const bytes whole = saved(counted({s, u, f32, w, u32}, 2));
    const avocet::pool pool = check(avocet::pool::create(3));
    const avocet::labels all_labels[] = {u8, i8, {bools.get(), n}};
    for (const avocet::labels &labels_of_type : all_labels) {
        avocet::buckets buckets = check(avocet::buckets::create(grid, 2));
        check(buckets.add({s, u, labels_of_type, w, u16}, workspace, &pool));
        EXPECT_EQ(saved(buckets), whole);
    }
    avocet::buckets merged = check(avocet::buckets::create(grid, 2));
    const std::size_t cuts[] = {0, 1, 1000, 2999, n};
    for (std::size_t part = 0; part < 4; part++) {
        const std::size_t from = cuts[part], len = cuts[part + 1] - from;
        const avocet::array_view<const float> of_weights(&w[from], len);
        check(merged.merge(counted(
            {{&s[from], len}, {&u[from], len}, {&i8[from], len}, of_weights, avocet::segments(&u16[from], len)}, 2)));
    }
    EXPECT_EQ(saved(merged), whole);
    // What was added can be taken away, down to nothing.
    const avocet::buckets same = check(avocet::buckets::load(whole));
    check(merged.merge(same));
    EXPECT_NE(saved(merged), whole);
    check(merged.subtract(same));
    EXPECT_EQ(saved(merged), whole);
    const bytes nothing = saved(check(avocet::buckets::create(grid, 2)));
    check(merged.subtract(same));
    EXPECT_EQ(saved(merged), nothing);
    check(merged.merge(same));
    merged.clear();
    EXPECT_EQ(saved(merged), nothing);
}

TEST_F(Threshold, BucketsGoOnWhenLoaded) {
    avocet::buckets buckets = counted(rows);
    avocet::buckets loaded = check(avocet::buckets::load(saved(buckets)));
    EXPECT_EQ(loaded.levels(), 2u);
    EXPECT_EQ(loaded.bins(), 3u);
    for (avocet::buckets *each : {&buckets, &loaded}) {
        check(each->add(rows, workspace));
    }
    EXPECT_EQ(saved(loaded), saved(buckets));
    EXPECT_EQ(loaded.apart(), 2u);
    const avocet::grid same = check(loaded.grid());
    floats edges(2);
    check(same.score_edges(0, edges));
    EXPECT_EQ(edges, (floats{0, 1}));
    // Of no rows, and of segments without elements.
    check(loaded.add({{}, {}, bytes()}, workspace));
    avocet::buckets two = check(avocet::buckets::create(same, 2));
    check(two.add({{}, {}, bytes(), {}, ids()}, workspace));
    check(two.add({{}, {}, bytes(), {}, avocet::segments(ids())}, workspace));
}

TEST_F(Threshold, BucketsOfAHandleOfC) {
    avocet_buckets *handle = nullptr;
    ASSERT_EQ(avocet_buckets_create(grid.c_handle(), 3, &handle, nullptr), AVOCET_OK);
    const avocet::buckets adopted(handle);
    EXPECT_EQ(adopted.levels(), 2u);
    EXPECT_EQ(adopted.bins(), 3u);
    EXPECT_EQ(adopted.segments(), 3u);
}

TEST_F(Threshold, GrowsTheWorkspace) {
    const std::size_t n = 2000;
    const floats zeros(n);
    avocet::workspace small = check(avocet::workspace::create());
    avocet::buckets buckets = check(avocet::buckets::create(grid));
    check(buckets.add({zeros, zeros, zeros}, small));
    EXPECT_GT(small.bytes(), 0u);
    check(buckets.cells(0, tally::counts, positive, negative));
    EXPECT_EQ(negative, (words{0, n, 0, 0, 0, 0}));
    EXPECT_EQ(positive, words(6));
}

TEST_F(Threshold, ClosedOrMovedFrom) {
    avocet::grid open_grid = two_by_three();
    const avocet::grid moved_grid = std::move(open_grid);
    EXPECT_EQ(moved_grid.bins(), 3u);
    avocet::grid never_opened, was_closed = two_by_three();
    was_closed.close();
    was_closed.close();
    ids thresholds;
    for (const avocet::grid *closed : {&open_grid, &never_opened, &was_closed}) {
        EXPECT_FALSE(*closed);
        EXPECT_EQ(closed->levels() + closed->bins(), 0u);
        EXPECT_FALSE(closed->is_nested());
        CLOSED(closed->level_edges({}), 1, "grid");
        CLOSED(closed->score_edges(0, {}), 1, "grid");
        CLOSED(closed->thresholds({}, {}), 1, "grid");
        CLOSED(avocet::buckets::create(*closed).error(), 1, "grid");
        CLOSED(avocet::threshold_decide(*closed, {}, {}, {}, {}), 1, "grid");
        CLOSED(avocet::threshold_decide_bits(*closed, {}, {}, {}, {}), 1, "grid");
        CLOSED(avocet::threshold_calibrate(*closed, {}, {}, {}, {}), 1, "grid");
        CLOSED(avocet::threshold_cells(*closed, {}, {}, {}), 1, "grid");
        CLOSED(avocet::threshold_bootstrap(*closed, {}, {}, {}).error(), 1, "grid");
        CLOSED(avocet::binned_bootstrap(*closed, avocet::figure::auc, {}, {}).error(), 1, "grid");
    }
    avocet::buckets open = counted(rows);
    avocet::buckets moved = std::move(open);
    EXPECT_EQ(moved.levels(), 2u);
    avocet::buckets never_made, closed_one = counted(rows);
    closed_one.close();
    closed_one.close();
    for (avocet::buckets *closed : {&open, &never_made, &closed_one}) {
        EXPECT_FALSE(*closed);
        EXPECT_EQ(closed->levels() + closed->bins() + closed->segments() + closed->apart() + closed->saved_bytes(), 0u);
        closed->clear();
        CLOSED(closed->add({{}, {}, bytes()}, workspace), 1, "buckets");
        CLOSED(closed->merge(moved), 1, "buckets");
        CLOSED(moved.merge(*closed), 2, "other");
        CLOSED(closed->subtract(moved), 1, "buckets");
        CLOSED(moved.subtract(*closed), 2, "other");
        CLOSED(closed->cells(0, tally::counts, {}, {}), 1, "buckets");
        CLOSED(closed->score_bins(0, tally::counts, {}, {}), 1, "buckets");
        CLOSED(closed->save({}), 1, "buckets");
        CLOSED(closed->grid().error(), 1, "buckets");
        const auto objective = avocet::objective::at_most(1);
        CLOSED(avocet::threshold_search(*closed, objective, {}, thresholds, workspace).error(), 1, "cells.buckets");
        CLOSED(avocet::threshold_frontier(*closed, {}, workspace).error(), 1, "cells.buckets");
        CLOSED(avocet::threshold_isotonic(*closed, {}, workspace), 1, "cells.buckets");
        CLOSED(avocet::threshold_passing(*closed, {}).error(), 1, "cells.buckets");
    }
}

TEST_F(Threshold, SharedWithReadersWhileTheirOwnerLetsGo) {
    auto shared = std::make_shared<const avocet::buckets>(counted(rows));
    std::vector<std::thread> readers;
    std::vector<ids> found(4, ids(2));
    for (ids &thresholds : found) {
        readers.emplace_back([shared, &thresholds] {
            avocet::workspace own = check(avocet::workspace::create());
            for (int call = 0; call < 200; call++) {
                check(avocet::threshold_search(*shared, avocet::objective::recall_under_precision({3, 4}), {},
                                               thresholds, own));
            }
        });
    }
    shared.reset();
    for (std::thread &reader : readers) {
        reader.join();
    }
    EXPECT_EQ(found, std::vector<ids>(4, ids{1, 2}));
}

}  // namespace
