/// Products of rows with small matrices, activation and row norm.

#ifndef AVOCET_DENSE_HPP
#define AVOCET_DENSE_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>
#include <avocet/view.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// The most addends that dense_product() takes.
inline constexpr std::size_t max_addends = AVOCET_MAX_ADDENDS;

/// Applied to finished sums.
enum class activation : std::int32_t {
    none = AVOCET_ACTIVATION_NONE,
    relu = AVOCET_ACTIVATION_RELU,
    tanh = AVOCET_ACTIVATION_TANH,
};

/// Options of the dense functions.
struct dense_options {
    /// To start each sum at what the output holds.
    bool accumulate = false;
    avocet::activation activation = avocet::activation::none;
    /// To divide each row by its L2 norm after the activation.
    bool normalise = false;
};

/// One addend x * w of dense_product(): n x k rows, and k x m weights, or m x k if transposed.
struct addend {
    matrix x{};
    matrix w{};
    bool transposed = false;
};

namespace detail {

inline avocet_dense_options c_options(const dense_options &options) noexcept {
    avocet_dense_options c{};
    c.struct_size = sizeof c;
    c.accumulate = options.accumulate;
    c.activation = static_cast<std::int32_t>(options.activation);
    c.normalise = options.normalise;
    return c;
}

}  // namespace detail

/// out (+)= sum over addends of x * w, then the activation, then the division of each row by its L2 norm. out is n x m.
/// norms takes the n norms; it is needed only when normalising.
/// C: avocet_dense_product
inline error dense_product(array_view<const addend> addends, const dense_options &options, const matrix_mut &out,
                           optional_array<float> norms, avocet::workspace &workspace,
                           const avocet::pool *pool = nullptr) noexcept {
    const avocet_dense_options c = detail::c_options(options);
    avocet_addend c_addends[max_addends];
    detail::call call;
    if (addends.data() == nullptr && !addends.empty()) {
        call.refuse(status::null_pointer, 1, "addends");
    } else if (addends.size() > max_addends) {
        call.refuse_size(status::invalid_argument, 2, "addend_count", addends.size());
    } else {
        for (std::size_t at = 0; at < addends.size(); at++) {
            const addend &one = addends[at];
            call.fits(one.x, 1, "addends.x.data", at).fits(one.w, 1, "addends.w.data", at);
            c_addends[at] = {one.x.c_view(), one.w.c_view(), one.transposed};
        }
    }
    return call.fits(out, 4, "out.data")
        .length(norms, out.rows(), 5, "norms")
        .open(pool, 6, "pool")
        .run_in(workspace.c_handle(), [&](avocet_error *e) {
            return avocet_dense_product(c_addends, addends.size(), &c, &out.c_view(), detail::pointer(norms),
                                        detail::pointer(pool), workspace.c_handle(), e);
        });
}

/// In place: the activation and, if normalising, the division of each row by its L2 norm, which goes to norms (one for
/// each row).
/// C: avocet_dense_activate
inline error dense_activate(const dense_options &options, const matrix_mut &rows, optional_array<float> norms,
                            const avocet::pool *pool = nullptr) noexcept {
    const avocet_dense_options c = detail::c_options(options);
    return detail::call()
        .fits(rows, 2, "rows.data")
        .length(norms, rows.rows(), 3, "norms")
        .open(pool, 4, "pool")
        .run([&](avocet_error *e) {
            return avocet_dense_activate(&c, &rows.c_view(), detail::pointer(norms), detail::pointer(pool), e);
        });
}

/// The gradient before activation and norm, dz, from the gradient after them, dy, with y and norms as the forward pass
/// left them. All three matrices are n x m; norms holds n values.
/// C: avocet_dense_activate_backward
inline error dense_activate_backward(const dense_options &options, const matrix &y, optional_array<const float> norms,
                                     const matrix &dy, const matrix_mut &dz,
                                     const avocet::pool *pool = nullptr) noexcept {
    const avocet_dense_options c = detail::c_options(options);
    return detail::call()
        .fits(y, 2, "y.data")
        .length(norms, dz.rows(), 3, "norms")
        .fits(dy, 4, "dy.data")
        .fits(dz, 5, "dz.data")
        .open(pool, 6, "pool")
        .run([&](avocet_error *e) {
            return avocet_dense_activate_backward(&c, &y.c_view(), detail::pointer(norms), &dy.c_view(), &dz.c_view(),
                                                  detail::pointer(pool), e);
        });
}

/// out (+)= x^T * dz: the gradient of a product with respect to its weights. x is n x k, dz is n x m, out is k x m.
/// C: avocet_dense_weight_gradient
inline error dense_weight_gradient(const matrix &x, const matrix &dz, bool accumulate, const matrix_mut &out,
                                   avocet::workspace &workspace, const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(x, 1, "x.data")
        .fits(dz, 2, "dz.data")
        .fits(out, 4, "out.data")
        .open(pool, 5, "pool")
        .run_in(workspace.c_handle(), [&](avocet_error *e) {
            return avocet_dense_weight_gradient(&x.c_view(), &dz.c_view(), accumulate, &out.c_view(),
                                                detail::pointer(pool), workspace.c_handle(), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
