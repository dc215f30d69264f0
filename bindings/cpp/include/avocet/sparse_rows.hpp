/// Sparse rows that are checked once.

#ifndef AVOCET_SPARSE_ROWS_HPP
#define AVOCET_SPARSE_ROWS_HPP

#include <avocet/call.hpp>
#include <avocet/handle.hpp>
#include <avocet/view.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Owns a checked copy of sparse rows, in a form for many passes. Never changes, so any number of calls may use one at
/// once.
class sparse_rows {
  public:
    /// Closed ones.
    sparse_rows() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit sparse_rows(avocet_sparse_rows *handle) noexcept : handle_(handle) {}

    /// Checks and copies sparse rows. values has one finite value for each index, ones if not given.
    /// C: avocet_sparse_rows_create
    static result<sparse_rows> create(const csr &csr, optional_array<const float> values = {}) noexcept {
        const avocet_csr view = detail::c_csr(csr);
        detail::call call;
        call.offsets(csr, 1).length(values, csr.indices.size(), 2, "values");
        return detail::make<sparse_rows, avocet_sparse_rows>(call, [&](avocet_sparse_rows **out, avocet_error *e) {
            return avocet_sparse_rows_create(&view, detail::pointer(values), out, e);
        });
    }

    /// The number of rows; 0 for closed ones.
    /// C: avocet_sparse_rows_count
    std::size_t count() const noexcept { return avocet_sparse_rows_count(c_handle()); }

    /// The number of columns, of which not all need occur; 0 for closed ones.
    /// C: avocet_sparse_rows_columns
    std::size_t columns() const noexcept { return avocet_sparse_rows_columns(c_handle()); }

    /// The number of features that occur, columns that have an entry; 0 for closed ones.
    /// C: avocet_sparse_rows_feature_count
    std::size_t feature_count() const noexcept { return avocet_sparse_rows_feature_count(c_handle()); }

    /// Copies the features that occur, in ascending order: feature_count() of them.
    /// C: avocet_sparse_rows_features
    error features(array_view<std::uint32_t> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_sparse_rows_features(c_handle(), out.data(), out.size(), e); });
    }

    /// Frees the rows, as the destructor does.
    /// C: avocet_sparse_rows_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether they are open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_sparse_rows *c_handle() const noexcept { return handle_.get(); }

  private:
    detail::handle<avocet_sparse_rows, avocet_sparse_rows_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
