/// Functions of each element.

#ifndef AVOCET_MAP_HPP
#define AVOCET_MAP_HPP

#include <avocet/call.hpp>
#include <avocet/pool.hpp>

#include <cstdint>

namespace avocet {
inline namespace v1 {

/// The library's own functions.
enum class function : std::int32_t {
    exp = AVOCET_FUNCTION_EXP,
    log = AVOCET_FUNCTION_LOG,
    log1p = AVOCET_FUNCTION_LOG1P,
    sigmoid = AVOCET_FUNCTION_SIGMOID,
    softplus = AVOCET_FUNCTION_SOFTPLUS,
    tanh = AVOCET_FUNCTION_TANH,
};

/// out[i] = f(x[i]). The arrays have one length and must not overlap.
/// C: avocet_map
inline error map(avocet::function function, array_view<const float> x, array_view<float> out,
                 const avocet::pool *pool = nullptr) noexcept {
    return detail::call().length(out, x.size(), 3, "out").open(pool, 5, "pool").run([&](avocet_error *e) {
        return avocet_map(static_cast<std::int32_t>(function), x.data(), out.data(), x.size(), detail::pointer(pool),
                          e);
    });
}

}  // namespace v1
}  // namespace avocet

#endif
