/// Sums over rows that are computed in parts, to the bits of one call over all of them.

#ifndef AVOCET_LOGISTIC_PARTS_HPP
#define AVOCET_LOGISTIC_PARTS_HPP

#include <avocet/call.hpp>
#include <avocet/logistic_batch.hpp>
#include <avocet/result.hpp>
#include <avocet/view.hpp>

#include <cstddef>
#include <optional>

namespace avocet {
inline namespace v1 {

/// The most pieces into which logistic_parts() cuts a range.
inline constexpr std::size_t max_parts = AVOCET_LOGISTIC_MAX_PARTS;

/// The numbers of rows of the pieces of a range: a value that holds them.
class row_parts {
  public:
    /// None.
    row_parts() noexcept = default;

    const std::size_t *data() const noexcept { return sizes_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    const std::size_t *begin() const noexcept { return sizes_; }
    const std::size_t *end() const noexcept { return sizes_ + size_; }
    std::size_t operator[](std::size_t at) const noexcept { return sizes_[at]; }

  private:
    friend result<row_parts> logistic_parts(std::size_t first_row, std::size_t rows) noexcept;

    std::size_t sizes_[max_parts]{};
    std::size_t size_ = 0;
};

/// Cuts a range of rows, for a worker that has no others, into pieces whose sums can be merged. first_row is a multiple
/// of 1024; so is rows, unless the range ends where the data ends.
/// C: avocet_logistic_parts
inline result<row_parts> logistic_parts(std::size_t first_row, std::size_t rows) noexcept {
    row_parts made;
    const error outcome = detail::call().run([&](avocet_error *e) {
        return avocet_logistic_parts(first_row, rows, made.sizes_, max_parts, &made.size_, e);
    });
    return outcome ? result<row_parts>(outcome) : result<row_parts>(made);
}

/// The sums over all rows from those over parts of them. Part i has rows[i] rows and gave sums[i]: what
/// logistic_batch() returned, or with the sum of logistic_pointwise() or logistic_product() as its loss. Row i of
/// vectors is what it gave of a vector that is a sum over rows; vector, with one value for each column of vectors,
/// takes their sum.
/// C: avocet_logistic_merge
inline result<logistic_sums> logistic_merge(array_view<const std::size_t> rows, array_view<const logistic_sums> sums,
                                            const std::optional<matrix> &vectors = {},
                                            array_view<float> vector = {}) noexcept {
    logistic_sums total{};
    detail::call call;
    call.length(sums, rows.size(), 2, "sums").fits(vectors, 3, "vectors.data");
    if (!vectors && !vector.empty()) {
        call.refuse(status::null_pointer, 3, "vectors");
    }
    const error outcome =
        call.length(vector, vectors ? vectors->cols() : 0, 6, "vector").run([&](avocet_error *e) {
            return avocet_logistic_merge(rows.data(), sums.data(), detail::pointer(vectors), rows.size(), &total,
                                         vector.data(), e);
        });
    return outcome ? result<logistic_sums>(outcome) : result<logistic_sums>(total);
}

}  // namespace v1
}  // namespace avocet

#endif
