/// Rows of scores, uncertainties and labels.

#ifndef AVOCET_THRESHOLD_ROWS_HPP
#define AVOCET_THRESHOLD_ROWS_HPP

#include <avocet/call.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace avocet {
inline namespace v1 {

/// The type of labels. A bool is a u8.
enum class label_type : std::int32_t {
    f32 = AVOCET_F32,
    u8 = AVOCET_U8,
    i8 = AVOCET_I8,
};

/// The type of segments.
enum class segment_type : std::int32_t {
    u16 = AVOCET_U16,
    u32 = AVOCET_U32,
};

namespace detail {

template <class T>
inline constexpr bool is_label = std::is_same_v<T, float> || std::is_same_v<T, std::uint8_t> ||
                                 std::is_same_v<T, std::int8_t> || (std::is_same_v<T, bool> && sizeof(bool) == 1);

template <class T>
inline constexpr label_type label_type_of = std::is_same_v<T, float>         ? label_type::f32
                                            : std::is_same_v<T, std::int8_t> ? label_type::i8
                                                                             : label_type::u8;

template <class T>
inline constexpr bool is_segment = std::is_integral_v<T> && std::is_unsigned_v<T> && (sizeof(T) == 2 || sizeof(T) == 4);

template <class T>
inline constexpr segment_type segment_type_of = sizeof(T) == 2 ? segment_type::u16 : segment_type::u32;

}  // namespace detail

/// Labels, 1 for positive and 0 for negative: of a vector, array, span or {pointer, size} of floats, bytes, signed
/// bytes or bools.
class labels {
  public:
    constexpr labels() noexcept = default;

    template <class T, std::enable_if_t<detail::is_label<T>, int> = 0>
    constexpr labels(const T *data, std::size_t size) noexcept
        : data_(data), size_(size), type_(detail::label_type_of<T>) {}

    template <class Container,
              std::enable_if_t<detail::is_label<std::remove_const_t<detail::element_of<Container>>>, int> = 0>
    constexpr labels(Container &&container) noexcept : labels(std::data(container), std::size(container)) {}

    constexpr const void *c_data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr label_type type() const noexcept { return type_; }

  private:
    const void *data_ = nullptr;
    std::size_t size_ = 0;
    label_type type_ = label_type::f32;
};

/// The segment of each row, from 0: of a vector, array, span or {pointer, size} of unsigned integers of 16 or 32 bits.
class segments {
  public:
    constexpr segments() noexcept = default;

    template <class T, std::enable_if_t<detail::is_segment<T>, int> = 0>
    constexpr segments(const T *data, std::size_t size) noexcept
        : data_(data), size_(size), type_(detail::segment_type_of<T>) {}

    template <class Container,
              std::enable_if_t<detail::is_segment<std::remove_const_t<detail::element_of<Container>>>, int> = 0>
    constexpr segments(Container &&container) noexcept : segments(std::data(container), std::size(container)) {}

    constexpr const void *c_data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr segment_type type() const noexcept { return type_; }

  private:
    const void *data_ = nullptr;
    std::size_t size_ = 0;
    segment_type type_ = segment_type::u32;
};

/// What to do with rows whose score or uncertainty is NaN.
enum class missing : std::int32_t {
    /// They are refused.
    refuse = AVOCET_MISSING_REFUSE,
    /// They are counted apart.
    apart = AVOCET_MISSING_APART,
};

/// Rows to count, one value for each in every array.
struct threshold_rows {
    /// Infinite ones lie in the outer bins.
    array_view<const float> scores{};
    /// Infinite ones lie in the outer levels. threshold_single() does not look at them.
    array_view<const float> uncertainties{};
    avocet::labels labels{};
    /// In [0, 2^22), each rounded to a multiple of 2^-20; ones if not given.
    optional_array<const float> weights{};
    /// Only buckets with one segment can do without. Only buckets::add() takes them.
    std::optional<avocet::segments> segments{};
    avocet::missing missing = avocet::missing::refuse;
};

namespace detail {

/// threshold_rows in the form of C. Segments that are given but have no elements are there all the same.
inline avocet_threshold_rows c_rows(const threshold_rows &rows) noexcept {
    static const std::uint32_t nothing = 0;
    avocet_threshold_rows c{};
    c.struct_size = sizeof c;
    c.rows = rows.scores.size();
    c.scores = rows.scores.data();
    c.uncertainties = rows.uncertainties.data();
    c.labels = rows.labels.c_data();
    c.weights = pointer(rows.weights);
    c.label_type = static_cast<std::int32_t>(rows.labels.type());
    c.missing = static_cast<std::int32_t>(rows.missing);
    if (rows.segments) {
        c.segments = rows.segments->c_data() == nullptr ? &nothing : rows.segments->c_data();
        c.segment_type = static_cast<std::int32_t>(rows.segments->type());
    }
    return c;
}

/// That all arrays but the uncertainties have one value for each score.
inline call &row_lengths(call &call, const threshold_rows &rows, int argument) noexcept {
    const std::size_t n = rows.scores.size();
    if (rows.labels.size() != n) {
        call.refuse_size(status::shape_mismatch, argument, "rows.labels", rows.labels.size());
    }
    call.length(rows.weights, n, argument, "rows.weights");
    if (rows.segments && rows.segments->c_data() == nullptr && rows.segments->size() > 0) {
        call.refuse(status::null_pointer, argument, "rows.segments");
    } else if (rows.segments && rows.segments->size() != n) {
        call.refuse_size(status::shape_mismatch, argument, "rows.segments", rows.segments->size());
    }
    return call;
}

/// The same of the uncertainties.
inline call &uncertain_row_lengths(call &call, const threshold_rows &rows, int argument) noexcept {
    return row_lengths(call.length(rows.uncertainties, rows.scores.size(), argument, "rows.uncertainties"), rows,
                       argument);
}

}  // namespace detail
}  // namespace v1
}  // namespace avocet

#endif
