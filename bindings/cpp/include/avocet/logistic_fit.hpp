/// Logistic regression to the minimum.

#ifndef AVOCET_LOGISTIC_FIT_HPP
#define AVOCET_LOGISTIC_FIT_HPP

#include <avocet/call.hpp>
#include <avocet/logistic.hpp>
#include <avocet/logistic_rows.hpp>
#include <avocet/optim.hpp>
#include <avocet/pool.hpp>
#include <avocet/result.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Options of logistic_fit(). A zero is a zero here.
struct logistic_fit_options {
    /// The most steps, at least 1.
    std::size_t iterations = 200;
    /// Steps that the approximation of the Hessian remembers, 1 to 64.
    std::size_t history = 10;
    /// The penalty l2 / 2 * |weights|^2, beside the sum of the rows' losses; at least 0. The intercept has none.
    float l2 = 0;
    /// Ends when no derivative is above so much of the sum of all |a| + |b|; at least 0.
    float tolerance = 1e-5f;
    /// Whether to leave the intercept as it is.
    bool fixed_intercept = false;
};

/// Why logistic_fit() ended.
enum class fit_outcome : std::int32_t {
    /// No derivative is above the tolerance.
    converged = AVOCET_FIT_CONVERGED,
    /// After as many iterations as allowed.
    iterations = AVOCET_FIT_ITERATIONS,
    /// No step lowers the loss any more by what f32 can show.
    stalled = AVOCET_FIT_STALLED,
};

/// What logistic_fit() reached, beside the weights.
struct logistic_fit_result {
    float intercept = 0;
    /// The loss with the penalty.
    double loss = 0;
    /// The greatest magnitude of a derivative, divided by the sum of all |a| + |b|.
    double gradient = 0;
    /// Steps taken.
    std::size_t iterations = 0;
    /// Passes over the rows.
    std::size_t passes = 0;
    fit_outcome outcome = fit_outcome::converged;
};

/// The weights and the intercept that minimise the sum of the losses + l2 / 2 * |weights|^2, by L-BFGS. It starts from
/// those of rows; weights takes d values, and must not be what it starts from. The targets have one value for each row.
/// Allocates 2 * history + 7 vectors and the workspace of logistic_batch().
/// C: avocet_logistic_fit
inline result<logistic_fit_result> logistic_fit(const logistic_rows &rows, const logistic_targets &targets,
                                                const logistic_fit_options &options, array_view<float> weights,
                                                const avocet::pool *pool = nullptr) noexcept {
    detail::call call;
    const detail::c_logistic_rows c_rows(rows, call);
    const avocet_logistic_targets c_targets = detail::c_targets(targets);
    detail::target_lengths(call, targets, rows.features.rows(), 2);
    // What C takes for the default.
    if (options.iterations == 0) {
        call.refuse_size(status::invalid_argument, 3, "options.iterations", 0);
    }
    if (options.history == 0) {
        call.refuse_size(status::invalid_argument, 3, "options.history", 0);
    }
    avocet_logistic_fit_options c{};
    c.struct_size = sizeof c;
    c.iterations = options.iterations;
    c.history = options.history;
    c.l2 = options.l2;
    c.tolerance = detail::not_default(options.tolerance);
    c.fixed_intercept = options.fixed_intercept ? 1 : 0;
    logistic_fit_result found;
    avocet_logistic_fit_result reached{};
    const error outcome = call.length(weights, rows.features.weights(), 4, "weights")
                              .open(pool, 7, "pool")
                              .run([&](avocet_error *e) {
                                  return avocet_logistic_fit(c_rows.get(), &c_targets, &c, weights.data(),
                                                             &found.intercept, &reached, detail::pointer(pool), e);
                              });
    if (outcome) {
        return outcome;
    }
    found.loss = reached.loss;
    found.gradient = reached.gradient;
    found.iterations = reached.iterations;
    found.passes = reached.passes;
    found.outcome = static_cast<fit_outcome>(reached.outcome);
    return found;
}

}  // namespace v1
}  // namespace avocet

#endif
