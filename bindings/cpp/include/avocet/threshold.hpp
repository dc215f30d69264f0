/// Decisions, calibrated values and cells of rows.

#ifndef AVOCET_THRESHOLD_HPP
#define AVOCET_THRESHOLD_HPP

#include <avocet/call.hpp>
#include <avocet/grid.hpp>
#include <avocet/pool.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Selects the rows whose score is at least the threshold of their level: out[i] is 1 for those, else 0. thresholds has
/// a score for each level, as grid::thresholds() gives them; the other arrays have one value for each row.
/// C: avocet_threshold_decide
inline error threshold_decide(const avocet::grid &grid, array_view<const float> thresholds,
                              array_view<const float> scores, array_view<const float> uncertainties,
                              array_view<std::uint8_t> out, const avocet::pool *pool = nullptr) noexcept {
    const std::size_t rows = scores.size();
    return detail::call()
        .open(grid, 1, "grid")
        .length(thresholds, grid.levels(), 2, "thresholds")
        .length(uncertainties, rows, 4, "uncertainties")
        .length(out, rows, 6, "out")
        .open(pool, 7, "pool")
        .run([&](avocet_error *e) {
            return avocet_threshold_decide(grid.c_handle(), thresholds.data(), scores.data(), uncertainties.data(),
                                           rows, out.data(), detail::pointer(pool), e);
        });
}

/// As threshold_decide(), with a bit for each row: bit i mod 64 of word i / 64. out has rows / 64 words, rounded up.
/// C: avocet_threshold_decide_bits
inline error threshold_decide_bits(const avocet::grid &grid, array_view<const float> thresholds,
                                   array_view<const float> scores, array_view<const float> uncertainties,
                                   array_view<std::uint64_t> out, const avocet::pool *pool = nullptr) noexcept {
    const std::size_t rows = scores.size();
    return detail::call()
        .open(grid, 1, "grid")
        .length(thresholds, grid.levels(), 2, "thresholds")
        .length(uncertainties, rows, 4, "uncertainties")
        .length(out, rows / 64 + (rows % 64 == 0 ? 0 : 1), 6, "out")
        .open(pool, 7, "pool")
        .run([&](avocet_error *e) {
            return avocet_threshold_decide_bits(grid.c_handle(), thresholds.data(), scores.data(),
                                                uncertainties.data(), rows, out.data(), detail::pointer(pool), e);
        });
}

/// The value of each row's cell, such as a calibrated probability; NaN for rows with NaN. values has one for each cell,
/// level after level, within a level by ascending score.
/// C: avocet_threshold_calibrate
inline error threshold_calibrate(const avocet::grid &grid, array_view<const float> values,
                                 array_view<const float> scores, array_view<const float> uncertainties,
                                 array_view<float> out, const avocet::pool *pool = nullptr) noexcept {
    const std::size_t rows = scores.size();
    return detail::call()
        .open(grid, 1, "grid")
        .length(values, grid.levels() * grid.bins(), 2, "values")
        .length(uncertainties, rows, 4, "uncertainties")
        .length(out, rows, 6, "out")
        .open(pool, 7, "pool")
        .run([&](avocet_error *e) {
            return avocet_threshold_calibrate(grid.c_handle(), values.data(), scores.data(), uncertainties.data(),
                                              rows, out.data(), detail::pointer(pool), e);
        });
}

/// The cell of each row: level * bins + bin, and the number of all cells for rows with NaN.
/// C: avocet_threshold_cells
inline error threshold_cells(const avocet::grid &grid, array_view<const float> scores,
                             array_view<const float> uncertainties, array_view<std::uint32_t> out,
                             const avocet::pool *pool = nullptr) noexcept {
    const std::size_t rows = scores.size();
    return detail::call()
        .open(grid, 1, "grid")
        .length(uncertainties, rows, 3, "uncertainties")
        .length(out, rows, 5, "out")
        .open(pool, 6, "pool")
        .run([&](avocet_error *e) {
            return avocet_threshold_cells(grid.c_handle(), scores.data(), uncertainties.data(), rows, out.data(),
                                          detail::pointer(pool), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
