/// Tiers of instructions. Results do not depend on them.

#ifndef AVOCET_ISA_HPP
#define AVOCET_ISA_HPP

#include <avocet.h>

#include <cstdint>
#include <optional>

namespace avocet {
inline namespace v1 {

/// A tier of instructions.
enum class isa : std::int32_t {
    portable = AVOCET_ISA_PORTABLE,
    avx2 = AVOCET_ISA_AVX2,
    avx512 = AVOCET_ISA_AVX512,
};

/// The best tier that this machine and its operating system offer.
/// C: avocet_isa_detected
inline isa isa_detected() noexcept { return static_cast<isa>(avocet_isa_detected()); }

/// The tier that new calls use.
/// C: avocet_isa_active
inline isa isa_active() noexcept { return static_cast<isa>(avocet_isa_active()); }

/// The name of a tier; "unknown" for other values.
/// C: avocet_isa_name
inline const char *isa_name(isa tier) noexcept { return avocet_isa_name(static_cast<std::int32_t>(tier)); }

/// Caps the tier of new calls for the whole process, in place of an earlier cap; std::nullopt lifts the cap. Returns
/// the tier that is active from then on.
/// C: avocet_isa_cap
inline isa isa_cap(std::optional<isa> tier) noexcept {
    return static_cast<isa>(avocet_isa_cap(tier ? static_cast<std::int32_t>(*tier) : -1));
}

}  // namespace v1
}  // namespace avocet

#endif
