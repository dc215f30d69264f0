/// Positives and negatives in each cell of a grid.

#ifndef AVOCET_BUCKETS_HPP
#define AVOCET_BUCKETS_HPP

#include <avocet/call.hpp>
#include <avocet/grid.hpp>
#include <avocet/handle.hpp>
#include <avocet/pool.hpp>
#include <avocet/threshold_rows.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// What buckets hold of a cell.
enum class tally : std::int32_t {
    /// Numbers of rows.
    counts = 0,
    /// Sums of weights, in units of 2^-20.
    weights = 1,
};

/// Owns the counts and weights of positives and negatives in each cell of a grid, one such table for each segment. The
/// same rows give the same buckets in any order, and however they were split and merged. Any number of calls may use
/// one at once, but for add(), merge(), subtract() and clear(), which must have it alone.
class buckets {
  public:
    /// Closed ones.
    buckets() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit buckets(avocet_buckets *handle) noexcept : handle_(handle) {}

    /// Makes empty buckets. They keep a copy of the grid.
    /// C: avocet_buckets_create
    static result<buckets> create(const avocet::grid &grid, std::size_t segments = 1) noexcept {
        detail::call call;
        return detail::make<buckets, avocet_buckets>(call, [&](avocet_buckets **out, avocet_error *e) {
            return avocet_buckets_create(grid.c_handle(), segments, out, e);
        });
    }

    /// Makes the buckets that save() wrote, with their grid.
    /// C: avocet_buckets_load
    static result<buckets> load(array_view<const std::uint8_t> bytes) noexcept {
        detail::call call;
        return detail::make<buckets, avocet_buckets>(call, [&](avocet_buckets **out, avocet_error *e) {
            return avocet_buckets_load(bytes.data(), bytes.size(), out, e);
        });
    }

    /// The number of segments; 0 for closed ones.
    /// C: avocet_buckets_segments
    std::size_t segments() const noexcept { return avocet_buckets_segments(c_handle()); }

    /// The number of levels of their grid; 0 for closed ones.
    /// C: avocet_buckets_levels
    std::size_t levels() const noexcept { return avocet_buckets_levels(c_handle()); }

    /// The number of score bins in each level; 0 for closed ones.
    /// C: avocet_buckets_bins
    std::size_t bins() const noexcept { return avocet_buckets_bins(c_handle()); }

    /// The number of rows of a segment that were counted apart; 0 for closed ones and where there is no such segment.
    /// C: avocet_buckets_apart
    std::uint64_t apart(std::size_t segment = 0) const noexcept { return avocet_buckets_apart(c_handle(), segment); }

    /// A copy of their grid.
    /// C: avocet_buckets_grid
    result<avocet::grid> grid() const noexcept {
        detail::call call;
        return detail::make<avocet::grid, avocet_grid>(
            call, [&](avocet_grid **out, avocet_error *e) { return avocet_buckets_grid(c_handle(), out, e); });
    }

    /// Adds all rows, or none.
    /// C: avocet_buckets_add
    error add(const threshold_rows &rows, avocet::workspace &workspace, const avocet::pool *pool = nullptr) noexcept {
        const avocet_threshold_rows c = detail::c_rows(rows);
        detail::call call;
        return detail::uncertain_row_lengths(call.open(*this, 1, "buckets"), rows, 2)
            .open(pool, 3, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_buckets_add(c_handle(), &c, detail::pointer(pool), workspace.c_handle(), e);
            });
    }

    /// Adds what others of the same grid and number of segments have: those of another thread, partition or machine.
    /// C: avocet_buckets_merge
    error merge(const buckets &other) noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_buckets_merge(c_handle(), other.c_handle(), e); });
    }

    /// Takes away what others have: rows that were added before.
    /// C: avocet_buckets_subtract
    error subtract(const buckets &other) noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_buckets_subtract(c_handle(), other.c_handle(), e); });
    }

    /// Makes them empty again.
    /// C: avocet_buckets_clear
    void clear() noexcept { avocet_buckets_clear(c_handle()); }

    /// Copies what the cells of a segment hold, level after level, within a level by ascending score: levels() * bins()
    /// values each.
    /// C: avocet_buckets_cells
    error cells(std::size_t segment, tally held, array_view<std::uint64_t> positive,
                array_view<std::uint64_t> negative) const noexcept {
        return detail::call()
            .open(*this, 1, "buckets")
            .length(negative, positive.size(), 5, "negative")
            .run([&](avocet_error *e) {
                return avocet_buckets_cells(c_handle(), segment, static_cast<std::int32_t>(held), positive.data(),
                                            negative.data(), positive.size(), e);
            });
    }

    /// Adds up the levels of a segment for binned_curve() and its like: bins() values each. Not of a nested grid.
    /// C: avocet_buckets_score_bins
    error score_bins(std::size_t segment, tally held, array_view<std::uint64_t> positive,
                     array_view<std::uint64_t> negative) const noexcept {
        return detail::call()
            .open(*this, 1, "buckets")
            .length(negative, positive.size(), 5, "negative")
            .run([&](avocet_error *e) {
                return avocet_buckets_score_bins(c_handle(), segment, static_cast<std::int32_t>(held), positive.data(),
                                                 negative.data(), positive.size(), e);
            });
    }

    /// The number of bytes that save() writes; 0 for closed ones.
    /// C: avocet_buckets_saved_bytes
    std::size_t saved_bytes() const noexcept { return avocet_buckets_saved_bytes(c_handle()); }

    /// Writes them with their grid to saved_bytes() bytes, the same for the same buckets everywhere.
    /// C: avocet_buckets_save
    error save(array_view<std::uint8_t> bytes) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_buckets_save(c_handle(), bytes.data(), bytes.size(), e); });
    }

    /// Frees them, as the destructor does.
    /// C: avocet_buckets_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether they are open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_buckets *c_handle() const noexcept { return handle_.get(); }

  private:
    detail::handle<avocet_buckets, avocet_buckets_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
