/// How far chance can move figures of thresholds and of score bins.

#ifndef AVOCET_THRESHOLD_BOOTSTRAP_HPP
#define AVOCET_THRESHOLD_BOOTSTRAP_HPP

#include <avocet/call.hpp>
#include <avocet/grid.hpp>
#include <avocet/pool.hpp>
#include <avocet/result.hpp>
#include <avocet/threshold_rows.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Options of a bootstrap. A zero is a zero here.
struct bootstrap_options {
    /// Chooses the random weights.
    std::uint64_t seed = 0;
    /// How often the rows are drawn, 1 to 1000000.
    std::size_t replicates = 200;
    /// The share of replicates within an interval, in (0, 1).
    double confidence = 0.95;
};

/// A figure (value), where chance can move it (low and high), and of how many replicates that is (count).
using interval = avocet_interval;

/// What threshold_bootstrap() gives.
struct threshold_intervals {
    interval recall{};
    interval precision{};
};

/// A figure of score bins.
enum class figure : std::int32_t {
    /// As binned_auc().
    auc = AVOCET_FIGURE_AUC,
    /// As binned_average_precision().
    average_precision = AVOCET_FIGURE_AVERAGE_PRECISION,
};

namespace detail {

/// bootstrap_options in the form of C, the fourth argument of its functions.
inline avocet_bootstrap_options c_options(const bootstrap_options &options, call &call) noexcept {
    // What C takes for the default.
    if (options.replicates == 0) {
        call.refuse_real(status::invalid_argument, 4, "options.replicates", 0);
    }
    if (options.confidence == 0) {
        call.refuse_real(status::invalid_argument, 4, "options.confidence", 0);
    }
    avocet_bootstrap_options c{};
    c.struct_size = sizeof c;
    c.seed = options.seed;
    c.replicates = options.replicates;
    c.confidence = options.confidence;
    return c;
}

}  // namespace detail

/// Recall and precision of threshold_decide(), with percentile intervals: in each replicate a row counts as often as a
/// Poisson variate of mean one says. thresholds has a score for each level; the rows have no segments. Allocates 8
/// bytes a row.
/// C: avocet_threshold_bootstrap
inline result<threshold_intervals> threshold_bootstrap(const avocet::grid &grid, array_view<const float> thresholds,
                                                       const threshold_rows &rows, const bootstrap_options &options,
                                                       const avocet::pool *pool = nullptr) noexcept {
    const avocet_threshold_rows c_rows = detail::c_rows(rows);
    detail::call call;
    call.open(grid, 1, "grid").length(thresholds, grid.levels(), 2, "thresholds");
    detail::uncertain_row_lengths(call, rows, 3);
    const avocet_bootstrap_options c_options = detail::c_options(options, call);
    threshold_intervals out;
    const error outcome = call.open(pool, 7, "pool").run([&](avocet_error *e) {
        return avocet_threshold_bootstrap(grid.c_handle(), thresholds.data(), &c_rows, &c_options, &out.recall,
                                          &out.precision, detail::pointer(pool), e);
    });
    return outcome ? result<threshold_intervals>(outcome) : result<threshold_intervals>(out);
}

/// A figure of the score bins of rows with its interval, as threshold_bootstrap(); rows that count apart do not count
/// at all. Not of a nested grid.
/// C: avocet_binned_bootstrap
inline result<interval> binned_bootstrap(const avocet::grid &grid, avocet::figure figure, const threshold_rows &rows,
                                         const bootstrap_options &options,
                                         const avocet::pool *pool = nullptr) noexcept {
    const avocet_threshold_rows c_rows = detail::c_rows(rows);
    detail::call call;
    detail::uncertain_row_lengths(call.open(grid, 1, "grid"), rows, 3);
    const avocet_bootstrap_options c_options = detail::c_options(options, call);
    interval out{};
    const error outcome = call.open(pool, 6, "pool").run([&](avocet_error *e) {
        return avocet_binned_bootstrap(grid.c_handle(), static_cast<std::int32_t>(figure), &c_rows, &c_options, &out,
                                       detail::pointer(pool), e);
    });
    return outcome ? result<interval>(outcome) : result<interval>(out);
}

}  // namespace v1
}  // namespace avocet

#endif
