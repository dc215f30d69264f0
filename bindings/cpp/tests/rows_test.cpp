// Known results of conversions and of scores of rows of every type.

#include "support.hpp"

#include <limits>

namespace {

using avocet::check;
using support::floats;
using support::ids;
using support::matrix;
using support::matrix_mut;

using bytes = std::vector<std::int8_t>;
using halves = std::vector<avocet::f16>;
using brains = std::vector<avocet::bf16>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
constexpr avocet::score_options cosine{avocet::score_metric::cosine};

template <class T>
std::vector<unsigned> bits_of(const std::vector<T> &values) {
    std::vector<unsigned> out;
    for (const T each : values) {
        out.push_back(each.bits);
    }
    return out;
}

// Rows of values that every real type has, in each of them.
struct real_rows {
    real_rows(const floats &x, std::size_t rows) : f32(x), f16(x.size()), bf16(x.size()) {
        const std::size_t cols = x.size() / rows;
        check(avocet::convert(matrix(f32, rows), {f16, rows, cols}));
        check(avocet::convert(matrix(f32, rows), {bf16, rows, cols}));
        all = {avocet::real_matrix(f32, rows, cols), avocet::real_matrix(f16, rows, cols),
               avocet::real_matrix(bf16, rows, cols)};
    }

    real_rows(const real_rows &) = delete;

    floats f32;
    halves f16;
    brains bf16;
    std::vector<avocet::real_matrix> all;
};

// Two rows with three, in all three forms, without and with a pool.
void scores(const avocet::score_table &left, const avocet::score_table &right, const avocet::score_options &options,
            const floats &wanted) {
    const ids u{1, 0}, candidates{2, 0, 1};
    const std::vector<std::int64_t> v{0, 2}, offsets{0, 2, 3};
    const avocet::pool two = check(avocet::pool::create(2));
    for (const avocet::pool *pool : {static_cast<const avocet::pool *>(nullptr), &two}) {
        floats pairs(2), some(3), all(6);
        check(avocet::score_pairs(left, right, u, v, options, pairs, pool));
        check(avocet::score_candidates(left, right, {2, 3, offsets, candidates}, options, some, pool));
        check(avocet::score_matrix(left, right, options, matrix_mut(all, 2), pool));
        EXPECT_EQ(all, wanted);
        EXPECT_EQ(pairs, (floats{wanted[3], wanted[2]}));
        EXPECT_EQ(some, (floats{wanted[2], wanted[0], wanted[4]}));
    }
}

TEST(Rows, Conversions) {
    const floats x{1, -2, 0.5f, 3, 65519, 65520, nan, 1 + 1 / 256.0f, 1 + 3 / 256.0f, 3.4e38f};
    halves f16(10);
    brains bf16(10);
    check(avocet::convert({x, 5, 2}, {f16, 5, 2}));
    check(avocet::convert({x, 5, 2}, {bf16, 5, 2}));
    EXPECT_EQ(bits_of(f16), (std::vector<unsigned>{0x3c00, 0xc000, 0x3800, 0x4200, 0x7bff, 0x7c00, 0x7e00, 0x3c04, 0x3c0c,
                                                   0x7c00}));
    // Halves of the last place go to the even neighbour, down and up.
    EXPECT_EQ(bits_of(bf16), (std::vector<unsigned>{0x3f80, 0xc000, 0x3f00, 0x4040, 0x4780, 0x4780, 0x7fc0, 0x3f80, 0x3f82,
                                                    0x7f80}));
    floats wide(10);
    check(avocet::convert({f16, 5, 2}, {wide, 5, 2}));
    EXPECT_TRUE(std::isnan(wide[6]));
    wide[6] = 0;
    EXPECT_EQ(wide, (floats{1, -2, 0.5f, 3, 65504, infinity, 0, 1 + 1 / 256.0f, 1 + 3 / 256.0f, infinity}));
    // From one type of 16 bits to the other, and into a matrix of floats.
    check(avocet::convert({f16, 2, 2}, {&bf16[2], 2, 2}));
    EXPECT_EQ(bits_of(brains(bf16.begin(), bf16.begin() + 6)),
              (std::vector<unsigned>{0x3f80, 0xc000, 0x3f80, 0xc000, 0x3f00, 0x4040}));
    check(avocet::convert({&x[2], 1, 2}, {wide, 1, 2}));
    EXPECT_EQ(wide[1], 3);
}

TEST(Rows, Quantized) {
    const floats x{254, -2, 0, 0, 127, 63};
    for (const avocet::real_matrix &each : real_rows(x, 3).all) {
        bytes q(6);
        floats scales(3, 7), back(6);
        check(avocet::quantize_rows(each, {q, 3, 2}, scales));
        EXPECT_EQ(q, (bytes{127, -1, 0, 0, 127, 63}));
        EXPECT_EQ(scales, (floats{2, 0, 1}));
        check(avocet::dequantize_rows({q, 3, 2}, scales, {back, 3, 2}));
        EXPECT_EQ(back, x);
    }
    for (const avocet::real_matrix &each : real_rows({3, -4, 0, 0, 5, 12}, 3).all) {
        floats norms(3);
        check(avocet::row_norms(each, norms));
        EXPECT_EQ(norms, (floats{5, 0, 13}));
    }
}

// Each type of the left with each of the right.
TEST(Rows, Scores) {
    const real_rows left({1, -2, 0.5f, 3}, 2), right({4, 1, 0, 0.25f, -8, 2}, 3);
    const floats dots{2, -0.5f, -12, 5, 0.75f, 2};
    const double squares[] = {5, 9.25, 17, 0.0625, 68};
    floats cosines;
    for (std::size_t at = 0; at < 6; at++) {
        cosines.push_back(
            static_cast<float>(double{dots[at]} / (std::sqrt(squares[at / 3]) * std::sqrt(squares[2 + at % 3]))));
    }
    for (const avocet::real_matrix &a : left.all) {
        for (const avocet::real_matrix &b : right.all) {
            scores(a, b, {}, dots);
            scores(a, b, cosine, cosines);
        }
    }
    // Without options.
    floats pairs(2), some(3), all(6);
    check(avocet::score_pairs({left.f32, 2, 2}, {right.bf16, 3, 2}, ids{1, 0}, ids{0, 2}, pairs));
    check(avocet::score_candidates({left.f16, 2, 2}, {right.f32, 3, 2}, {2, 3, ids{0, 2, 3}, ids{2, 0, 1}}, some));
    check(avocet::score_matrix({left.bf16, 2, 2}, {right.f16, 3, 2}, {all, 2, 3}));
    EXPECT_EQ(pairs, (floats{5, -12}));
    EXPECT_EQ(some, (floats{-12, 2, 0.75f}));
    EXPECT_EQ(all, dots);
}

TEST(Rows, Integers) {
    const bytes x{1, -2, 3, 4}, y{5, 6, 9, 7, -8, 9, -127, -127}, zeros(4);
    const floats a{0.5f, 2}, b{1, 10, -1};
    const avocet::matrix_i8 left(x, 2, 2), right(y, 3, 2, 3);
    scores(left, right, {}, {-7, 23, 127, 39, -11, -889});
    scores({left, a}, right, {}, {-3.5f, 11.5f, 63.5f, 78, -22, -1778});
    scores(left, {right, b}, {}, {-7, 230, -127, 39, -110, 889});
    scores({left, a}, {right, b}, {}, {-3.5f, 115, -63.5f, 78, -220, 1778});
    // The cosine is one of the integers.
    const double dots[] = {-7, 23, 127, 39, -11, -889}, squares[] = {5, 25, 61, 113, 2 * 127 * 127};
    floats cosines;
    for (std::size_t at = 0; at < 6; at++) {
        cosines.push_back(
            static_cast<float>(dots[at] / (std::sqrt(squares[at / 3]) * std::sqrt(squares[2 + at % 3]))));
    }
    scores({left, a}, {right, b}, cosine, cosines);
    scores({zeros, 2, 2}, right, cosine, floats(6));
}

TEST(Rows, SecondTables) {
    const real_rows reals({1, -2, 0.5f, 3}, 2);
    const floats y{4, 1, 0, 0.25f, -8, 2}, tens{10, 1, 10};
    const bytes p{1, 2}, q{3, 0, -1};
    const avocet::score_table left(reals.f32, 2, 2), right(y, 3, 2), integers(p, 2, 1), others(q, 3, 1);
    const avocet::score_table scaled(avocet::matrix_i8(q, 3, 1), tens);
    using avocet::second_tables;
    const auto dot = avocet::score_metric::dot;
    // Of integers: 3, 0, -1, 6, 0, -2; with scales of the right 30, 0, -10, 60, 0, -20.
    scores(left, right, {dot, second_tables(integers, others, 2, -1)}, {1, -1, -23, 4, 1.5f, 6});
    scores(left, right, {dot, second_tables(integers, scaled, 2, -1)}, {-26, -1, -14, -50, 1.5f, 24});
    scores(integers, others, {dot, second_tables(left, right, 0.5f, 4)}, {9.5f, -2, -48.5f, 23, 3, 7});
    scores(integers, scaled, {dot, second_tables(left, right, 0, 1)}, {2, -0.5f, -12, 5, 0.75f, 2});
    scores(left, right, {dot, second_tables({reals.f16, 2, 2}, right, 1, 1)}, {4, -1, -24, 10, 1.5f, 4});
    // Both by the metric.
    floats twice(6);
    check(avocet::score_matrix(left, right, cosine, {twice, 2, 3}));
    for (float &each : twice) {
        each *= 2;
    }
    scores(left, right, {avocet::score_metric::cosine, second_tables(left, right, 1, 1)}, twice);
}

// What lies between rows is neither read nor written.
TEST(Rows, Gaps) {
    const floats x{127, 2, nan, -254, 2, nan};
    halves f16(6, avocet::f16{77});
    bytes q(6, 77);
    floats scales(2), back(6, 7);
    const avocet::pool pool = check(avocet::pool::create(2));
    check(avocet::convert({x, 2, 2, 3}, {f16, 2, 2, 3}, &pool));
    EXPECT_EQ(bits_of(f16), (std::vector<unsigned>{0x57f0, 0x4000, 77, 0xdbf0, 0x4000, 77}));
    check(avocet::quantize_rows({f16, 2, 2, 3}, {q, 2, 2, 3}, scales, &pool));
    EXPECT_EQ(q, (bytes{127, 2, 77, -127, 1, 77}));
    check(avocet::dequantize_rows({q, 2, 2, 3}, scales, {back, 2, 2, 3}, &pool));
    EXPECT_EQ(back, (floats{127, 2, 7, -254, 2, 7}));
    floats norm(1), all(4, 7);
    check(avocet::row_norms({&x[3], 1, 1, 3}, norm, &pool));
    EXPECT_EQ(norm[0], 254);
    check(avocet::score_matrix({x, 2, 2, 3}, {f16, 1, 2, 3}, {all, 2, 1, 3}, &pool));
    EXPECT_EQ(all, (floats{127 * 127 + 4, 7, 7, -254 * 127 + 4}));
}

TEST(Rows, Nothing) {
    check(avocet::convert({}, {}));
    check(avocet::quantize_rows({}, {}, {}));
    check(avocet::dequantize_rows({}, {}, {}));
    check(avocet::row_norms({}, {}));
    check(avocet::score_candidates({}, {}, {0, 0, ids{0}, ids()}, {}));
    check(avocet::score_matrix({}, {}, avocet::matrix_mut()));
    // Scales that are given and empty are there.
    check(avocet::score_pairs({avocet::matrix_i8(), floats()}, avocet::matrix_i8(), {}, {}, {}));
    // Rows without columns have scores and scales.
    floats zeros(2, 7), scales(2, 7);
    bytes none;
    check(avocet::score_pairs({floats(), 2, 0}, {halves(), 2, 0}, ids{0, 1}, ids{1, 0}, zeros));
    EXPECT_EQ(zeros, floats(2));
    check(avocet::quantize_rows({floats(), 2, 0}, {none, 2, 0}, scales));
    EXPECT_EQ(scales, floats(2));
}

}  // namespace
