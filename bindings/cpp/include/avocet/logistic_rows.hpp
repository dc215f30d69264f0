/// Rows of a linear model, of any kind.

#ifndef AVOCET_LOGISTIC_ROWS_HPP
#define AVOCET_LOGISTIC_ROWS_HPP

#include <avocet/call.hpp>
#include <avocet/real_matrix.hpp>
#include <avocet/sparse_rows.hpp>
#include <avocet/view.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace avocet {
inline namespace v1 {

namespace detail {

class c_logistic_rows;

}  // namespace detail

/// The features of rows, n x d: a dense matrix of f32, f16 or bf16, sparse rows with values, or prepared sparse rows.
/// Views one of these.
class logistic_features {
  public:
    /// None, which calls refuse.
    logistic_features() noexcept = default;

    /// Dense.
    template <class Matrix, std::enable_if_t<std::is_convertible_v<const Matrix &, real_matrix>, int> = 0>
    logistic_features(const Matrix &x) noexcept : x_(x) {}

    /// Dense, made like a matrix.
    template <class Values,
              std::enable_if_t<std::is_constructible_v<real_matrix, const Values &, std::size_t, std::size_t>, int> = 0>
    logistic_features(const Values &values, std::size_t rows, std::size_t cols, std::size_t stride = 0) noexcept
        : x_(real_matrix(values, rows, cols, stride)) {}

    /// Sparse, which every call checks. values has one finite value for each index, ones if not given.
    logistic_features(const avocet::csr &csr, optional_array<const float> values = {}) noexcept
        : csr_(csr), values_(values) {}

    /// Prepared. If compact, weights and all vectors that go in or come out have one value for each of the features
    /// that occur, sparse_rows::features(), in place of one for each column.
    logistic_features(const sparse_rows &prepared, bool compact = false) noexcept
        : prepared_(&prepared), compact_(compact) {}
    logistic_features(const sparse_rows &&, bool = false) = delete;

    /// How many rows there are; 0 of closed ones.
    std::size_t rows() const noexcept {
        return x_ ? x_->rows() : csr_ ? csr_->rows : prepared_ != nullptr ? prepared_->count() : 0;
    }

    /// How many weights they take.
    std::size_t weights() const noexcept {
        if (prepared_ != nullptr) {
            return compact_ ? prepared_->feature_count() : prepared_->columns();
        }
        return x_ ? x_->cols() : csr_ ? csr_->cols : 0;
    }

  private:
    friend class detail::c_logistic_rows;

    std::optional<real_matrix> x_{};
    std::optional<avocet::csr> csr_{};
    optional_array<const float> values_{};
    const sparse_rows *prepared_ = nullptr;
    bool compact_ = false;
};

/// Rows and a model of them.
struct logistic_rows {
    /// n x d.
    logistic_features features{};
    /// Weights of the features, d values. Only logistic_fit() can do without: it starts from zeros then.
    optional_array<const float> weights{};
    /// Added to every margin.
    float intercept = 0;
    /// Added to each margin, n values; zeros if not given.
    optional_array<const float> offsets{};
};

namespace detail {

/// logistic_rows in the form of C, which points into itself and into the rows.
class c_logistic_rows {
  public:
    c_logistic_rows(const logistic_rows &rows, call &call) noexcept {
        const logistic_features &features = rows.features;
        c_.struct_size = sizeof c_;
        c_.offsets = pointer(rows.offsets);
        c_.weights = pointer(rows.weights);
        c_.intercept = rows.intercept;
        if (features.x_) {
            c_.x = &features.x_->c_view();
            call.fits(*features.x_, 1, "rows.x.data");
        } else if (features.csr_) {
            csr_ = c_csr(*features.csr_);
            c_.csr = &csr_;
            c_.values = pointer(features.values_);
            call.offsets(*features.csr_, 1, "rows.csr.offsets")
                .length(features.values_, features.csr_->indices.size(), 1, "rows.values");
        } else if (features.prepared_ != nullptr) {
            c_.prepared = features.prepared_->c_handle();
            c_.compact = features.compact_ ? 1 : 0;
            call.open(features.prepared_, 1, "rows.prepared");
        } else {
            call.refuse(status::null_pointer, 1, "rows.x");
        }
        call.length(rows.offsets, features.rows(), 1, "rows.offsets")
            .length(rows.weights, features.weights(), 1, "rows.weights");
    }

    c_logistic_rows(const c_logistic_rows &) = delete;
    c_logistic_rows &operator=(const c_logistic_rows &) = delete;

    const avocet_logistic_rows *get() const noexcept { return &c_; }

  private:
    avocet_csr csr_{};
    avocet_logistic_rows c_{};
};

}  // namespace detail
}  // namespace v1
}  // namespace avocet

#endif
