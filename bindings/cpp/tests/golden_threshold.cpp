// Golden vectors of grids, buckets, thresholds, binned curves and uncertainties: seeds 31 to 33 and 40.

#include "golden.hpp"

namespace support {

namespace {

using avocet::check;
using words64 = std::vector<std::uint64_t>;

floats magnitudes(random &random, std::size_t n) {
    floats out = random.values(n);
    for (float &each : out) {
        each = std::fabs(each);
    }
    return out;
}

/// The lower halves.
ids narrow(const words64 &words) {
    ids out;
    for (const std::uint64_t word : words) {
        out.push_back(static_cast<std::uint32_t>(word));
    }
    return out;
}

void add_buckets(vectors &found, const avocet::pool *pool, avocet::workspace &workspace) {
    random random(31);
    const std::size_t n = 5000;
    const floats scores = random.values(n), uncertainties = magnitudes(random, n), weights = magnitudes(random, n);
    std::vector<std::uint8_t> labels(n);
    for (std::uint8_t &label : labels) {
        label = static_cast<std::uint8_t>(random.below(2));
    }
    ids segments(n);
    for (std::uint32_t &segment : segments) {
        segment = random.below(3);
    }
    avocet::grid_options options;
    options.levels = 7;
    options.bins = 11;
    options.level_kind = avocet::edges::quantiles;
    options.score_kind = avocet::edges::nested;
    options.top = 0.75;
    options.scores = scores;
    options.uncertainties = uncertainties;
    options.weights = weights;
    const avocet::grid nested = check(avocet::grid::create(options, pool));
    floats level_edges(6), of_level(10), score_edges;
    check(nested.level_edges(level_edges));
    for (std::size_t level = 0; level < 7; level++) {
        check(nested.score_edges(level, of_level));
        score_edges.insert(score_edges.end(), of_level.begin(), of_level.end());
    }
    found.add("grid_nested", {&level_edges, &score_edges});

    options = {};
    options.levels = 5;
    options.bins = 20;
    options.level_kind = avocet::edges::uniform;
    options.level_high = 1;
    options.score_kind = avocet::edges::quantiles;
    options.scores = scores;
    const avocet::grid grid = check(avocet::grid::create(options, pool));
    score_edges.resize(19);
    check(grid.score_edges(0, score_edges));
    avocet::buckets table = check(avocet::buckets::create(grid, 3));
    avocet::threshold_rows rows{scores, uncertainties, labels, weights, segments};
    check(table.add(rows, workspace, pool));
    std::vector<std::uint8_t> bytes(table.saved_bytes());
    check(table.save(bytes));
    ids words(bytes.size() / 4);  // bytes come in fours
    std::memcpy(words.data(), bytes.data(), bytes.size());
    found.add("buckets", {&score_edges}, {&words});

    const floats thresholds = random.values(5), of_cells = random.values(100);
    floats out(n);
    ids places(n);
    words64 bits((n + 63) / 64);
    check(avocet::threshold_calibrate(grid, of_cells, scores, uncertainties, out, pool));
    check(avocet::threshold_cells(grid, scores, uncertainties, places, pool));
    check(avocet::threshold_decide_bits(grid, thresholds, scores, uncertainties, bits, pool));
    ids halves(2 * bits.size());
    std::memcpy(halves.data(), bits.data(), 8 * bits.size());
    found.add("decisions", {&out}, {&places, &halves});

    rows.segments.reset();
    const avocet::bootstrap_options draws{9, 50, 0.9};
    const auto [recall, precision] = check(avocet::threshold_bootstrap(grid, thresholds, rows, draws, pool));
    const avocet::interval all[] = {
        recall, precision, check(avocet::binned_bootstrap(grid, avocet::figure::auc, rows, draws, pool)),
        check(avocet::binned_bootstrap(grid, avocet::figure::average_precision, rows, draws, pool))};
    ids counts;
    std::vector<double> ends;
    for (const avocet::interval &each : all) {
        counts.push_back(static_cast<std::uint32_t>(each.count));
        ends.insert(ends.end(), {each.value, each.low, each.high});
    }
    found.add("bootstrap", {}, {&counts}, ends);
}

void add_searches(vectors &found, avocet::workspace &workspace) {
    random random(32);
    const std::size_t levels = 6, bins = 25;
    const auto draw = [&](std::size_t limit) {
        words64 out(levels * bins);
        for (std::uint64_t &each : out) {
            each = random.below(limit);
        }
        return out;
    };
    const words64 positive = draw(20), negative = draw(30), equal = draw(9);
    using avocet::objective;
    const objective objectives[] = {objective::recall_under_precision({2, 5}),
                                    objective::precision_under_recall({1, 2}),
                                    objective::f_beta(),
                                    objective::utility({3, -2, 0, 0}),
                                    objective::at_most(1000),
                                    objective::recall_under_wilson({1, 3})};
    using avocet::search_method;
    using avocet::threshold_shape;
    const struct {
        const char *name;
        avocet::search_options options;
        std::size_t count;
    } searches[] = {
        {"search_exact", {}, 6},
        {"search_single", {search_method::single}, 6},
        {"search_mist", {search_method::mist}, 2},
        {"search_monotone", {search_method::exact, threshold_shape::non_decreasing}, 6},
    };
    for (const auto &[name, options, count] : searches) {
        ids words, thresholds(levels);
        for (std::size_t at = 0; at < count; at++) {
            const avocet::solution solution = check(avocet::threshold_search(
                {levels, bins, positive, negative}, objectives[at], options, thresholds, workspace));
            EXPECT_EQ(solution.outcome, avocet::search_outcome::found) << name;
            words.insert(words.end(), thresholds.begin(), thresholds.end());
            const ids found_here = narrow({solution.passing.positive, solution.bound.positive,
                                           solution.passing.negative, solution.proven});
            words.insert(words.end(), found_here.begin(), found_here.end());
        }
        found.add(name, {}, {&words});
    }

    words64 rest(equal.size()), most(equal.size() + 1);
    for (std::size_t at = 0; at < equal.size(); at++) {
        rest[at] = 8 - equal[at];
    }
    EXPECT_EQ(check(avocet::threshold_frontier({levels, bins, equal, rest}, most, workspace)), 8u);
    const ids frontier = narrow(most);
    found.add("frontier", {}, {&frontier});
    floats shares(positive.size());
    check(avocet::threshold_isotonic({levels, bins, positive, negative}, shares, workspace));
    found.add("isotonic", {&shares});

    std::vector<avocet::curve_point> points(positive.size() + 1);
    check(avocet::binned_curve(positive, negative, points));
    words64 counts;
    std::vector<double> figures;
    for (const avocet::curve_point &point : points) {
        counts.insert(counts.end(), {point.true_positives, point.false_positives});
        figures.insert(figures.end(), {point.recall, point.precision, point.false_positive_rate});
    }
    figures.resize(3 * positive.size());  // without those of the last point, where nothing is selected
    const avocet::area areas[] = {
        check(avocet::binned_auc(positive, negative)), check(avocet::binned_average_precision(positive, negative)),
        check(avocet::binned_average_precision(positive, negative, avocet::tally::weights))};
    for (const avocet::area &area : areas) {
        figures.insert(figures.end(), {area.lower, area.tied, area.upper});
    }
    const ids selected = narrow(counts);
    found.add("binned_curve", {}, {&selected}, figures);
}

void add_single(vectors &found, const avocet::pool *pool) {
    random random(40);
    const std::size_t n = 20000;
    const floats scores = random.values(n), weights = magnitudes(random, n);
    std::vector<std::uint8_t> labels(n);
    for (std::uint8_t &label : labels) {
        label = static_cast<std::uint8_t>(random.below(2));
    }
    avocet::threshold_rows rows{scores, {}, labels};
    using avocet::objective;
    const objective objectives[] = {objective::recall_under_precision({2, 5}),
                                    objective::precision_under_recall({1, 2}), objective::f_beta()};
    floats thresholds;
    ids halves;
    for (const bool weighted : {false, true}) {
        if (weighted) {
            rows.weights = weights;
        }
        for (const objective &each : objectives) {
            const auto [threshold, solution] = check(avocet::threshold_single(rows, each, pool));
            EXPECT_EQ(solution.outcome, avocet::search_outcome::found);
            thresholds.push_back(threshold);
            for (const std::uint64_t sum : {solution.passing.positive, solution.passing.negative}) {
                halves.insert(halves.end(), {static_cast<std::uint32_t>(sum), static_cast<std::uint32_t>(sum >> 32)});
            }
        }
    }
    found.add("threshold_single", {&thresholds}, {&halves});
}

void add_uncertainties(vectors &found, const avocet::pool *pool) {
    random random(33);
    const std::size_t n = 5000, m = 7;
    const floats ensemble = random.values(n * m);
    floats a = magnitudes(random, n), b = magnitudes(random, n), mean(n), other(n);
    const floats p = magnitudes(random, n);
    for (floats *each : {&a, &b}) {
        for (float &value : *each) {
            value = value * 32 + 0.5f;
        }
    }
    check(avocet::uncertainty_moments({ensemble, n, m}, avocet::variance_of::sample, mean, other, pool));
    found.add("uncertainty_moments", {&mean, &other});
    check(avocet::uncertainty_beta(a, b, mean, other, pool));
    found.add("uncertainty_beta", {&mean, &other});
    check(avocet::uncertainty_entropy(p, mean, pool));
    found.add("uncertainty_entropy", {&mean});
}

}  // namespace

void add_threshold_cases(vectors &found, const avocet::pool *pool, avocet::workspace &workspace) {
    add_buckets(found, pool, workspace);
    add_searches(found, workspace);
    add_single(found, pool);
    add_uncertainties(found, pool);
}

}  // namespace support
