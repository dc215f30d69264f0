/// Scratch memory for calls that need some.

#ifndef AVOCET_WORKSPACE_HPP
#define AVOCET_WORKSPACE_HPP

#include <avocet/call.hpp>
#include <avocet/handle.hpp>

#include <cstddef>

namespace avocet {
inline namespace v1 {

/// Owns scratch memory; serves one call at a time. A call that finds it too small enlarges it, so workspace_too_small
/// never comes back; one that was enough once is enough for every call of the same kind, which then allocates nothing.
class workspace {
  public:
    /// A closed one.
    workspace() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit workspace(avocet_workspace *handle) noexcept : handle_(handle) {}

    /// Makes a workspace of at least so many bytes.
    /// C: avocet_workspace_create
    static result<workspace> create(std::size_t bytes = 0) noexcept {
        detail::call call;
        return detail::make<workspace, avocet_workspace>(
            call, [&](avocet_workspace **out, avocet_error *e) { return avocet_workspace_create(bytes, out, e); });
    }

    /// Makes it at least so many bytes large. On failure it keeps its size.
    /// C: avocet_workspace_reserve
    error reserve(std::size_t bytes) noexcept {
        return detail::call().run([&](avocet_error *e) { return avocet_workspace_reserve(c_handle(), bytes, e); });
    }

    /// Its size in bytes; 0 for a closed one.
    /// C: avocet_workspace_bytes
    std::size_t bytes() const noexcept { return avocet_workspace_bytes(c_handle()); }

    /// Frees the memory, as the destructor does.
    /// C: avocet_workspace_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether it is open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_workspace *c_handle() const noexcept { return handle_.get(); }

  private:
    detail::handle<avocet_workspace, avocet_workspace_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
