/// Passes of logistic regression over rows of any kind.

#ifndef AVOCET_LOGISTIC_BATCH_HPP
#define AVOCET_LOGISTIC_BATCH_HPP

#include <avocet/call.hpp>
#include <avocet/logistic.hpp>
#include <avocet/logistic_rows.hpp>
#include <avocet/pool.hpp>
#include <avocet/result.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>

namespace avocet {
inline namespace v1 {

/// What logistic_batch() writes. What is not given is not computed.
struct logistic_batch_outputs {
    /// The margin m of each row, x . weights + intercept + offset; n values.
    optional_array<float> margins{};
    /// The gradient by the weights, the sum of (b sigmoid(m) - a sigmoid(-m)) x; d values.
    optional_array<float> gradient{};
    /// The diagonal of the Hessian, the sum of h x^2 with h = (a + b) sigmoid(m) sigmoid(-m); d values.
    optional_array<float> curvature{};
    /// The Hessian times a vector, the sum of h (x . along + along_intercept) x; d values.
    optional_array<float> product{};
    /// The vector's part for the weights, d values; needed only with product.
    optional_array<const float> along{};
    /// The vector's part for the intercept.
    float along_intercept = 0;
};

/// The sum of the losses, and the gradient, curvature and product by the intercept, which are 0 where the output that
/// they belong to is not given.
using logistic_sums = avocet_logistic_sums;

/// Logistic regression over rows of any kind, reading them once. The targets have one value for each row; with none
/// given there are only margins, and no loss. A value of the targets that is out of range, and a sparse row with a
/// factor that is not finite, are found on the way: the margins are unspecified then, and everything else as it was.
/// C: avocet_logistic_batch
inline result<logistic_sums> logistic_batch(const logistic_rows &rows, const logistic_targets &targets,
                                            const logistic_batch_outputs &out, avocet::workspace &workspace,
                                            const avocet::pool *pool = nullptr) noexcept {
    detail::call call;
    const detail::c_logistic_rows c_rows(rows, call);
    const avocet_logistic_targets c_targets = detail::c_targets(targets);
    const bool learns = targets.labels || targets.weights || targets.a || targets.b;
    avocet_logistic_out c_out{};
    c_out.struct_size = sizeof c_out;
    c_out.margins = detail::pointer(out.margins);
    c_out.gradient = detail::pointer(out.gradient);
    c_out.curvature = detail::pointer(out.curvature);
    c_out.product = detail::pointer(out.product);
    c_out.along = detail::pointer(out.along);
    c_out.along_intercept = out.along_intercept;
    const std::size_t n = rows.features.rows(), d = rows.features.weights();
    logistic_sums sums{};
    const error outcome =
        detail::target_lengths(call, targets, n, 2)
            .length(out.margins, n, 3, "out.margins")
            .length(out.gradient, d, 3, "out.gradient")
            .length(out.curvature, d, 3, "out.curvature")
            .length(out.product, d, 3, "out.product")
            .length(out.along, d, 3, "out.along")
            .open(pool, 5, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_logistic_batch(c_rows.get(), learns ? &c_targets : nullptr, &c_out, &sums,
                                             detail::pointer(pool), workspace.c_handle(), e);
            });
    return outcome ? result<logistic_sums>(outcome) : result<logistic_sums>(sums);
}

}  // namespace v1
}  // namespace avocet

#endif
