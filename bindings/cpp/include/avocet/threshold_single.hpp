/// The best single threshold over the scores of rows themselves.

#ifndef AVOCET_THRESHOLD_SINGLE_HPP
#define AVOCET_THRESHOLD_SINGLE_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>
#include <avocet/result.hpp>
#include <avocet/threshold_rows.hpp>
#include <avocet/threshold_search.hpp>

namespace avocet {
inline namespace v1 {

/// What threshold_single() found.
struct single_solution {
    /// The least score that passes; infinity lets none pass, not even a score of infinity.
    float threshold = 0;
    /// In rows, or with weights in units of 2^-20. Its bound holds for single thresholds.
    avocet::solution solution{};
};

/// The best single threshold for an objective over the distinct scores of rows, exactly. The rows need no uncertainties
/// and have no segments; for Wilson's bound they have no weights. Without an answer nothing passes, and that is the
/// solution's outcome, as of threshold_search(). Allocates 4 MiB for each thread, and some more.
/// C: avocet_threshold_single
inline result<single_solution> threshold_single(const threshold_rows &rows, const avocet::objective &objective,
                                                const avocet::pool *pool = nullptr) noexcept {
    const avocet_threshold_rows c = detail::c_rows(rows);
    single_solution made;
    avocet_solution found{};
    detail::call call;
    const error outcome = detail::row_lengths(call, rows, 1).open(pool, 5, "pool").run([&](avocet_error *e) {
        return avocet_threshold_single(&c, &objective.c_objective(), &made.threshold, &found, detail::pointer(pool),
                                       e);
    });
    made.solution = detail::solution_of(outcome, found);
    return detail::searched(outcome) ? result<single_solution>(made) : result<single_solution>(outcome);
}

}  // namespace v1
}  // namespace avocet

#endif
