/// Threads for calls to share their work among.

#ifndef AVOCET_POOL_HPP
#define AVOCET_POOL_HPP

#include <avocet/call.hpp>
#include <avocet/handle.hpp>

#include <cstddef>

namespace avocet {
inline namespace v1 {

/// Owns the threads: they end with it. Any number of calls may use one at once.
class pool {
  public:
    /// A closed one.
    pool() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit pool(avocet_pool *handle) noexcept : handle_(handle) {}

    /// Starts 1 to 1024 threads. They sleep while no call uses them.
    /// C: avocet_pool_create
    static result<pool> create(std::size_t threads) noexcept {
        detail::call call;
        return detail::make<pool, avocet_pool>(
            call, [&](avocet_pool **out, avocet_error *e) { return avocet_pool_create(threads, out, e); });
    }

    /// The number of threads; 1 for a closed pool.
    /// C: avocet_pool_threads
    std::size_t threads() const noexcept { return avocet_pool_threads(c_handle()); }

    /// Stops the threads and waits for their end, as the destructor does.
    /// C: avocet_pool_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether it is open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_pool *c_handle() const noexcept { return handle_.get(); }

  private:
    detail::handle<avocet_pool, avocet_pool_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
