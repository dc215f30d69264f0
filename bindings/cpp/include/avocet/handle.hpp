/// Owners of handles of the library. Not for use from outside.

#ifndef AVOCET_HANDLE_HPP
#define AVOCET_HANDLE_HPP

#include <avocet/call.hpp>
#include <avocet/result.hpp>

#include <memory>

namespace avocet {
inline namespace v1 {
namespace detail {

template <class T, void (*destroy)(T *)>
struct destroyer {
    void operator()(T *handle) const noexcept { destroy(handle); }
};

/// Move-only; NULL when closed or moved from.
template <class T, void (*destroy)(T *)>
using handle = std::unique_ptr<T, destroyer<T, destroy>>;

/// Runs a C function that makes a handle, and gives it its owner, made with what else that needs.
template <class Owner, class T, class Function, class... Rest>
result<Owner> make(call &call, Function function, const Rest &...rest) noexcept {
    T *made = nullptr;
    const error outcome = call.run([&](avocet_error *e) { return function(&made, e); });
    return outcome ? result<Owner>(outcome) : result<Owner>(Owner(made, rest...));
}

}  // namespace detail
}  // namespace v1
}  // namespace avocet

#endif
