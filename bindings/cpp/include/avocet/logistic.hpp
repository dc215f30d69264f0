/// Weighted logistic loss with derivatives, from logits.

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

namespace detail {

/// logistic_targets in the form of C.
inline avocet_logistic_targets c_targets(const logistic_targets &targets) noexcept {
    avocet_logistic_targets c{};
    c.struct_size = sizeof c;
    c.labels = pointer(targets.labels);
    c.weights = pointer(targets.weights);
    c.a = pointer(targets.a);
    c.b = pointer(targets.b);
    c.signed_weights = targets.signed_weights ? 1 : 0;
    return c;
}

/// That the targets have one value for each row.
inline call &target_lengths(call &call, const logistic_targets &targets, std::size_t rows, int argument) noexcept {
    return call.length(targets.labels, rows, argument, "targets.labels")
        .length(targets.weights, rows, argument, "targets.weights")
        .length(targets.a, rows, argument, "targets.a")
        .length(targets.b, rows, argument, "targets.b");
}

}  // namespace detail

/// The logistic loss of each row from its logit x, and its first two derivatives. A value of the targets that is out of
/// range is found on the way: the arrays of out are unspecified then, and the sum as it was.
/// C: avocet_logistic_pointwise
inline error logistic_pointwise(array_view<const float> logits, const logistic_targets &targets,
                                const logistic_outputs &out, avocet::workspace &workspace,
                                const avocet::pool *pool = nullptr) noexcept {
    const avocet_logistic_targets c = detail::c_targets(targets);
    const std::size_t rows = logits.size();
    detail::call call;
    return detail::target_lengths(call, targets, rows, 2)
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

/// What logistic_product() writes, one value for each row. What is not given is not computed.
struct logistic_product_outputs {
    /// -a log f - b log(1 - f).
    optional_array<float> losses{};
    /// The derivative of the loss by the first logit.
    optional_array<float> first_gradient{};
    /// The derivative by the second one.
    optional_array<float> second_gradient{};
    /// The sum of the losses.
    double *sum = nullptr;
};

/// The log loss of f = sigmoid(x1) sigmoid(x2) for the two logits of each row, and its derivatives by both. A value of
/// the targets that is out of range is found on the way: the arrays of out are unspecified then, and the sum as it was.
/// C: avocet_logistic_product
inline error logistic_product(array_view<const float> first, array_view<const float> second,
                              const logistic_targets &targets, const logistic_product_outputs &out,
                              avocet::workspace &workspace, const avocet::pool *pool = nullptr) noexcept {
    const avocet_logistic_targets c = detail::c_targets(targets);
    const std::size_t rows = first.size();
    detail::call call;
    call.length(second, rows, 2, "second");
    return detail::target_lengths(call, targets, rows, 3)
        .length(out.losses, rows, 4, "losses")
        .length(out.first_gradient, rows, 5, "first_gradient")
        .length(out.second_gradient, rows, 6, "second_gradient")
        .open(pool, 9, "pool")
        .run_in(workspace.c_handle(), [&](avocet_error *e) {
            return avocet_logistic_product(first.data(), second.data(), &c, detail::pointer(out.losses),
                                           detail::pointer(out.first_gradient), detail::pointer(out.second_gradient),
                                           out.sum, rows, detail::pointer(pool), workspace.c_handle(), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
