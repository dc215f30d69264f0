// What the tests share: random numbers, graphs, and checks of errors.

#ifndef SUPPORT_HPP
#define SUPPORT_HPP

#include <avocet/avocet.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace support {

using floats = std::vector<float>;
using ids = std::vector<std::uint32_t>;

/// SplitMix64, and the numbers that tests/golden/README.md makes of it.
class random {
  public:
    explicit random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t bits() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }

    std::uint32_t below(std::size_t limit) { return static_cast<std::uint32_t>(bits() % limit); }

    float value() { return static_cast<float>(bits() >> 40) / 8388608.0f - 1.0f; }

    floats values(std::size_t len) {
        floats out(len);
        for (float &each : out) {
            each = value();
        }
        return out;
    }

  private:
    std::uint64_t state_;
};

/// A graph of the given rows.
inline avocet::graph graph_of(const std::vector<ids> &rows, std::size_t cols) {
    std::vector<std::int64_t> offsets{0};
    ids columns;
    for (const ids &row : rows) {
        columns.insert(columns.end(), row.begin(), row.end());
        offsets.push_back(static_cast<std::int64_t>(columns.size()));
    }
    return avocet::check(avocet::graph::create({rows.size(), cols, offsets, columns}));
}

/// A matrix of rows that lie side by side.
inline avocet::matrix matrix(const floats &values, std::size_t rows) {
    return {values, rows, rows == 0 ? 0 : values.size() / rows};
}

inline avocet::matrix_mut matrix_mut(floats &values, std::size_t rows) {
    return {values, rows, rows == 0 ? 0 : values.size() / rows};
}

/// That a call was refused for this reason, at this argument of the C function.
inline testing::AssertionResult refused(const avocet::error &found, avocet::status status, int argument,
                                        const char *name, std::uint64_t position = 0) {
    if (found.status() == status && found.argument() == argument && std::string(found.name()) == name &&
        found.position() == position) {
        return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "found " << avocet::status_name(found.status()) << ": " << found.message()
                                       << "; wanted " << avocet::status_name(status) << ", argument " << argument
                                       << " (" << name << "), position " << position;
}

/// The same, with the value found there.
inline testing::AssertionResult refused_value(const avocet::error &found, avocet::status status, int argument,
                                              const char *name, std::uint64_t position, std::int64_t integer) {
    if (found.value_kind() != avocet::value_kind::integer || found.integer() != integer) {
        return testing::AssertionFailure() << "found " << found.message() << "; wanted the integer " << integer;
    }
    return refused(found, status, argument, name, position);
}

/// The same, with a floating-point value; NaN is equal to NaN.
inline testing::AssertionResult refused_real(const avocet::error &found, avocet::status status, int argument,
                                             const char *name, std::uint64_t position, double real) {
    const bool same = found.real() == real || (std::isnan(found.real()) && std::isnan(real));
    if (found.value_kind() != avocet::value_kind::real || !same) {
        return testing::AssertionFailure() << "found " << found.message() << "; wanted the value " << real;
    }
    return refused(found, status, argument, name, position);
}

}  // namespace support

// That a call is refused because a handle is closed or an array NULL, or because a length is not that of a shape.
#define CLOSED(call, argument, name) EXPECT_TRUE(support::refused(call, avocet::status::null_pointer, argument, name))
#define SHAPE(call, argument, name, found) SHAPE_AT(call, argument, name, 0, found)
#define SHAPE_AT(call, argument, name, position, found) \
    EXPECT_TRUE(support::refused_value(call, avocet::status::shape_mismatch, argument, name, position, found))

#endif
