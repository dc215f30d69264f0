/// Arrays of which a call borrows the elements.

#ifndef AVOCET_ARRAY_VIEW_HPP
#define AVOCET_ARRAY_VIEW_HPP

#include <cstddef>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>

namespace avocet {
inline namespace v1 {

namespace detail {

/// What the elements of a container are read from: of a temporary only as const, so that no call writes to one that
/// owns its elements.
template <class Container>
using source_of = std::conditional_t<std::is_lvalue_reference_v<Container>, Container,
                                     const std::remove_reference_t<Container> &>;

template <class Container>
using element_of = std::remove_pointer_t<decltype(std::data(std::declval<source_of<Container>>()))>;

template <class Container, class T, class = void>
struct has_elements : std::false_type {};

template <class Container, class T>
struct has_elements<Container, T,
                    std::void_t<element_of<Container>, decltype(std::size(std::declval<source_of<Container>>()))>>
    : std::bool_constant<std::is_same_v<std::remove_const_t<element_of<Container>>, std::remove_const_t<T>> &&
                         (std::is_const_v<T> || !std::is_const_v<element_of<Container>>)> {};

}  // namespace detail

/// A pointer and a number of elements: what std::span is to C++20. Made from a vector, an array, a span or anything
/// else with data() and size(), or from a pointer and a size.
template <class T>
class array_view {
  public:
    using element_type = T;

    constexpr array_view() noexcept = default;

    constexpr array_view(T *data, std::size_t size) noexcept : data_(data), size_(size) {}

    template <class Container,
              std::enable_if_t<!std::is_same_v<std::decay_t<Container>, array_view> &&
                                   detail::has_elements<Container, T>::value,
                               int> = 0>
    constexpr array_view(Container &&container) noexcept : data_(std::data(container)), size_(std::size(container)) {}

    constexpr T *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr T *begin() const noexcept { return data_; }
    constexpr T *end() const noexcept { return data_ + size_; }
    constexpr T &operator[](std::size_t at) const noexcept { return data_[at]; }

  private:
    T *data_ = nullptr;
    std::size_t size_ = 0;
};

/// An array that a call can do without. Nothing given is not the same as an empty array.
template <class T>
using optional_array = std::optional<array_view<T>>;

}  // namespace v1
}  // namespace avocet

#endif
