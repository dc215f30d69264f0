/// Weights for labels that arrive late.

#ifndef AVOCET_FEEDBACK_HPP
#define AVOCET_FEEDBACK_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// What a row of a stream is: a byte, as in C.
enum class row_kind : std::uint8_t {
    negative = AVOCET_ROW_NEGATIVE,
    immediate_positive = AVOCET_ROW_IMMEDIATE_POSITIVE,
    delayed_positive = AVOCET_ROW_DELAYED_POSITIVE,
    real_negative = AVOCET_ROW_REAL_NEGATIVE,
};

/// The methods; their formulas and papers are with AVOCET_FEEDBACK_* in <avocet.h>.
enum class feedback_method : std::int32_t {
    vanilla = AVOCET_FEEDBACK_VANILLA,
    fnw = AVOCET_FEEDBACK_FNW,
    fsiw = AVOCET_FEEDBACK_FSIW,
    es_dfm = AVOCET_FEEDBACK_ES_DFM,
    defer = AVOCET_FEEDBACK_DEFER,
    fnw_real = AVOCET_FEEDBACK_FNW_REAL,
    es_dfm_real = AVOCET_FEEDBACK_ES_DFM_REAL,
    defuse = AVOCET_FEEDBACK_DEFUSE,
    fnw_defuse = AVOCET_FEEDBACK_FNW_DEFUSE,
    bi_defuse_in_window = AVOCET_FEEDBACK_BI_DEFUSE_IN_WINDOW,
    bi_defuse_late = AVOCET_FEEDBACK_BI_DEFUSE_LATE,
    ulc = AVOCET_FEEDBACK_ULC,
    dfm = AVOCET_FEEDBACK_DFM,
};

/// Weights of feedback_weights().
struct feedback_scheme {
    feedback_method method = feedback_method::vanilla;
    /// Joint weights in place of the published ones.
    bool joint = false;
    /// The range of the ratios of positives in DEFER and FSIW, of at least 0. If both are 0, the method's own.
    float clip_low = 0;
    float clip_high = 0;
};

/// The coefficients a and b of each row, for logistic_pointwise(). All arrays have one value for each row; logits,
/// first and second need not be given where the method's formulas do not name them. An unknown kind is found on the
/// way: a and b are unspecified then.
/// C: avocet_feedback_weights
inline error feedback_weights(const feedback_scheme &scheme, array_view<const row_kind> kinds,
                              optional_array<const float> logits, optional_array<const float> first,
                              optional_array<const float> second, array_view<float> a, array_view<float> b,
                              const avocet::pool *pool = nullptr) noexcept {
    avocet_feedback_scheme c{};
    c.struct_size = sizeof c;
    c.method = static_cast<std::int32_t>(scheme.method);
    c.joint = scheme.joint ? 1 : 0;
    c.clip_low = scheme.clip_low;
    c.clip_high = scheme.clip_high;
    const std::size_t rows = kinds.size();
    return detail::call()
        .length(logits, rows, 3, "logits")
        .length(first, rows, 4, "first")
        .length(second, rows, 5, "second")
        .length(a, rows, 6, "a")
        .length(b, rows, 7, "b")
        .open(pool, 9, "pool")
        .run([&](avocet_error *e) {
            return avocet_feedback_weights(&c, reinterpret_cast<const std::uint8_t *>(kinds.data()),
                                           detail::pointer(logits), detail::pointer(first), detail::pointer(second),
                                           a.data(), b.data(), rows, detail::pointer(pool), e);
        });
}

/// What FNC serves in place of its own probability: out[i] = min(exp(logits[i]), 1). The arrays have one length.
/// C: avocet_feedback_served
inline error feedback_served(array_view<const float> logits, array_view<float> out,
                             const avocet::pool *pool = nullptr) noexcept {
    return detail::call().length(out, logits.size(), 2, "out").open(pool, 4, "pool").run([&](avocet_error *e) {
        return avocet_feedback_served(logits.data(), out.data(), logits.size(), detail::pointer(pool), e);
    });
}

}  // namespace v1
}  // namespace avocet

#endif
