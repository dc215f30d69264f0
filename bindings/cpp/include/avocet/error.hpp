/// Why a call was refused.

#ifndef AVOCET_ERROR_HPP
#define AVOCET_ERROR_HPP

#include <avocet.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace avocet {
inline namespace v1 {

static_assert(AVOCET_ABI_VERSION == 1, "these headers are for another avocet.h: the inline namespace names its ABI");

/// What a call returns, by the names of AVOCET_OK and AVOCET_ERROR_*.
enum class status : std::int32_t {
    ok = AVOCET_OK,
    null_pointer = AVOCET_ERROR_NULL_POINTER,
    invalid_argument = AVOCET_ERROR_INVALID_ARGUMENT,
    shape_mismatch = AVOCET_ERROR_SHAPE_MISMATCH,
    size_overflow = AVOCET_ERROR_SIZE_OVERFLOW,
    index_out_of_range = AVOCET_ERROR_INDEX_OUT_OF_RANGE,
    invalid_offsets = AVOCET_ERROR_INVALID_OFFSETS,
    not_sorted = AVOCET_ERROR_NOT_SORTED,
    not_finite = AVOCET_ERROR_NOT_FINITE,
    overlap = AVOCET_ERROR_OVERLAP,
    workspace_too_small = AVOCET_ERROR_WORKSPACE_TOO_SMALL,
    out_of_memory = AVOCET_ERROR_OUT_OF_MEMORY,
    threads_unavailable = AVOCET_ERROR_THREADS_UNAVAILABLE,
    struct_size = AVOCET_ERROR_STRUCT_SIZE,
    /// Of bindings alone: the library does not fit the header that the program was compiled with (compatible()).
    incompatible_library = AVOCET_ERROR_INCOMPATIBLE_LIBRARY,
    /// Never an error here: an outcome of a search, with its solution (search_outcome).
    infeasible = AVOCET_ERROR_INFEASIBLE,
    /// Likewise.
    work_limit = AVOCET_ERROR_WORK_LIMIT,
    internal = AVOCET_ERROR_INTERNAL,
};

/// The name of a status in C, such as "AVOCET_ERROR_OVERLAP"; "unknown" for values that the library does not know.
/// C: avocet_status_name
inline const char *status_name(status value) noexcept { return avocet_status_name(static_cast<avocet_status>(value)); }

/// A short English description of a status; "unknown status" for values that the library does not know.
/// C: avocet_status_message
inline const char *status_message(status value) noexcept {
    return avocet_status_message(static_cast<avocet_status>(value));
}

/// Which of error::integer() and error::real() is the offending value.
enum class value_kind : std::int32_t {
    none = AVOCET_VALUE_NONE,
    integer = AVOCET_VALUE_INTEGER,
    real = AVOCET_VALUE_REAL,
};

/// What a call returns: true if it failed. A value, without memory of its own.
class [[nodiscard]] error {
  public:
    /// Success.
    error() noexcept = default;

    explicit error(const avocet_error &refused) noexcept : c_(refused) {}

    /// Whether the call failed.
    explicit operator bool() const noexcept { return c_.status != AVOCET_OK; }

    avocet::status status() const noexcept { return static_cast<avocet::status>(c_.status); }

    /// The number of the argument at fault in the C function, the first being 1; 0 if none is.
    int argument() const noexcept { return c_.argument; }

    /// The argument at fault in the C function with its field, such as "csr.indices"; empty if there is none. Lives as
    /// long as the library is loaded.
    const char *name() const noexcept { return c_.name == nullptr ? "" : c_.name; }

    /// The first bad position within the argument; 0 where it has none.
    std::uint64_t position() const noexcept { return c_.position; }

    avocet::value_kind value_kind() const noexcept { return static_cast<avocet::value_kind>(c_.value); }

    /// The value found, if it is an index, a size, a count or an enum value; else 0.
    std::int64_t integer() const noexcept { return c_.integer; }

    /// The value found, if it is a floating-point value; else 0.
    double real() const noexcept { return c_.real; }

    /// Writes the library's one-line description to a buffer, as snprintf does; the result is the length of all of it.
    /// C: avocet_error_format
    std::size_t format(char *buffer, std::size_t capacity) const noexcept {
        if (status() != avocet::status::incompatible_library) {
            return avocet_error_format(&c_, buffer, capacity);
        }
        char text[200];
        const int written = std::snprintf(text, sizeof text,
                                          "the library is version %.60s with binary interface %d, but the program "
                                          "needs version %d.%d.%d or later with binary interface %d",
                                          avocet_version(), static_cast<int>(c_.position), AVOCET_VERSION_MAJOR,
                                          AVOCET_VERSION_MINOR, AVOCET_VERSION_PATCH, AVOCET_ABI_VERSION);
        const std::size_t length = written < 0 ? 0 : static_cast<std::size_t>(written);
        if (capacity > 0) {
            const std::size_t taken = length < capacity ? length : capacity - 1;
            std::memcpy(buffer, text, taken);
            buffer[taken] = '\0';
        }
        return length;
    }

    /// The description as a string. The one function of the binding that allocates memory of its own, and may throw
    /// std::bad_alloc.
    std::string message() const {
        std::string text(format(nullptr, 0), '\0');
        format(text.data(), text.size() + 1);
        return text;
    }

    const avocet_error &c_error() const noexcept { return c_; }
    avocet_error *c_error() noexcept { return &c_; }

  private:
    avocet_error c_{};
};

}  // namespace v1
}  // namespace avocet

#endif
