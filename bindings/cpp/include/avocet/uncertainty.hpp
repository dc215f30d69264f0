/// Uncertainties of scores and probabilities.

#ifndef AVOCET_UNCERTAINTY_HPP
#define AVOCET_UNCERTAINTY_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>
#include <avocet/view.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// What the squared deviations of m scores are divided by.
enum class variance_of : std::int32_t {
    /// m: their mean.
    population = 0,
    /// m - 1: the unbiased estimate.
    sample = 1,
};

/// Mean and variance over each row of the scores of an ensemble, n x m. mean takes n values, and so does variance.
/// C: avocet_uncertainty_moments
inline error uncertainty_moments(const matrix &scores, variance_of kind, array_view<float> mean,
                                 optional_array<float> variance, const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(scores, 1, "scores.data")
        .length(mean, scores.rows(), 3, "mean")
        .length(variance, scores.rows(), 4, "variance")
        .open(pool, 5, "pool")
        .run([&](avocet_error *e) {
            return avocet_uncertainty_moments(&scores.c_view(), static_cast<std::int32_t>(kind), mean.data(),
                                              detail::pointer(variance), detail::pointer(pool), e);
        });
}

/// Mean and differential entropy, in nats, of Beta(a, b) for each row. All arrays have one value for each; a and b are
/// in (0, 1e8]. One that is out of range is found on the way: mean and entropy are unspecified then.
/// C: avocet_uncertainty_beta
inline error uncertainty_beta(array_view<const float> a, array_view<const float> b, optional_array<float> mean,
                              optional_array<float> entropy, const avocet::pool *pool = nullptr) noexcept {
    const std::size_t rows = a.size();
    return detail::call()
        .length(b, rows, 2, "b")
        .length(mean, rows, 4, "mean")
        .length(entropy, rows, 5, "entropy")
        .open(pool, 6, "pool")
        .run([&](avocet_error *e) {
            return avocet_uncertainty_beta(a.data(), b.data(), rows, detail::pointer(mean), detail::pointer(entropy),
                                           detail::pointer(pool), e);
        });
}

/// The entropy of a probability for each row, in nats: -p ln p - (1 - p) ln(1 - p). The arrays have one length. What is
/// not in [0, 1] is found on the way: out is unspecified then.
/// C: avocet_uncertainty_entropy
inline error uncertainty_entropy(array_view<const float> probabilities, array_view<float> out,
                                 const avocet::pool *pool = nullptr) noexcept {
    return detail::call().length(out, probabilities.size(), 3, "out").open(pool, 4, "pool").run([&](avocet_error *e) {
        return avocet_uncertainty_entropy(probabilities.data(), probabilities.size(), out.data(),
                                          detail::pointer(pool), e);
    });
}

}  // namespace v1
}  // namespace avocet

#endif
