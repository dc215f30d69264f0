/// What a call made, or why it made nothing.

#ifndef AVOCET_RESULT_HPP
#define AVOCET_RESULT_HPP

#include <avocet/error.hpp>

#include <utility>

namespace avocet {
inline namespace v1 {

/// A value, or the error of the call that should have made it: true if there is a value. Without one, value() is an
/// empty T: a closed handle, or zeros.
template <class T>
class [[nodiscard]] result {
  public:
    result(T value) noexcept : value_(std::move(value)) {}
    result(const avocet::error &refused) noexcept : error_(refused) {}

    bool has_value() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return has_value(); }

    const avocet::error &error() const noexcept { return error_; }

    T &value() & noexcept { return value_; }
    const T &value() const & noexcept { return value_; }
    T &&value() && noexcept { return std::move(value_); }

    T &operator*() & noexcept { return value_; }
    const T &operator*() const & noexcept { return value_; }
    T &&operator*() && noexcept { return std::move(value_); }
    T *operator->() noexcept { return &value_; }
    const T *operator->() const noexcept { return &value_; }

  private:
    avocet::error error_;
    T value_{};
};

}  // namespace v1
}  // namespace avocet

#endif
