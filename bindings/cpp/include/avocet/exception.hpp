/// Errors as exceptions, for programs that want them: check(call).

#ifndef AVOCET_EXCEPTION_HPP
#define AVOCET_EXCEPTION_HPP

#ifdef __cpp_exceptions

#include <avocet/error.hpp>
#include <avocet/result.hpp>

#include <stdexcept>
#include <utility>

// Caught by type across shared libraries, also where everything else is compiled with -fvisibility=hidden.
#if defined(__GNUC__)
#define AVOCET_VISIBLE __attribute__((visibility("default")))
#else
#define AVOCET_VISIBLE
#endif

namespace avocet {
inline namespace v1 {

/// What check() throws; what() is the error's message.
class AVOCET_VISIBLE exception : public std::runtime_error {
  public:
    explicit exception(const avocet::error &refused) : std::runtime_error(refused.message()), error_(refused) {}

    const avocet::error &error() const noexcept { return error_; }

  private:
    avocet::error error_;
};

/// Throws an exception if the call failed.
inline void check(const error &outcome) {
    if (outcome) {
        throw exception(outcome);
    }
}

/// What the call made; throws an exception if it failed.
template <class T>
T check(result<T> &&outcome) {
    check(outcome.error());
    return std::move(outcome).value();
}

}  // namespace v1
}  // namespace avocet

#undef AVOCET_VISIBLE

#endif
#endif
