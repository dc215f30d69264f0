/// Views of matrices, indices and sparse matrices. They borrow, and keep the length of what they were made from, so
/// that a call can refuse a view that reaches beyond it.

#ifndef AVOCET_VIEW_HPP
#define AVOCET_VIEW_HPP

#include <avocet.h>
#include <avocet/array_view.hpp>
#include <avocet/element.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace avocet {
inline namespace v1 {

/// A row-major matrix: element (i, j) is values[i * stride + j]. A call refuses one whose values are too few with
/// shape_mismatch; more than enough is fine. What lies between the rows of a matrix_mut is never written.
template <class T>
class basic_matrix {
    static_assert(is_element<std::remove_const_t<T>>, "the elements of a matrix are float, f16, bf16 or std::int8_t");
    static constexpr auto element = static_cast<std::int32_t>(element_type_of<std::remove_const_t<T>>);

  public:
    using c_type = std::conditional_t<std::is_const_v<T>, avocet_matrix, avocet_matrix_mut>;

    /// 0 x 0.
    constexpr basic_matrix() noexcept = default;

    /// Of a vector, array, span or {pointer, size}. A stride of 0 stands for cols.
    constexpr basic_matrix(array_view<T> values, std::size_t rows, std::size_t cols, std::size_t stride = 0) noexcept
        : c_{values.data(), rows, cols, stride, element}, length_(values.size()) {}

    /// Of a pointer, behind which there must be as many values as the shape says.
    template <class Pointer,
              std::enable_if_t<std::is_pointer_v<Pointer> && std::is_convertible_v<Pointer, T *>, int> = 0>
    constexpr basic_matrix(const Pointer &values, std::size_t rows, std::size_t cols, std::size_t stride = 0) noexcept
        : c_{values, rows, cols, stride, element}, length_(std::numeric_limits<std::size_t>::max()) {}

    /// What was written, to read.
    template <class Other, std::enable_if_t<std::is_same_v<T, const Other>, int> = 0>
    constexpr basic_matrix(const basic_matrix<Other> &other) noexcept
        : c_{other.c_view().data, other.rows(), other.cols(), other.c_view().stride, element},
          length_(other.length()) {}

    static constexpr element_type type() noexcept { return static_cast<element_type>(element); }
    constexpr std::size_t rows() const noexcept { return c_.rows; }
    constexpr std::size_t cols() const noexcept { return c_.cols; }
    constexpr std::size_t stride() const noexcept { return c_.stride == 0 ? c_.cols : c_.stride; }

    /// How many values there are from the first one on.
    constexpr std::size_t length() const noexcept { return length_; }

    /// Whether all elements lie within these values. True if the shape is one that no memory can hold, or its stride is
    /// below cols: the library refuses it, with a better error.
    constexpr bool fits() const noexcept {
        if (c_.rows == 0 || c_.cols == 0 || stride() < c_.cols) {
            return true;
        }
        const std::size_t room = std::numeric_limits<std::size_t>::max() - c_.cols;
        return c_.rows - 1 > room / stride() || (c_.rows - 1) * stride() + c_.cols <= length_;
    }

    constexpr const c_type &c_view() const noexcept { return c_; }

  private:
    c_type c_{nullptr, 0, 0, 0, element};
    std::size_t length_ = 0;
};

/// A matrix to read.
using matrix = basic_matrix<const float>;

/// Matrices to read of 16 and of 8 bits an element. Only calls that say so take them.
using matrix_f16 = basic_matrix<const f16>;
using matrix_bf16 = basic_matrix<const bf16>;
using matrix_i8 = basic_matrix<const std::int8_t>;

/// A matrix to write.
using matrix_mut = basic_matrix<float>;

/// The same of 16 and of 8 bits an element.
using matrix_f16_mut = basic_matrix<f16>;
using matrix_bf16_mut = basic_matrix<bf16>;
using matrix_i8_mut = basic_matrix<std::int8_t>;

/// The type of indices: unsigned with 32 bits, or signed with 32 or 64.
enum class index_type : std::int32_t {
    u32 = AVOCET_U32,
    i32 = AVOCET_I32,
    i64 = AVOCET_I64,
};

namespace detail {

template <class Container>
using index_of = std::remove_const_t<element_of<Container>>;

/// Integers that have the form of one of the index types, whatever their name.
template <class T>
inline constexpr bool is_index = std::is_integral_v<T> && !std::is_same_v<T, bool> &&
                                 (sizeof(T) == 4 || (sizeof(T) == 8 && std::is_signed_v<T>));

template <class T>
inline constexpr index_type index_type_of = sizeof(T) == 8          ? index_type::i64
                                            : std::is_signed_v<T> ? index_type::i32
                                                                  : index_type::u32;

}  // namespace detail

/// An array of indices, of a vector, array, span or {pointer, size} of 32-bit integers or signed 64-bit ones.
class indices {
  public:
    constexpr indices() noexcept = default;

    template <class T, std::enable_if_t<detail::is_index<T>, int> = 0>
    constexpr indices(const T *data, std::size_t size) noexcept
        : c_{data, size, static_cast<std::int32_t>(detail::index_type_of<T>)} {}

    template <class Container, std::enable_if_t<detail::is_index<detail::index_of<Container>>, int> = 0>
    constexpr indices(Container &&container) noexcept : indices(std::data(container), std::size(container)) {}

    constexpr std::size_t size() const noexcept { return c_.len; }
    constexpr index_type type() const noexcept { return static_cast<index_type>(c_.index_type); }
    constexpr const avocet_indices &c_view() const noexcept { return c_; }

  private:
    avocet_indices c_{nullptr, 0, AVOCET_U32};
};

/// A sparse matrix by rows: the edges of row i are indices[offsets[i]] to indices[offsets[i + 1] - 1].
struct csr {
    std::size_t rows = 0;
    std::size_t cols = 0;
    /// rows + 1 of them, from 0 up to the number of indices.
    avocet::indices offsets{};
    /// The column of each edge.
    avocet::indices indices{};
};

}  // namespace v1
}  // namespace avocet

#endif
