/// Types of the elements of matrices.

#ifndef AVOCET_ELEMENT_HPP
#define AVOCET_ELEMENT_HPP

#include <avocet.h>

#include <cstdint>

#if defined(__STDCPP_FLOAT16_T__) || defined(__STDCPP_BFLOAT16_T__)
#include <stdfloat>
#endif

namespace avocet {
inline namespace v1 {

/// The types of matrix elements. Calls say which they take.
enum class element_type : std::int32_t {
    f32 = AVOCET_F32,
    f16 = AVOCET_F16,
    bf16 = AVOCET_BF16,
    i8 = AVOCET_I8,
};

/// A 16-bit IEEE 754 number, by its bits. std::float16_t serves as well, where there is one.
struct f16 {
    std::uint16_t bits;
};

/// A bfloat16, the upper half of a float, by its bits. std::bfloat16_t serves as well.
struct bf16 {
    std::uint16_t bits;
};

/// Whether matrices can have elements of a type, the type's name in C, and whether its values are real numbers.
template <class T>
inline constexpr bool is_element = false;
template <class T>
inline constexpr element_type element_type_of = element_type::f32;

template <>
inline constexpr bool is_element<float> = true;

template <>
inline constexpr bool is_element<f16> = true;
template <>
inline constexpr element_type element_type_of<f16> = element_type::f16;

template <>
inline constexpr bool is_element<bf16> = true;
template <>
inline constexpr element_type element_type_of<bf16> = element_type::bf16;

template <>
inline constexpr bool is_element<std::int8_t> = true;
template <>
inline constexpr element_type element_type_of<std::int8_t> = element_type::i8;

#ifdef __STDCPP_FLOAT16_T__
template <>
inline constexpr bool is_element<std::float16_t> = true;
template <>
inline constexpr element_type element_type_of<std::float16_t> = element_type::f16;
#endif

#ifdef __STDCPP_BFLOAT16_T__
template <>
inline constexpr bool is_element<std::bfloat16_t> = true;
template <>
inline constexpr element_type element_type_of<std::bfloat16_t> = element_type::bf16;
#endif

template <class T>
inline constexpr bool is_real = is_element<T> && element_type_of<T> != element_type::i8;

}  // namespace v1
}  // namespace avocet

#endif
