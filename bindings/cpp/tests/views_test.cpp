// What views are made from, and what not.

#include "support.hpp"

#include <array>
#include <initializer_list>
#include <limits>
#include <type_traits>

#if defined(__cpp_lib_span) || __cplusplus >= 202002
#include <span>
#endif

namespace {

using support::floats;
using support::ids;

template <class T, class... Arguments>
constexpr bool makes = std::is_constructible_v<T, Arguments...>;

// Elements have the type of the view; no call can write to what is const, or to a temporary.
static_assert(makes<avocet::array_view<const float>, const floats &> && makes<avocet::array_view<float>, floats &>);
static_assert(!makes<avocet::array_view<float>, const floats &> && !makes<avocet::array_view<float>, floats>);
static_assert(makes<avocet::array_view<const float>, floats>);
static_assert(!makes<avocet::array_view<const float>, std::vector<double> &>);
static_assert(!makes<avocet::array_view<float>, int> && !makes<avocet::array_view<float>, float *>);
static_assert(makes<avocet::array_view<const float>, avocet::array_view<float>>);
static_assert(!makes<avocet::array_view<float>, avocet::array_view<const float>>);
static_assert(makes<avocet::matrix, floats &, std::size_t, std::size_t>);
static_assert(makes<avocet::matrix, avocet::matrix_mut> && !makes<avocet::matrix_mut, avocet::matrix>);
static_assert(!makes<avocet::matrix_mut, const floats &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix_mut, const float *, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix, std::vector<double> &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix, double *, std::size_t, std::size_t>);
// Elements of 16 bits are a type of their own, only for what takes them.
static_assert(makes<avocet::matrix_f16, std::vector<avocet::f16> &, std::size_t, std::size_t>);
static_assert(makes<avocet::matrix_bf16, const avocet::bf16 *, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix_f16, std::vector<avocet::bf16> &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix_f16, std::vector<std::uint16_t> &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix, std::vector<avocet::f16> &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix, avocet::matrix_f16> && !makes<avocet::matrix_f16, avocet::matrix>);
static_assert(!makes<avocet::matrix_f16, avocet::matrix_bf16> && !makes<avocet::matrix_bf16, avocet::matrix_mut>);
static_assert(sizeof(avocet::f16) == 2 && std::is_trivial_v<avocet::f16> && sizeof(avocet::bf16) == 2);
static_assert(avocet::matrix::type() == avocet::element_type::f32 &&
              avocet::matrix_f16::type() == avocet::element_type::f16 &&
              avocet::matrix_bf16::type() == avocet::element_type::bf16);
// Those of 8 bits are signed, and no real numbers. Matrices to write are of every type.
static_assert(makes<avocet::matrix_i8, const std::vector<std::int8_t> &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix_i8, std::vector<std::uint8_t> &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix_i8, std::vector<char> &, std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix, avocet::matrix_i8> && !makes<avocet::matrix_i8, avocet::matrix>);
static_assert(makes<avocet::matrix_i8_mut, std::int8_t *, std::size_t, std::size_t> &&
              makes<avocet::matrix_f16_mut, std::vector<avocet::f16> &, std::size_t, std::size_t> &&
              makes<avocet::matrix_bf16_mut, avocet::bf16 (&)[4], std::size_t, std::size_t>);
static_assert(!makes<avocet::matrix_i8_mut, const std::int8_t *, std::size_t, std::size_t> &&
              !makes<avocet::matrix_f16_mut, const std::vector<avocet::f16> &, std::size_t, std::size_t>);
static_assert(makes<avocet::matrix_f16, avocet::matrix_f16_mut> && !makes<avocet::matrix_f16_mut, avocet::matrix_f16>);
static_assert(makes<avocet::matrix_i8, avocet::matrix_i8_mut> && !makes<avocet::matrix_i8, avocet::matrix_f16_mut>);
static_assert(avocet::matrix_i8::type() == avocet::element_type::i8 && avocet::is_real<avocet::f16> &&
              !avocet::is_real<std::int8_t> && !avocet::is_real<double>);
// Real matrices are made like one of float, f16 or bf16; no call writes to what is const, or to a temporary.
using real = avocet::real_matrix;
using real_mut = avocet::real_matrix_mut;
static_assert(makes<real, avocet::matrix> && makes<real, avocet::matrix_mut> && makes<real, avocet::matrix_f16_mut>);
static_assert(makes<real, const floats &, std::size_t, std::size_t> && makes<real, floats, std::size_t, std::size_t> &&
              makes<real, const avocet::bf16 *, std::size_t, std::size_t, std::size_t>);
static_assert(makes<real_mut, avocet::matrix_bf16_mut> && !makes<real_mut, avocet::matrix_bf16> &&
              !makes<real_mut, real> && !makes<real, real_mut>);
static_assert(makes<real_mut, floats &, std::size_t, std::size_t> && makes<real_mut, float *, std::size_t, std::size_t> &&
              makes<real_mut, std::array<avocet::f16, 4> &, std::size_t, std::size_t>);
static_assert(!makes<real_mut, floats, std::size_t, std::size_t> &&
              !makes<real_mut, const floats &, std::size_t, std::size_t> &&
              !makes<real_mut, const float *, std::size_t, std::size_t>);
static_assert(!makes<real, avocet::matrix_i8> && !makes<real, std::vector<double> &, std::size_t, std::size_t> &&
              !makes<real, std::vector<std::int8_t> &, std::size_t, std::size_t> &&
              !makes<real_mut, std::int8_t *, std::size_t, std::size_t> && !makes<real_mut, avocet::matrix_i8_mut>);
// Tables take both, and scales only with int8.
using table = avocet::score_table;
static_assert(makes<table, avocet::matrix_mut> && makes<table, real> && makes<table, avocet::matrix_f16> &&
              makes<table, const float *, std::size_t, std::size_t> && makes<table, floats &, std::size_t, std::size_t>);
static_assert(makes<table, avocet::matrix_i8> && makes<table, avocet::matrix_i8_mut, const floats &> &&
              makes<table, const std::int8_t *, std::size_t, std::size_t, std::size_t>);
static_assert(!makes<table, avocet::matrix, floats &> && !makes<table, real, floats &> &&
              !makes<table, std::vector<double> &, std::size_t, std::size_t> &&
              !makes<table, std::vector<std::uint8_t> &, std::size_t, std::size_t>);
// Features are made like any of the three kinds, and of nothing that is about to go.
using features = avocet::logistic_features;
static_assert(makes<features, floats &, std::size_t, std::size_t> && makes<features, avocet::matrix_mut>);
static_assert(makes<features, std::vector<avocet::f16> &, std::size_t, std::size_t, std::size_t>);
static_assert(makes<features, const avocet::bf16 *, std::size_t, std::size_t>);
static_assert(makes<features, avocet::csr> && makes<features, avocet::csr, floats &>);
static_assert(makes<features, const avocet::sparse_rows &, bool> && !makes<features, avocet::sparse_rows>);
static_assert(!makes<features, avocet::sparse_rows, bool> && !makes<features, avocet::csr, bool>);
static_assert(!makes<features, std::vector<double> &, std::size_t, std::size_t>);
static_assert(!makes<features, std::vector<std::uint16_t> &, std::size_t, std::size_t>);
static_assert(!makes<features, void *, std::size_t, std::size_t> && !makes<features, avocet::matrix_i8> &&
              !makes<features, std::vector<std::int8_t> &, std::size_t, std::size_t>);
static_assert(makes<avocet::indices, std::vector<long long> &> && makes<avocet::indices, std::vector<long> &>);
static_assert(!makes<avocet::indices, std::vector<std::uint64_t> &> && !makes<avocet::indices, floats &>);
static_assert(!makes<avocet::indices, std::vector<std::uint16_t> &> && !makes<avocet::indices, bool (&)[2]>);
// Owners move, and are not copied.
static_assert(!std::is_copy_constructible_v<avocet::graph> && std::is_nothrow_move_constructible_v<avocet::graph>);
static_assert(!std::is_copy_constructible_v<avocet::pool> && std::is_nothrow_move_assignable_v<avocet::pool>);
static_assert(!std::is_copy_constructible_v<avocet::workspace>);
static_assert(!std::is_copy_constructible_v<avocet::stream> && std::is_nothrow_move_assignable_v<avocet::stream>);
static_assert(!std::is_copy_constructible_v<avocet::sparse_rows> &&
              std::is_nothrow_move_assignable_v<avocet::sparse_rows>);
static_assert(!std::is_copy_constructible_v<avocet::grid> && std::is_nothrow_move_assignable_v<avocet::grid>);
static_assert(!std::is_copy_constructible_v<avocet::buckets> && std::is_nothrow_move_assignable_v<avocet::buckets>);
// Labels are floats or of one byte, segments unsigned; cells are not those of buckets that are about to go.
static_assert(makes<avocet::labels, floats &> && makes<avocet::labels, std::vector<std::int8_t> &>);
static_assert(makes<avocet::labels, bool (&)[2]> && makes<avocet::labels, const std::uint8_t *, std::size_t>);
static_assert(!makes<avocet::labels, std::vector<int> &> && !makes<avocet::labels, std::vector<char> &>);
static_assert(!makes<avocet::labels, std::vector<double> &> && !makes<avocet::labels, std::vector<bool> &>);
static_assert(makes<avocet::segments, std::vector<std::uint16_t> &> && makes<avocet::segments, ids &>);
static_assert(!makes<avocet::segments, std::vector<int> &> && !makes<avocet::segments, std::vector<std::uint8_t> &>);
static_assert(!makes<avocet::segments, std::vector<std::uint64_t> &> && !makes<avocet::segments, floats &>);
static_assert(makes<avocet::cells, const avocet::buckets &, std::size_t, avocet::tally>);
static_assert(!makes<avocet::cells, avocet::buckets> && !makes<avocet::cells, avocet::buckets, std::size_t>);
// Kinds are bytes, and not any bytes.
static_assert(sizeof(avocet::row_kind) == 1);
static_assert(makes<avocet::array_view<const avocet::row_kind>, avocet::row_kind (&)[2]>);
static_assert(!makes<avocet::array_view<const avocet::row_kind>, std::vector<std::uint8_t> &>);
// An owner is the size of its handle, and nothing is virtual.
static_assert(sizeof(avocet::graph) == sizeof(void *) && sizeof(avocet::buckets) == sizeof(void *) &&
              !std::is_polymorphic_v<avocet::error>);
static_assert(std::is_trivially_copyable_v<avocet::error> && std::is_trivially_copyable_v<avocet::matrix> &&
              std::is_trivially_copyable_v<avocet::logistic_features>);

TEST(Views, OfEveryKindOfArray) {
    floats vector{1, 2, 3};
    const std::array<float, 3> array{1, 2, 3};
    float plain[] = {1, 2, 3};
    const auto three = [](avocet::array_view<const float> view) {
        return view.size() == 3 && view[0] == 1 && view.end() - view.begin() == 3 && *(view.end() - 1) == 3;
    };
    EXPECT_TRUE(three(vector));
    EXPECT_TRUE(three(array));
    EXPECT_TRUE(three(plain));
    EXPECT_TRUE(three({vector.data(), 3}));
    EXPECT_TRUE(three(avocet::array_view<float>(plain)));
    EXPECT_TRUE(three(floats{1, 2, 3}));
    EXPECT_TRUE(three(std::initializer_list<float>{1, 2, 3}));
#ifdef __cpp_lib_span
    EXPECT_TRUE(three(std::span(vector)));
    EXPECT_TRUE(three(std::span<const float, 3>(array)));
    const avocet::array_view<float> written = std::span(plain);
    EXPECT_EQ(written.data(), plain);
    EXPECT_EQ(avocet::indices(std::span<const std::int32_t>()).type(), avocet::index_type::i32);
#elif __cplusplus >= 202002
#error "C++20 without std::span"
#endif
}

TEST(Views, LabelAndSegmentTypes) {
    EXPECT_EQ(avocet::labels(floats{1}).type(), avocet::label_type::f32);
    EXPECT_EQ(avocet::labels(std::vector<std::uint8_t>{1}).type(), avocet::label_type::u8);
    EXPECT_EQ(avocet::labels(std::vector<std::int8_t>{1}).type(), avocet::label_type::i8);
    EXPECT_EQ(avocet::labels(std::array<bool, 1>{true}).type(), avocet::label_type::u8);
    EXPECT_EQ(avocet::segments(std::vector<std::uint16_t>{1}).type(), avocet::segment_type::u16);
    const std::uint32_t two[] = {1, 2};
    EXPECT_EQ(avocet::segments(two).type(), avocet::segment_type::u32);
    EXPECT_EQ(avocet::segments(two, 1).size(), 1u);
}

TEST(Views, IndexTypes) {
    EXPECT_EQ(avocet::indices(std::vector<std::uint32_t>{1}).type(), avocet::index_type::u32);
    EXPECT_EQ(avocet::indices(std::vector<std::int32_t>{1}).type(), avocet::index_type::i32);
    EXPECT_EQ(avocet::indices(std::vector<std::int64_t>{1}).type(), avocet::index_type::i64);
    EXPECT_EQ(avocet::indices(std::vector<long long>{1}).type(), avocet::index_type::i64);
    const std::int32_t two[] = {1, 2};
    EXPECT_EQ(avocet::indices(two).size(), 2u);
    EXPECT_EQ(avocet::indices(two, 1).size(), 1u);
}

TEST(Views, EveryIndexTypeGivesTheSameScores) {
    const floats left{1, 2, 3, 4}, right{5, 6, 7, 8};
    const std::vector<std::uint32_t> u32{1, 0};
    const std::vector<std::int32_t> i32{1, 0};
    const std::vector<std::int64_t> i64{1, 0};
    for (const avocet::indices &u : {avocet::indices(u32), avocet::indices(i32), avocet::indices(i64)}) {
        std::array<float, 2> out{};
        avocet::check(avocet::score_pairs({left, 2, 2}, {right, 2, 2}, u, u32, out));
        EXPECT_EQ(out, (std::array<float, 2>{53, 17}));
    }
}

// The least length that a shape needs is enough, and one less is not.
TEST(Views, LengthOfAMatrix) {
    const floats values(100);
    const auto fits = [&](std::size_t len, std::size_t rows, std::size_t cols, std::size_t stride) {
        return avocet::matrix({values.data(), len}, rows, cols, stride).fits();
    };
    EXPECT_TRUE(fits(6, 2, 3, 0));
    EXPECT_FALSE(fits(5, 2, 3, 0));
    EXPECT_TRUE(fits(8, 2, 3, 5));
    EXPECT_FALSE(fits(7, 2, 3, 5));
    EXPECT_TRUE(fits(0, 0, 3, 0));
    EXPECT_TRUE(fits(0, 3, 0, 0));
    EXPECT_FALSE(fits(0, 1, 1, 0));
    EXPECT_EQ(avocet::matrix(values, 2, 3, 5).stride(), 5u);
    EXPECT_EQ(avocet::matrix(values, 2, 3).stride(), 3u);
    // For the library to refuse: a stride below cols, and products that wrap round to less and to more than there is.
    const std::size_t half = std::numeric_limits<std::size_t>::max() / 2 + 1;
    EXPECT_TRUE(fits(4, 4, 2, 1));
    EXPECT_TRUE(fits(100, 3, 2, half));
    EXPECT_TRUE(fits(100, 3, 2, half + 1000));
    EXPECT_TRUE(fits(100, half + 2, 2, 2));
    float out[6] = {};
    EXPECT_TRUE(avocet::matrix_mut(out, 2, 3).fits());
    EXPECT_FALSE(avocet::matrix_mut(out, 2, 4).fits());
    EXPECT_TRUE(avocet::matrix_mut(&out[0], 2, 4).fits());  // a pointer has no length
    EXPECT_FALSE(avocet::matrix(avocet::matrix_mut(out, 2, 4)).fits());
}

TEST(Views, ShapesThatNoMemoryHoldsAreRefused) {
    const std::size_t half = std::numeric_limits<std::size_t>::max() / 2 + 1;
    const floats values(4);
    const std::vector<std::uint32_t> one{0};
    float out[1];
    EXPECT_TRUE(support::refused(avocet::score_pairs({values, half + 2, 2, 2}, {values, 2, 2}, one, one, out),
                                 avocet::status::size_overflow, 1, "left.rows"));
    EXPECT_TRUE(support::refused(avocet::score_pairs({values, 3, 2, half}, {values, 2, 2}, one, one, out),
                                 avocet::status::size_overflow, 1, "left.rows"));
    EXPECT_TRUE(support::refused_value(avocet::score_pairs({values, 2, 2, 1}, {values, 2, 2}, one, one, out),
                                       avocet::status::shape_mismatch, 1, "left.stride", 0, 1));
}

}  // namespace
