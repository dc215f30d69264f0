/// Thresholds by level of uncertainty that are best for an objective.

#ifndef AVOCET_THRESHOLD_SEARCH_HPP
#define AVOCET_THRESHOLD_SEARCH_HPP

#include <avocet/buckets.hpp>
#include <avocet/call.hpp>
#include <avocet/result.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace avocet {
inline namespace v1 {

namespace detail {

class c_cells;

}  // namespace detail

/// Positive and negative weight by level of uncertainty and bin of score. Views arrays, or a segment of buckets.
class cells {
  public:
    /// None.
    cells() noexcept = default;

    /// Of arrays, levels * bins values each: level after level, within a level by ascending score.
    cells(std::size_t levels, std::size_t bins, array_view<const std::uint64_t> positive,
          array_view<const std::uint64_t> negative) noexcept
        : levels_(levels), bins_(bins), positive_(positive), negative_(negative) {}

    /// Of a segment of buckets.
    cells(const avocet::buckets &buckets, std::size_t segment = 0, tally held = tally::counts) noexcept
        : levels_(buckets.levels()), bins_(buckets.bins()), buckets_(&buckets), segment_(segment), held_(held) {}
    cells(const avocet::buckets &&, std::size_t = 0, tally = tally::counts) = delete;

    std::size_t levels() const noexcept { return levels_; }
    std::size_t bins() const noexcept { return bins_; }

  private:
    friend class detail::c_cells;

    std::size_t levels_ = 0;
    std::size_t bins_ = 0;
    array_view<const std::uint64_t> positive_{};
    array_view<const std::uint64_t> negative_{};
    const avocet::buckets *buckets_ = nullptr;
    std::size_t segment_ = 0;
    tally held_ = tally::counts;
};

namespace detail {

/// cells in the form of C, the first argument of its functions.
class c_cells {
  public:
    c_cells(const cells &cells, call &call) noexcept {
        c_.struct_size = sizeof c_;
        if (cells.buckets_ != nullptr) {
            c_.buckets = cells.buckets_->c_handle();
            c_.segment = cells.segment_;
            c_.weights = static_cast<std::int32_t>(cells.held_);
            call.open(cells.buckets_, 1, "cells.buckets");
            return;
        }
        c_.levels = cells.levels_;
        c_.bins = cells.bins_;
        c_.positive = cells.positive_.data();
        c_.negative = cells.negative_.data();
        // C refuses more than any memory holds, with a better error.
        if (cells.levels_ == 0 || cells.bins_ <= std::numeric_limits<std::size_t>::max() / 16 / cells.levels_) {
            call.length(cells.positive_, cells.levels_ * cells.bins_, 1, "cells.positive")
                .length(cells.negative_, cells.levels_ * cells.bins_, 1, "cells.negative");
        }
    }

    const avocet_cells *get() const noexcept { return &c_; }

  private:
    avocet_cells c_{};
};

}  // namespace detail

/// A bound, exactly: 9 / 10 is not the double next to it.
struct ratio {
    std::uint32_t numerator = 0;
    /// Above 0.
    std::uint32_t denominator = 1;
};

/// What each unit of weight is worth, from -2^56 to 2^56; below 0 what it costs.
struct gains {
    std::int64_t positive_passes = 0;
    std::int64_t negative_passes = 0;
    std::int64_t positive_stays = 0;
    std::int64_t negative_stays = 0;
};

/// What a search maximises. P and N are the positive and negative weight that pass, T = P + N, and A is all positive
/// weight.
class objective {
  public:
    /// Recall P / A subject to precision P / T >= least. A safety margin is a greater bound.
    static constexpr objective recall_under_precision(ratio least) noexcept {
        return {AVOCET_OBJECTIVE_RECALL, least};
    }

    /// Precision P / T subject to recall P >= least * A.
    static constexpr objective precision_under_recall(ratio least) noexcept {
        return {AVOCET_OBJECTIVE_PRECISION, least};
    }

    /// F = (1 + beta^2) P / (T + beta^2 A).
    static constexpr objective f_beta(ratio beta_squared = {1, 1}) noexcept {
        return {AVOCET_OBJECTIVE_F_BETA, beta_squared};
    }

    /// The sum of the gains of all weight.
    static constexpr objective utility(const gains &gains) noexcept {
        objective made(AVOCET_OBJECTIVE_UTILITY, {});
        made.c_.positive_passes = gains.positive_passes;
        made.c_.negative_passes = gains.negative_passes;
        made.c_.positive_stays = gains.positive_stays;
        made.c_.negative_stays = gains.negative_stays;
        return made;
    }

    /// Recall P / A subject to T <= selected, in units of the cells.
    static constexpr objective at_most(std::uint64_t selected) noexcept {
        objective made(AVOCET_OBJECTIVE_AT_MOST, {});
        made.c_.selected = selected;
        return made;
    }

    /// Recall P / A subject to the lower end of Wilson's interval of precision being at least least, for cells of
    /// counts. z_squared is of the normal quantile: by default that of 95 % on one side.
    static constexpr objective recall_under_wilson(ratio least, ratio z_squared = {27055, 10000}) noexcept {
        objective made(AVOCET_OBJECTIVE_RECALL_WILSON, least);
        made.c_.z_numerator = z_squared.numerator;
        made.c_.z_denominator = z_squared.denominator;
        return made;
    }

    constexpr const avocet_objective &c_objective() const noexcept { return c_; }

  private:
    constexpr objective(std::int32_t kind, ratio r) noexcept {
        c_.struct_size = sizeof c_;
        c_.kind = kind;
        c_.numerator = r.numerator;
        c_.denominator = r.denominator;
    }

    avocet_objective c_{};
};

/// How threshold_search() works.
enum class search_method : std::int32_t {
    /// The best selection of all.
    exact = AVOCET_SEARCH_EXACT,
    /// One threshold for all levels: the best of these.
    single = AVOCET_SEARCH_SINGLE,
    /// Within one block of an isotonic regression of the best; for bounds on precision or recall.
    mist = AVOCET_SEARCH_MIST,
    /// The best selection of cells of equal weight; for bounds on precision, recall or what passes.
    dp = AVOCET_SEARCH_DP,
};

/// What thresholds must be like. For exact and single only.
enum class threshold_shape : std::int32_t {
    free = AVOCET_SHAPE_FREE,
    non_decreasing = AVOCET_SHAPE_NON_DECREASING,
    non_increasing = AVOCET_SHAPE_NON_INCREASING,
};

/// Options of threshold_search(). A zero is a zero here.
struct search_options {
    search_method method = search_method::exact;
    threshold_shape shape = threshold_shape::free;
    /// How many partial selections the exact search may make, at least 1; 2^25 take about half a second.
    std::uint64_t work_limit = std::uint64_t{1} << 25;
};

/// Why a search ended.
enum class search_outcome : std::int32_t {
    /// The thresholds meet the constraint.
    found = AVOCET_OK,
    /// No selection meets it. Nothing passes.
    infeasible = AVOCET_ERROR_INFEASIBLE,
    /// The work limit came before a selection was found that meets it, or that there is none. Nothing passes.
    work_limit = AVOCET_ERROR_WORK_LIMIT,
};

/// Positive and negative weight, in units of the cells.
struct class_weights {
    std::uint64_t positive = 0;
    std::uint64_t negative = 0;

    /// Positive over all, rounded; NaN of nothing.
    double precision() const noexcept {
        return static_cast<double>(positive) / (static_cast<double>(positive) + static_cast<double>(negative));
    }
};

/// What a search found.
struct solution {
    search_outcome outcome = search_outcome::found;
    /// What passes, exactly.
    class_weights passing{};
    /// No selection has a better value than the objective has at these weights, which no selection need have. Where
    /// infeasible: those of a selection of the greatest precision there is, or zeros where the cells are empty.
    class_weights bound{};
    /// Partial selections made.
    std::uint64_t work = 0;
    /// Whether it is proven that nothing is better.
    bool proven = false;
};

namespace detail {

/// Whether a search came to an end, if not always to an answer.
inline bool searched(const error &outcome) noexcept {
    return !outcome || outcome.status() == status::infeasible || outcome.status() == status::work_limit;
}

/// The solution of a search that came to an end.
inline solution solution_of(const error &outcome, const avocet_solution &c) noexcept {
    return {static_cast<search_outcome>(outcome.status()),
            {c.positive, c.negative},
            {c.bound_positive, c.bound_negative},
            c.work,
            c.proven != 0};
}

}  // namespace detail

/// The best thresholds for an objective, with a proof. thresholds takes one for each level: the first bin that passes,
/// 0 (all pass) up to the number of bins (none does); grid::thresholds() turns them into scores. That the constraint
/// cannot be met, or the work limit was reached, is the solution's outcome and not an error: nothing passes then.
/// C: avocet_threshold_search
inline result<solution> threshold_search(const avocet::cells &cells, const avocet::objective &objective,
                                         const search_options &options, array_view<std::uint32_t> thresholds,
                                         avocet::workspace &workspace) noexcept {
    detail::call call;
    const detail::c_cells c_cells(cells, call);
    // What C takes for the default.
    if (options.work_limit == 0) {
        call.refuse_size(status::invalid_argument, 3, "options.work_limit", 0);
    }
    avocet_search_options c{};
    c.struct_size = sizeof c;
    c.work_limit = options.work_limit;
    c.method = static_cast<std::int32_t>(options.method);
    c.shape = static_cast<std::int32_t>(options.shape);
    avocet_solution found{};
    const error outcome = call.length(thresholds, cells.levels(), 4, "thresholds")
                              .run_in(workspace.c_handle(), [&](avocet_error *e) {
                                  return avocet_threshold_search(c_cells.get(), &objective.c_objective(), &c,
                                                                 thresholds.data(), &found, workspace.c_handle(), e);
                              });
    return detail::searched(outcome) ? result<solution>(detail::solution_of(outcome, found))
                                     : result<solution>(outcome);
}

/// The whole frontier of cells of equal weight: positive[m] gets the greatest positive weight of any m passing bins,
/// for m from 0 to levels * bins. Returns the weight of a cell, 0 if there are none.
/// C: avocet_threshold_frontier
inline result<std::uint64_t> threshold_frontier(const avocet::cells &cells, array_view<std::uint64_t> positive,
                                                avocet::workspace &workspace) noexcept {
    detail::call call;
    const detail::c_cells c_cells(cells, call);
    std::uint64_t weight = 0;
    const error outcome = call.run_in(workspace.c_handle(), [&](avocet_error *e) {
        return avocet_threshold_frontier(c_cells.get(), positive.data(), positive.size(), &weight,
                                         workspace.c_handle(), e);
    });
    return outcome ? result<std::uint64_t>(outcome) : result<std::uint64_t>(weight);
}

/// Calibrated probabilities of cells: isotonic regression of the share of positives in each level. values gets
/// levels * bins of them, level after level, within a level by ascending score, for threshold_calibrate().
/// C: avocet_threshold_isotonic
inline error threshold_isotonic(const avocet::cells &cells, array_view<float> values,
                                avocet::workspace &workspace) noexcept {
    detail::call call;
    const detail::c_cells c_cells(cells, call);
    return call.run_in(workspace.c_handle(), [&](avocet_error *e) {
        return avocet_threshold_isotonic(c_cells.get(), values.data(), values.size(), workspace.c_handle(), e);
    });
}

/// The weights that pass with thresholds of threshold_search(), such as those of other data.
/// C: avocet_threshold_passing
inline result<class_weights> threshold_passing(const avocet::cells &cells,
                                               array_view<const std::uint32_t> thresholds) noexcept {
    detail::call call;
    const detail::c_cells c_cells(cells, call);
    class_weights passing;
    const error outcome = call.length(thresholds, cells.levels(), 2, "thresholds").run([&](avocet_error *e) {
        return avocet_threshold_passing(c_cells.get(), thresholds.data(), &passing.positive, &passing.negative, e);
    });
    return outcome ? result<class_weights>(outcome) : result<class_weights>(passing);
}

}  // namespace v1
}  // namespace avocet

#endif
