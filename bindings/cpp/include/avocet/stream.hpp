/// Streams with delayed conversions.

#ifndef AVOCET_STREAM_HPP
#define AVOCET_STREAM_HPP

#include <avocet/call.hpp>
#include <avocet/feedback.hpp>
#include <avocet/handle.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Which rows a click gives, and when.
enum class protocol : std::int32_t {
    window = AVOCET_PROTOCOL_WINDOW,
    immediate = AVOCET_PROTOCOL_IMMEDIATE,
    delayed = AVOCET_PROTOCOL_DELAYED,
    delayed_real = AVOCET_PROTOCOL_DELAYED_REAL,
    duplicate = AVOCET_PROTOCOL_DUPLICATE,
    immediate_real = AVOCET_PROTOCOL_IMMEDIATE_REAL,
};

/// The time of what does not happen.
inline constexpr std::int64_t never = AVOCET_NEVER;

/// What stream::copy() writes, one value for each row of the stream. What is not given is not copied.
struct stream_rows {
    /// When the row may be used.
    optional_array<std::int64_t> times{};
    /// The position of its click.
    optional_array<std::uint32_t> clicks{};
    optional_array<row_kind> kinds{};
    /// 1 if the click's signal had come when its window ended, else 0.
    optional_array<std::uint8_t> signals{};
};

/// Owns the rows of a stream, in the order of the time at which a learner may use them. Never changes, so any number
/// of calls may read one at once.
class stream {
  public:
    /// A closed one.
    stream() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit stream(avocet_stream *handle) noexcept : handle_(handle) {}

    /// Builds the stream of a protocol from clicks, one value each: when a click was, when it converted, and when its
    /// early signal came, in any unit; never for what does not happen. window is how long a first row waits,
    /// attribution how long a conversion counts.
    /// C: avocet_stream_create
    static result<stream> create(avocet::protocol protocol, array_view<const std::int64_t> times,
                                 array_view<const std::int64_t> conversions,
                                 optional_array<const std::int64_t> signals, std::int64_t window,
                                 std::int64_t attribution) noexcept {
        const std::size_t len = times.size();
        detail::call call;
        call.length(conversions, len, 3, "conversions").length(signals, len, 4, "signals");
        const std::int64_t *const given = detail::pointer(signals);
        return detail::make<stream, avocet_stream>(call, [&](avocet_stream **out, avocet_error *e) {
            return avocet_stream_create(static_cast<std::int32_t>(protocol), times.data(), conversions.data(), given,
                                        len, window, attribution, out, e);
        });
    }

    /// The number of rows; 0 for a closed stream.
    /// C: avocet_stream_rows
    std::size_t rows() const noexcept { return avocet_stream_rows(c_handle()); }

    /// Copies the rows.
    /// C: avocet_stream_copy
    error copy(const stream_rows &out) const noexcept {
        const std::size_t len = rows();
        return detail::call()
            .open(*this, 1, "stream")
            .length(out.times, len, 2, "times")
            .length(out.clicks, len, 3, "clicks")
            .length(out.kinds, len, 4, "kinds")
            .length(out.signals, len, 5, "signals")
            .run([&](avocet_error *e) {
                return avocet_stream_copy(c_handle(), detail::pointer(out.times), detail::pointer(out.clicks),
                                          reinterpret_cast<std::uint8_t *>(detail::pointer(out.kinds)),
                                          detail::pointer(out.signals), len, e);
            });
    }

    /// Frees the stream, as the destructor does.
    /// C: avocet_stream_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether it is open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_stream *c_handle() const noexcept { return handle_.get(); }

  private:
    detail::handle<avocet_stream, avocet_stream_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
