/// Rows to score, and how.

#ifndef AVOCET_SCORE_TABLE_HPP
#define AVOCET_SCORE_TABLE_HPP

#include <avocet/call.hpp>
#include <avocet/real_matrix.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace avocet {
inline namespace v1 {

/// Rows to score: a matrix of floats, f16 or bf16, or one of int8 with a scale for each row, such as quantize_rows()
/// gives. Views what it is made of. Real rows of all types are scored with each other, rows of int8 with rows of int8.
class score_table {
  public:
    /// 0 x 0.
    constexpr score_table() noexcept = default;

    /// Of real numbers.
    template <class Matrix, std::enable_if_t<std::is_convertible_v<const Matrix &, real_matrix>, int> = 0>
    constexpr score_table(const Matrix &rows) noexcept : score_table(real_matrix(rows)) {}

    constexpr score_table(const real_matrix &rows) noexcept
        : c_(rows.c_view()), length_(rows.length()), fits_(rows.fits()) {}

    /// Of int8, at most 131071 columns. The scales are ones if not given.
    constexpr score_table(const matrix_i8 &rows, optional_array<const float> scales = {}) noexcept
        : c_(rows.c_view()), length_(rows.length()), fits_(rows.fits()), scales_(scales) {}

    /// The same of what was written.
    template <class T, std::enable_if_t<std::is_same_v<T, std::int8_t>, int> = 0>
    constexpr score_table(const basic_matrix<T> &rows, optional_array<const float> scales = {}) noexcept
        : score_table(matrix_i8(rows), scales) {}

    /// Made like a matrix, without scales.
    template <class Values,
              std::enable_if_t<std::is_constructible_v<real_matrix, const Values &, std::size_t, std::size_t> ||
                                   std::is_constructible_v<matrix_i8, const Values &, std::size_t, std::size_t>,
                               int> = 0>
    constexpr score_table(const Values &values, std::size_t rows, std::size_t cols, std::size_t stride = 0) noexcept
        : score_table(std::conditional_t<std::is_constructible_v<matrix_i8, const Values &, std::size_t, std::size_t>,
                                         matrix_i8, real_matrix>(values, rows, cols, stride)) {}

    /// Of {pointer, size}, of floats.
    constexpr score_table(array_view<const float> values, std::size_t rows, std::size_t cols,
                          std::size_t stride = 0) noexcept
        : score_table(real_matrix(values, rows, cols, stride)) {}

    constexpr element_type type() const noexcept { return static_cast<element_type>(c_.element_type); }
    constexpr std::size_t rows() const noexcept { return c_.rows; }
    constexpr std::size_t cols() const noexcept { return c_.cols; }
    constexpr const optional_array<const float> &scales() const noexcept { return scales_; }

    /// As those of the matrix.
    constexpr std::size_t length() const noexcept { return length_; }
    constexpr bool fits() const noexcept { return fits_; }

    constexpr const avocet_matrix &c_view() const noexcept { return c_; }

  private:
    avocet_matrix c_{nullptr, 0, 0, 0, AVOCET_F32};
    std::size_t length_ = 0;
    bool fits_ = true;
    optional_array<const float> scales_{};
};

/// What the score of two rows is.
enum class score_metric : std::int32_t {
    /// Their dot product: of int8 an exact sum, times both scales.
    dot = AVOCET_METRIC_DOT,
    /// The cosine of their angle, in which scales play no part; 0 if one of them is zero.
    cosine = AVOCET_METRIC_COSINE,
};

/// Another table for each side, with as many rows as the first. A score is then
/// factor * score + second_factor * second score, both by the same metric.
struct second_tables {
    /// The factors are finite.
    constexpr second_tables(const score_table &second_left, const score_table &second_right, float first_factor,
                            float other_factor) noexcept
        : left(second_left), right(second_right), factor(first_factor), second_factor(other_factor) {}

    score_table left;
    score_table right;
    float factor;
    float second_factor;
};

/// Options of score_pairs(), score_candidates() and score_matrix().
struct score_options {
    score_metric metric = score_metric::dot;
    std::optional<second_tables> second{};
};

namespace detail {

/// score_options and the scales of both tables in the form of C.
class c_score_options {
  public:
    c_score_options(const score_table &left, const score_table &right, const score_options &options, call &call,
                    int argument) noexcept {
        c_.struct_size = sizeof c_;
        c_.metric = static_cast<std::int32_t>(options.metric);
        c_.left_scales = pointer(left.scales());
        c_.right_scales = pointer(right.scales());
        call.fits(left, 1, "left.data")
            .fits(right, 2, "right.data")
            .length(left.scales(), left.rows(), argument, "options.left_scales")
            .length(right.scales(), right.rows(), argument, "options.right_scales");
        if (options.second) {
            const second_tables &second = *options.second;
            c_.second_left = &second.left.c_view();
            c_.second_right = &second.right.c_view();
            c_.second_left_scales = pointer(second.left.scales());
            c_.second_right_scales = pointer(second.right.scales());
            c_.factor = second.factor;
            c_.second_factor = second.second_factor;
            call.fits(second.left, argument, "options.second_left.data")
                .fits(second.right, argument, "options.second_right.data")
                .length(second.left.scales(), second.left.rows(), argument, "options.second_left_scales")
                .length(second.right.scales(), second.right.rows(), argument, "options.second_right_scales");
        }
    }

    const avocet_score_options *get() const noexcept { return &c_; }

  private:
    avocet_score_options c_{};
};

}  // namespace detail
}  // namespace v1
}  // namespace avocet

#endif
