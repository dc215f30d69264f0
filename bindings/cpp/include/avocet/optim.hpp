/// Steps of optimisers.

#ifndef AVOCET_OPTIM_HPP
#define AVOCET_OPTIM_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>
#include <avocet/view.hpp>

#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Options of adam(). A zero is a zero here.
struct adam_options {
    /// Decay of the first moment, from 0 to below 1.
    float beta1 = 0.9f;
    /// Decay of the second moment, likewise.
    float beta2 = 0.999f;
    /// Added to the root of the second moment; at least 0.
    float epsilon = 1e-8f;
};

namespace detail {

/// C takes a zero for the default, and 1e-38f for a zero.
inline float not_default(float value) noexcept { return value == 0 ? 1e-38f : value; }

}  // namespace detail

/// One step of Adam on each parameter. The four arrays have one length; step is the number of this step, from 1.
/// C: avocet_adam
inline error adam(float rate, std::uint64_t step, const adam_options &options, array_view<float> parameters,
                  array_view<const float> gradient, array_view<float> first_moment, array_view<float> second_moment,
                  const avocet::pool *pool = nullptr) noexcept {
    avocet_adam_options c{};
    c.struct_size = sizeof c;
    c.beta1 = detail::not_default(options.beta1);
    c.beta2 = detail::not_default(options.beta2);
    c.epsilon = detail::not_default(options.epsilon);
    const std::size_t len = parameters.size();
    return detail::call()
        .length(gradient, len, 5, "gradient")
        .length(first_moment, len, 6, "first_moment")
        .length(second_moment, len, 7, "second_moment")
        .open(pool, 9, "pool")
        .run([&](avocet_error *e) {
            return avocet_adam(rate, step, &c, parameters.data(), gradient.data(), first_moment.data(),
                               second_moment.data(), len, detail::pointer(pool), e);
        });
}

/// One step of Adagrad on the rows of a table that a batch touched. table and squares are n x d; rows are strictly
/// ascending, and gradient has one row for each.
/// C: avocet_adagrad_rows
inline error adagrad_rows(float rate, float epsilon, const indices &rows, const matrix &gradient,
                          const matrix_mut &table, const matrix_mut &squares,
                          const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(gradient, 4, "gradient.data")
        .fits(table, 5, "table.data")
        .fits(squares, 6, "squares.data")
        .open(pool, 7, "pool")
        .run([&](avocet_error *e) {
            return avocet_adagrad_rows(rate, epsilon, &rows.c_view(), &gradient.c_view(), &table.c_view(),
                                       &squares.c_view(), detail::pointer(pool), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
