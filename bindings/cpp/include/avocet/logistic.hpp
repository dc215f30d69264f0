/// Weighted logistic loss with derivatives: from logits, and of a linear model over dense rows.

#ifndef AVOCET_LOGISTIC_HPP
#define AVOCET_LOGISTIC_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>
#include <avocet/result.hpp>
#include <avocet/view.hpp>
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

/// The rows and the model of logistic_dense().
struct logistic_rows {
    /// Features, n x d.
    matrix x{};
    /// Weights of the features, d values.
    array_view<const float> weights{};
    /// Added to every margin.
    float intercept = 0;
    /// Added to each margin, n values; zeros if not given.
    optional_array<const float> offsets{};
};

/// What logistic_dense() writes. What is not given is not computed.
struct logistic_dense_outputs {
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

/// Logistic regression over dense rows, reading them once. The targets have one value for each row; with none given
/// there are only margins, and no loss. A value of the targets that is out of range is found on the way: the margins
/// are unspecified then, and everything else as it was.
/// C: avocet_logistic_dense
inline result<logistic_sums> logistic_dense(const logistic_rows &rows, const logistic_targets &targets,
                                            const logistic_dense_outputs &out, avocet::workspace &workspace,
                                            const avocet::pool *pool = nullptr) noexcept {
    avocet_logistic_rows c_rows{};
    c_rows.struct_size = sizeof c_rows;
    c_rows.x = &rows.x.c_view();
    c_rows.offsets = detail::pointer(rows.offsets);
    c_rows.weights = rows.weights.data();
    c_rows.intercept = rows.intercept;
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
    const std::size_t n = rows.x.rows(), d = rows.x.cols();
    logistic_sums sums{};
    detail::call call;
    call.fits(rows.x, 1, "rows.x.data")
        .length(rows.offsets, n, 1, "rows.offsets")
        .length(rows.weights, d, 1, "rows.weights");
    const error outcome =
        detail::target_lengths(call, targets, n, 2)
            .length(out.margins, n, 3, "out.margins")
            .length(out.gradient, d, 3, "out.gradient")
            .length(out.curvature, d, 3, "out.curvature")
            .length(out.product, d, 3, "out.product")
            .length(out.along, d, 3, "out.along")
            .open(pool, 5, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_logistic_dense(&c_rows, learns ? &c_targets : nullptr, &c_out, &sums,
                                             detail::pointer(pool), workspace.c_handle(), e);
            });
    return outcome ? result<logistic_sums>(outcome) : result<logistic_sums>(sums);
}

}  // namespace v1
}  // namespace avocet

#endif
