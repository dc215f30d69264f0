/// Curves and areas of binned scores.

#ifndef AVOCET_BINNED_HPP
#define AVOCET_BINNED_HPP

#include <avocet/buckets.hpp>
#include <avocet/call.hpp>
#include <avocet/result.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace avocet {
inline namespace v1 {

/// What a threshold at the lower edge of a bin selects: true_positives and false_positives in the unit of the bins,
/// recall, precision and false_positive_rate, which are NaN where they are 0/0.
using curve_point = avocet_curve_point;

/// An area with the rows of a bin tied, and the least (lower) and the greatest (upper) of any order within bins.
using area = avocet_area;

/// The points of the precision-recall and the ROC curve: points[b] is what bins from b on hold. positive and negative
/// have one value for each bin, by ascending score, as buckets::score_bins() gives them; points has one more.
/// C: avocet_binned_curve
inline error binned_curve(array_view<const std::uint64_t> positive, array_view<const std::uint64_t> negative,
                          array_view<curve_point> points) noexcept {
    const std::size_t bins = positive.size();
    detail::call call;
    call.length(negative, bins, 2, "negative");
    // C refuses more bins than any memory holds, with a better error.
    if (bins != std::numeric_limits<std::size_t>::max()) {
        call.length(points, bins + 1, 4, "points");
    }
    return call.run([&](avocet_error *e) {
        return avocet_binned_curve(positive.data(), negative.data(), bins, points.data(), e);
    });
}

/// The area under the ROC curve: the probability that a positive is above a negative, ties counting half. The arrays
/// are as those of binned_curve().
/// C: avocet_binned_auc
inline result<area> binned_auc(array_view<const std::uint64_t> positive,
                               array_view<const std::uint64_t> negative) noexcept {
    area out{};
    const error outcome =
        detail::call().length(negative, positive.size(), 2, "negative").run([&](avocet_error *e) {
            return avocet_binned_auc(positive.data(), negative.data(), positive.size(), &out, e);
        });
    return outcome ? result<area>(outcome) : result<area>(out);
}

/// Average precision. The arrays are as those of binned_curve(). The lower bound is reached where the bins hold counts;
/// of weights it is the limit for ever smaller ones.
/// C: avocet_binned_average_precision
inline result<area> binned_average_precision(array_view<const std::uint64_t> positive,
                                             array_view<const std::uint64_t> negative,
                                             tally held = tally::counts) noexcept {
    area out{};
    const error outcome =
        detail::call().length(negative, positive.size(), 2, "negative").run([&](avocet_error *e) {
            return avocet_binned_average_precision(positive.data(), negative.data(), positive.size(),
                                                   static_cast<std::int32_t>(held), &out, e);
        });
    return outcome ? result<area>(outcome) : result<area>(out);
}

}  // namespace v1
}  // namespace avocet

#endif
