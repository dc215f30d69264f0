/// Matrices of any real type.

#ifndef AVOCET_REAL_MATRIX_HPP
#define AVOCET_REAL_MATRIX_HPP

#include <avocet/view.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace avocet {
inline namespace v1 {

namespace detail {

/// The type of elements that a container or a pointer gives, const if they are only read.
template <class Values, class = void>
struct element_in {
    using type = void;
};

template <class T>
struct element_in<T *, void> {
    using type = T;
};

template <class Values>
struct element_in<Values, std::void_t<element_of<Values>>> {
    using type = element_of<Values>;
};

/// Of an argument: a pointer is the same whether it is a temporary or not, a container is not.
template <class Values>
using element_given = typename element_in<
    std::conditional_t<std::is_pointer_v<std::remove_reference_t<Values>>, std::decay_t<Values>, Values>>::type;

}  // namespace detail

/// A matrix of floats, f16 or bf16, whichever: what calls take that widen elements as they read them, or round them as
/// they write. Made of a matrix or like one. C is avocet_matrix or avocet_matrix_mut.
template <class C>
class basic_real_matrix {
    static constexpr bool reads = std::is_same_v<C, avocet_matrix>;

    template <class T>
    static constexpr bool takes = is_real<std::remove_const_t<T>> && (reads || !std::is_const_v<T>);

  public:
    using c_type = C;

    /// 0 x 0.
    constexpr basic_real_matrix() noexcept = default;

    /// Of a matrix of one type.
    template <class T, std::enable_if_t<takes<T>, int> = 0>
    constexpr basic_real_matrix(const basic_matrix<T> &x) noexcept
        : c_{x.c_view().data, x.rows(), x.cols(), x.c_view().stride, static_cast<std::int32_t>(x.type())},
          length_(x.length()), fits_(x.fits()) {}

    /// Of a vector, array, span or pointer.
    template <class Values, class T = detail::element_given<Values>, std::enable_if_t<takes<T>, int> = 0>
    constexpr basic_real_matrix(Values &&values, std::size_t rows, std::size_t cols, std::size_t stride = 0) noexcept
        : basic_real_matrix(basic_matrix<T>(std::forward<Values>(values), rows, cols, stride)) {}

    /// Of {pointer, size}, of floats.
    constexpr basic_real_matrix(array_view<std::conditional_t<reads, const float, float>> values, std::size_t rows,
                                std::size_t cols, std::size_t stride = 0) noexcept
        : basic_real_matrix(
              basic_matrix<std::conditional_t<reads, const float, float>>(values, rows, cols, stride)) {}

    constexpr element_type type() const noexcept { return static_cast<element_type>(c_.element_type); }
    constexpr std::size_t rows() const noexcept { return c_.rows; }
    constexpr std::size_t cols() const noexcept { return c_.cols; }

    /// As those of the matrix.
    constexpr std::size_t length() const noexcept { return length_; }
    constexpr bool fits() const noexcept { return fits_; }

    constexpr const c_type &c_view() const noexcept { return c_; }

  private:
    c_type c_{nullptr, 0, 0, 0, AVOCET_F32};
    std::size_t length_ = 0;
    bool fits_ = true;
};

/// A matrix of any real type to read.
using real_matrix = basic_real_matrix<avocet_matrix>;

/// A matrix of any real type to write.
using real_matrix_mut = basic_real_matrix<avocet_matrix_mut>;

}  // namespace v1
}  // namespace avocet

#endif
