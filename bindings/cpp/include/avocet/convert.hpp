/// Conversions of rows, and their norms.

#ifndef AVOCET_CONVERT_HPP
#define AVOCET_CONVERT_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>
#include <avocet/real_matrix.hpp>

namespace avocet {
inline namespace v1 {

/// Each element of x as the nearest value of the type of out, ties to even. Both are n x d, of floats, f16 or bf16.
/// C: avocet_convert
inline error convert(const real_matrix &x, const real_matrix_mut &out, const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(x, 1, "x.data")
        .fits(out, 2, "out.data")
        .open(pool, 3, "pool")
        .run([&](avocet_error *e) {
            return avocet_convert(&x.c_view(), &out.c_view(), detail::pointer(pool), e);
        });
}

/// Each row of x as integers and a scale: x[i][j] is about scales[i] * out[i][j], where the greatest magnitude of a row
/// is 127. x and out are n x d; scales takes n values. What is not finite in x is found on the way: out and scales are
/// unspecified then.
/// C: avocet_quantize_rows
inline error quantize_rows(const real_matrix &x, const matrix_i8_mut &out, array_view<float> scales,
                           const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(x, 1, "x.data")
        .fits(out, 2, "out.data")
        .length(scales, x.rows(), 3, "scales")
        .open(pool, 4, "pool")
        .run([&](avocet_error *e) {
            return avocet_quantize_rows(&x.c_view(), &out.c_view(), scales.data(), detail::pointer(pool), e);
        });
}

/// out[i][j] = scales[i] * x[i][j]. x and out are n x d; scales has n values.
/// C: avocet_dequantize_rows
inline error dequantize_rows(const matrix_i8 &x, array_view<const float> scales, const matrix_mut &out,
                             const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(x, 1, "x.data")
        .length(scales, x.rows(), 2, "scales")
        .fits(out, 3, "out.data")
        .open(pool, 4, "pool")
        .run([&](avocet_error *e) {
            return avocet_dequantize_rows(&x.c_view(), scales.data(), &out.c_view(), detail::pointer(pool), e);
        });
}

/// out[i] = the L2 norm of row i of x. out takes a value for each row.
/// C: avocet_row_norms
inline error row_norms(const real_matrix &x, array_view<float> out, const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(x, 1, "x.data")
        .length(out, x.rows(), 2, "out")
        .open(pool, 3, "pool")
        .run([&](avocet_error *e) {
            return avocet_row_norms(&x.c_view(), out.data(), detail::pointer(pool), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
