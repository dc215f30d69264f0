/// The library that the program runs with.

#ifndef AVOCET_LIBRARY_HPP
#define AVOCET_LIBRARY_HPP

#include <avocet/error.hpp>

#include <atomic>
#include <cstdint>

namespace avocet {
inline namespace v1 {

namespace detail {

/// Set once the library was found to fit.
inline std::atomic<bool> library_fits{false};

}  // namespace detail

/// The version of the library, such as "1.2.3".
/// C: avocet_version
inline const char *version() noexcept { return avocet_version(); }

/// The version of the library in one number; compare it with AVOCET_VERSION_NUMBER.
/// C: avocet_version_number
inline std::int32_t version_number() noexcept { return avocet_version_number(); }

/// The binary interface of the library; compare it with AVOCET_ABI_VERSION.
/// C: avocet_abi_version
inline std::int32_t abi_version() noexcept { return avocet_abi_version(); }

/// Whether the library serves a program that was compiled with this header: incompatible_library if not, with a message
/// that names both versions. Every call that can fail asks this first, which after the first time is one load.
inline error compatible() noexcept {
    if (detail::library_fits.load(std::memory_order_relaxed)) {
        return {};
    }
    const std::int32_t abi = abi_version(), number = version_number();
    if (abi == AVOCET_ABI_VERSION && number >= AVOCET_VERSION_NUMBER) {
        detail::library_fits.store(true, std::memory_order_relaxed);
        return {};
    }
    avocet_error refused{};
    refused.status = static_cast<avocet_status>(status::incompatible_library);
    refused.value = AVOCET_VALUE_INTEGER;
    refused.position = static_cast<std::uint64_t>(abi);
    refused.integer = number;
    return error(refused);
}

/// Whether the calling thread is in the default floating-point environment, in which results are the same everywhere.
/// C: avocet_float_environment_is_default
inline bool float_environment_is_default() noexcept { return avocet_float_environment_is_default() != 0; }

}  // namespace v1
}  // namespace avocet

#endif
