/// Weighted logistic loss from logits, with derivatives.

#ifndef AVOCET_LOGISTIC_HPP
#define AVOCET_LOGISTIC_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>

namespace avocet {
inline namespace v1 {

/// What the rows are to learn: labels, with or without weights, or else a and b. One value for each row.
struct logistic_targets {
    /// In [0, 1]; they give a = weight * label, b = weight * (1 - label).
    optional_array<const float> labels{};
    /// Ones if not given.
    optional_array<const float> weights{};
    /// The coefficients of softplus(-x).
    optional_array<const float> a{};
    /// The coefficients of softplus(x).
    optional_array<const float> b{};
    /// Whether weights and coefficients may be negative.
    bool signed_weights = false;
};

/// What logistic_pointwise() writes, one value for each row. What is not given is not computed.
struct logistic_outputs {
    /// a softplus(-x) + b softplus(x).
    optional_array<float> losses{};
    /// b sigmoid(x) - a sigmoid(-x).
    optional_array<float> gradient{};
    /// (a + b) sigmoid(x) sigmoid(-x).
    optional_array<float> curvature{};
    /// The sum of the losses.
    double *sum = nullptr;
};

/// The logistic loss of each row from its logit x, and its first two derivatives. A value of the targets that is out of
/// range is found on the way: the arrays of out are unspecified then, and the sum as it was.
/// C: avocet_logistic_pointwise
inline error logistic_pointwise(array_view<const float> logits, const logistic_targets &targets,
                                const logistic_outputs &out, avocet::workspace &workspace,
                                const avocet::pool *pool = nullptr) noexcept {
    avocet_logistic_targets c{};
    c.struct_size = sizeof c;
    c.labels = detail::pointer(targets.labels);
    c.weights = detail::pointer(targets.weights);
    c.a = detail::pointer(targets.a);
    c.b = detail::pointer(targets.b);
    c.signed_weights = targets.signed_weights ? 1 : 0;
    const std::size_t rows = logits.size();
    return detail::call()
        .length(targets.labels, rows, 2, "targets.labels")
        .length(targets.weights, rows, 2, "targets.weights")
        .length(targets.a, rows, 2, "targets.a")
        .length(targets.b, rows, 2, "targets.b")
        .length(out.losses, rows, 3, "losses")
        .length(out.gradient, rows, 4, "gradient")
        .length(out.curvature, rows, 5, "curvature")
        .open(pool, 8, "pool")
        .run_in(workspace.c_handle(), [&](avocet_error *e) {
            return avocet_logistic_pointwise(logits.data(), &c, detail::pointer(out.losses),
                                             detail::pointer(out.gradient), detail::pointer(out.curvature), out.sum,
                                             rows, detail::pointer(pool), workspace.c_handle(), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
