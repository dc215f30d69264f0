/// What all calls do before and around the C function. Not for use from outside.

#ifndef AVOCET_CALL_HPP
#define AVOCET_CALL_HPP

#include <avocet.h>
#include <avocet/array_view.hpp>
#include <avocet/error.hpp>
#include <avocet/library.hpp>
#include <avocet/view.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace avocet {
inline namespace v1 {
namespace detail {

/// The first thing that is wrong with a call's arguments, and then the call itself. Arguments are given by number and
/// name in the C function.
class call {
  public:
    call() noexcept : error_(compatible()) {}

    call &refuse(status why, int argument, const char *name, std::uint64_t position = 0) noexcept {
        if (!error_) {
            avocet_error &c = *error_.c_error();
            c.status = static_cast<avocet_status>(why);
            c.argument = argument;
            c.name = name;
            c.position = position;
        }
        return *this;
    }

    call &refuse_size(status why, int argument, const char *name, std::size_t found,
                      std::uint64_t position = 0) noexcept {
        if (!error_) {
            constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
            refuse(why, argument, name, position);
            error_.c_error()->value = AVOCET_VALUE_INTEGER;
            error_.c_error()->integer = static_cast<std::int64_t>(found < most ? found : most);
        }
        return *this;
    }

    call &refuse_real(status why, int argument, const char *name, double found) noexcept {
        if (!error_) {
            refuse(why, argument, name);
            error_.c_error()->value = AVOCET_VALUE_REAL;
            error_.c_error()->real = found;
        }
        return *this;
    }

    /// A handle that may be missing must not be a closed one, which would count as missing in C.
    template <class Handle>
    call &open(const Handle *handle, int argument, const char *name, std::uint64_t position = 0) noexcept {
        return handle == nullptr || *handle ? *this : refuse(status::null_pointer, argument, name, position);
    }

    /// A handle on whose shape the lengths of arrays depend.
    template <class Handle>
    call &open(const Handle &handle, int argument, const char *name, std::uint64_t position = 0) noexcept {
        return open(&handle, argument, name, position);
    }

    template <class T>
    call &length(array_view<T> array, std::size_t wanted, int argument, const char *name,
                 std::uint64_t position = 0) noexcept {
        return array.size() == wanted
                   ? *this
                   : refuse_size(status::shape_mismatch, argument, name, array.size(), position);
    }

    /// An array that is given must not be NULL, which would count as missing in C.
    template <class T>
    call &length(const optional_array<T> &array, std::size_t wanted, int argument, const char *name,
                 std::uint64_t position = 0) noexcept {
        if (!array) {
            return *this;
        }
        if (array->data() == nullptr && !array->empty()) {
            return refuse(status::null_pointer, argument, name, position);
        }
        return length(*array, wanted, argument, name, position);
    }

    template <class Matrix>
    call &fits(const Matrix &view, int argument, const char *name, std::uint64_t position = 0) noexcept {
        return view.fits() ? *this
                           : refuse_size(status::shape_mismatch, argument, name, view.length(), position);
    }

    template <class Matrix>
    call &fits(const std::optional<Matrix> &view, int argument, const char *name) noexcept {
        return view ? fits(*view, argument, name) : *this;
    }

    /// A sparse matrix must have an offset more than rows. C has no length for them.
    call &offsets(const csr &csr, int argument, const char *name = "csr.offsets") noexcept {
        const bool fits = csr.rows == std::numeric_limits<std::size_t>::max() || csr.offsets.size() == csr.rows + 1;
        return fits ? *this : refuse_size(status::shape_mismatch, argument, name, csr.offsets.size());
    }

    bool failed() const noexcept { return static_cast<bool>(error_); }

    const avocet::error &error() const noexcept { return error_; }

    /// Makes the call, unless something was wrong.
    template <class Function>
    avocet::error run(Function function) noexcept {
        if (!error_) {
            function(error_.c_error());
        }
        return error_;
    }

    /// A call that needs a workspace: made again with a larger one if it asks for that.
    template <class Function>
    avocet::error run_in(avocet_workspace *workspace, Function function) noexcept {
        if (!error_ && function(error_.c_error()) == AVOCET_ERROR_WORKSPACE_TOO_SMALL) {
            const auto bytes = static_cast<std::size_t>(error_.integer());
            const avocet_status reserved = avocet_workspace_reserve(workspace, bytes, nullptr);
            if (reserved == AVOCET_OK) {
                error_ = {};
                function(error_.c_error());
            } else {
                error_.c_error()->status = reserved;
            }
        }
        return error_;
    }

  private:
    avocet::error error_;
};

/// A sparse matrix in the form of C.
inline avocet_csr c_csr(const csr &csr) noexcept {
    return {csr.rows,
            csr.cols,
            csr.indices.size(),
            csr.offsets.c_view().data,
            csr.indices.c_view().data,
            csr.offsets.c_view().index_type,
            csr.indices.c_view().index_type};
}

/// An array that is given but has no elements is there all the same: NULL would count as missing in C.
template <class T>
T *pointer(const optional_array<T> &array) noexcept {
    static std::max_align_t nothing;
    if (array && array->data() == nullptr && array->empty()) {
        return reinterpret_cast<T *>(&nothing);
    }
    return array ? array->data() : nullptr;
}

template <class T>
const typename basic_matrix<T>::c_type *pointer(const std::optional<basic_matrix<T>> &view) noexcept {
    return view ? &view->c_view() : nullptr;
}

template <class Handle>
auto pointer(const Handle *handle) noexcept -> decltype(handle->c_handle()) {
    return handle == nullptr ? nullptr : handle->c_handle();
}

}  // namespace detail
}  // namespace v1
}  // namespace avocet

#endif
