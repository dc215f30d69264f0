/// How good scores and probabilities are.

#ifndef AVOCET_METRICS_HPP
#define AVOCET_METRICS_HPP

#include <avocet/call.hpp>
#include <avocet/result.hpp>

#include <cstddef>

namespace avocet {
inline namespace v1 {

/// The weights of positives and negatives, the AUC, and the area under the precision-recall curve by the trapezoid rule
/// (pr_auc) and by steps (average_precision).
using ranking_result = avocet_ranking_result;

/// How well scores rank positives above negatives; rows of equal scores count as one step. The arrays have one length;
/// labels are in [0, 1], weights at least 0, and ones if not given. Allocates 8 bytes a row.
/// C: avocet_ranking
inline result<ranking_result> ranking(array_view<const float> scores, array_view<const float> labels,
                                      optional_array<const float> weights = {}) noexcept {
    ranking_result out{};
    const error outcome = detail::call()
                              .length(labels, scores.size(), 2, "labels")
                              .length(weights, scores.size(), 3, "weights")
                              .run([&](avocet_error *e) {
                                  return avocet_ranking(scores.data(), labels.data(), detail::pointer(weights),
                                                        scores.size(), &out, e);
                              });
    return outcome ? result<ranking_result>(outcome) : result<ranking_result>(out);
}

/// Sums over rows. calibration_merge() adds those of several parts to the bits of one call; added in any other order
/// they differ by the rounding of f64 only.
struct calibration_result {
    /// Of the weights.
    double weight = 0;
    /// Of the weighted log losses, in nats.
    double loss = 0;
    /// Of the weighted predictions.
    double predicted = 0;
    /// Of the weighted labels.
    double observed = 0;

    /// The mean log loss; NaN without weight.
    double log_loss() const noexcept { return loss / weight; }

    /// Predicted over observed: above 1 if the probabilities promise too much; infinite or NaN without positives.
    double ratio() const noexcept { return predicted / observed; }

    calibration_result &operator+=(const calibration_result &other) noexcept {
        weight += other.weight;
        loss += other.loss;
        predicted += other.predicted;
        observed += other.observed;
        return *this;
    }

    friend calibration_result operator+(calibration_result left, const calibration_result &right) noexcept {
        return left += right;
    }
};

/// Log loss and calibration of probabilities, -weight * (label ln p + (1 - label) ln(1 - p)) for each row. The arrays
/// are as those of ranking(), with probabilities in [0, 1].
/// C: avocet_calibration
inline result<calibration_result> calibration(array_view<const float> probabilities, array_view<const float> labels,
                                              optional_array<const float> weights = {}) noexcept {
    avocet_calibration_result out{};
    const error outcome = detail::call()
                              .length(labels, probabilities.size(), 2, "labels")
                              .length(weights, probabilities.size(), 3, "weights")
                              .run([&](avocet_error *e) {
                                  return avocet_calibration(probabilities.data(), labels.data(),
                                                            detail::pointer(weights), probabilities.size(), &out, e);
                              });
    return outcome ? result<calibration_result>(outcome)
                   : result<calibration_result>({out.weight, out.loss, out.predicted, out.observed});
}

/// The sums over all rows from those over parts of them: part i has rows[i] rows, as logistic_parts() cuts them, and
/// gave parts[i].
/// C: avocet_calibration_merge
inline result<calibration_result> calibration_merge(array_view<const std::size_t> rows,
                                                    array_view<const calibration_result> parts) noexcept {
    static_assert(sizeof(calibration_result) == sizeof(avocet_calibration_result) &&
                      offsetof(calibration_result, loss) == offsetof(avocet_calibration_result, loss) &&
                      offsetof(calibration_result, predicted) == offsetof(avocet_calibration_result, predicted) &&
                      offsetof(calibration_result, observed) == offsetof(avocet_calibration_result, observed),
                  "the results of parts are read as those of C");
    avocet_calibration_result out{};
    const error outcome =
        detail::call().length(parts, rows.size(), 2, "parts").run([&](avocet_error *e) {
            return avocet_calibration_merge(rows.data(),
                                            reinterpret_cast<const avocet_calibration_result *>(parts.data()),
                                            rows.size(), &out, e);
        });
    return outcome ? result<calibration_result>(outcome)
                   : result<calibration_result>({out.weight, out.loss, out.predicted, out.observed});
}

}  // namespace v1
}  // namespace avocet

#endif
