// Bad input to conversions and to scores of rows: what the binding itself refuses, in the words of the C function, and
// what it passes on to be refused. Outputs stay as they were.

#include "support.hpp"

#include <functional>
#include <limits>

namespace {

using avocet::score_metric;
using avocet::second_tables;
using avocet::status;
using support::floats;
using support::ids;
using support::refused;
using support::refused_real;
using support::refused_value;

using bytes = std::vector<std::int8_t>;
using halves = std::vector<avocet::f16>;

constexpr float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();

template <class T>
const T *misaligned(const T *data) {
    return reinterpret_cast<const T *>(reinterpret_cast<const char *>(data) + 1);
}

// Three rows, four columns, five candidates; tables of two columns.
class RowsErrors : public testing::Test {
  protected:
    void TearDown() override {
        EXPECT_EQ(out, floats(20, 7)) << "an output was written";
        EXPECT_EQ(q, bytes(20, 7)) << "an output was written";
        for (const avocet::f16 each : h) {
            EXPECT_EQ(each.bits, 7) << "an output was written";
        }
    }

    avocet::matrix whole(std::size_t rows) const { return {{values.data(), 2 * rows}, rows, 2}; }
    avocet::matrix cut(std::size_t rows) const { return {{values.data(), 2 * rows - 1}, rows, 2}; }
    avocet::matrix_i8 int8(std::size_t rows) const { return {{integers.data(), 2 * rows}, rows, 2}; }
    avocet::matrix_i8 cut_int8(std::size_t rows) const { return {{integers.data(), 2 * rows - 1}, rows, 2}; }
    avocet::array_view<const float> in(std::size_t len) const { return {values.data(), len}; }
    avocet::array_view<float> f(std::size_t len) { return {out.data(), len}; }
    avocet::matrix_mut square() { return {f(12), 3, 4}; }
    avocet::matrix_mut wide(std::size_t rows) { return {f(2 * rows), rows, 2}; }
    avocet::matrix_i8_mut to_bytes(std::size_t rows) { return {{q.data(), 2 * rows}, rows, 2}; }

    const ids three{0, 1, 2}, offsets{0, 2, 2, 5}, columns{0, 3, 1, 3, 2};
    const avocet::csr candidates{3, 4, offsets, columns};
    const floats values = floats(40, 1);
    const bytes integers = bytes(40, 1);
    avocet::pool closed_pool;
    floats out = floats(20, 7);
    bytes q = bytes(20, 7);
    halves h = halves(20, avocet::f16{7});
};

// What all forms of scores refuse; each with the number of its options.
TEST_F(RowsErrors, EveryForm) {
    using table = avocet::score_table;
    using scoring = std::function<avocet::error(const table &, const table &, const avocet::score_options &)>;
    const scoring forms[] = {
        [&](const table &l, const table &r, const avocet::score_options &o) {
            return avocet::score_matrix(l, r, o, square());
        },
        [&](const table &l, const table &r, const avocet::score_options &o) {
            return avocet::score_candidates(l, r, candidates, o, f(5));
        },
        [&](const table &l, const table &r, const avocet::score_options &o) {
            return avocet::score_pairs(l, r, three, three, o, f(3));
        },
    };
    const table left = whole(3), right = whole(4);
    const bytes many(131072);
    int at = 3;
    for (const scoring &score : forms) {
        SHAPE(score(cut(3), right, {}), 1, "left.data", 5);
        SHAPE(score(left, cut(4), {}), 2, "right.data", 7);
        SHAPE(score(cut_int8(3), int8(4), {}), 1, "left.data", 5);
        SHAPE(score({h, 3, 2, 10}, right, {}), 1, "left.data", 20);
        SHAPE(score(left, {values, 4, 3}, {}), 2, "right.cols", 3);
        SHAPE(score({values, 3, 2, 1}, right, {}), 1, "left.stride", 1);
        CLOSED(score({static_cast<const avocet::f16 *>(nullptr), 3, 2}, right, {}), 1, "left.data");
        CLOSED(score(int8(3), {static_cast<const std::int8_t *>(nullptr), 4, 2}, {}), 2, "right.data");
        EXPECT_TRUE(refused_value(score({misaligned(h.data()), 3, 2}, right, {}), status::invalid_argument, 1,
                                  "left.data", 0, 1));
        // Of int8 both or none, of which no sum overflows.
        EXPECT_TRUE(refused(score(left, int8(4), {}), status::invalid_argument, 2, "right.element_type"));
        EXPECT_TRUE(refused(score(int8(3), right, {}), status::invalid_argument, 2, "right.element_type"));
        EXPECT_TRUE(refused_value(score({many, 1, 131072}, {many, 1, 131072}, {}), status::size_overflow, 1, "left.cols",
                                  0, 131072));
        SHAPE(score({int8(3), in(4)}, int8(4), {}), at, "options.left_scales", 4);
        SHAPE(score(int8(3), {int8(4), in(3)}, {}), at, "options.right_scales", 3);
        SHAPE(score({int8(3), floats()}, int8(4), {}), at, "options.left_scales", 0);
        CLOSED(score(int8(3), {int8(4), avocet::array_view<const float>(nullptr, 4)}, {}), at, "options.right_scales");
        EXPECT_TRUE(refused_value(
            score(int8(3), {int8(4), avocet::array_view<const float>(misaligned(values.data()), 4)}, {}),
            status::invalid_argument, at, "options.right_scales", 0, 1));
        EXPECT_TRUE(refused_value(score(left, right, {static_cast<score_metric>(2)}), status::invalid_argument, at,
                                  "options.metric", 0, 2));

        const auto with = [&](const second_tables &second) {
            return score(left, right, {score_metric::dot, second});
        };
        SHAPE(with({cut(3), right, 1, 1}), at, "options.second_left.data", 5);
        SHAPE(with({left, cut(4), 1, 1}), at, "options.second_right.data", 7);
        SHAPE(with({whole(2), right, 1, 1}), at, "options.second_left.rows", 2);
        SHAPE(with({left, whole(3), 1, 1}), at, "options.second_right.rows", 3);
        SHAPE(with({left, {values, 4, 1}, 1, 1}), at, "options.second_right.cols", 1);
        SHAPE(with({{int8(3), in(2)}, int8(4), 1, 1}), at, "options.second_left_scales", 2);
        SHAPE(with({int8(3), {int8(4), in(5)}, 1, 1}), at, "options.second_right_scales", 5);
        EXPECT_TRUE(
            refused(with({left, int8(4), 1, 1}), status::invalid_argument, at, "options.second_right.element_type"));
        EXPECT_TRUE(refused_real(with({left, right, nan, 1}), status::not_finite, at, "options.factor", 0, nan));
        EXPECT_TRUE(
            refused_real(with({left, right, 1, infinity}), status::not_finite, at, "options.second_factor", 0, infinity));
        at++;
    }
}

TEST_F(RowsErrors, Pairs) {
    const auto left = whole(3), right = whole(4);
    SHAPE(avocet::score_pairs(cut(3), right, three, three, f(3)), 1, "left.data", 5);
    SHAPE(avocet::score_pairs(left, right, three, ids{0, 1}, f(3)), 4, "v", 2);
    SHAPE(avocet::score_pairs(left, right, three, three, f(2)), 6, "out", 2);
    SHAPE(avocet::score_pairs(left, right, three, three, {}, f(4)), 6, "out", 4);
    CLOSED(avocet::score_pairs(left, right, three, three, {nullptr, 3}), 6, "out");
    CLOSED(avocet::score_pairs(left, right, three, three, f(3), &closed_pool), 7, "pool");
    EXPECT_TRUE(refused_value(avocet::score_pairs(left, right, three, std::vector<int>{0, 4, 1}, f(3)),
                              status::index_out_of_range, 4, "v", 1, 4));
    EXPECT_TRUE(refused_value(avocet::score_pairs(left, right, std::vector<std::int64_t>{0, 1, -1}, three, f(3)),
                              status::index_out_of_range, 3, "u", 2, -1));
    EXPECT_TRUE(refused(avocet::score_pairs({int8(3), f(3)}, int8(4), three, three, f(3)), status::overlap, 6, "out"));
}

TEST_F(RowsErrors, Candidates) {
    const auto left = whole(3), right = whole(4);
    const auto of = [&](const avocet::csr &csr) { return avocet::score_candidates(left, right, csr, f(5)); };
    SHAPE(avocet::score_candidates(left, right, candidates, f(4)), 5, "out", 4);
    SHAPE(avocet::score_candidates(left, right, candidates, {}, f(6)), 5, "out", 6);
    CLOSED(avocet::score_candidates(left, right, candidates, {nullptr, 5}), 5, "out");
    CLOSED(avocet::score_candidates(left, right, candidates, f(5), &closed_pool), 6, "pool");
    SHAPE(of({3, 4, ids{0, 2, 5}, columns}), 3, "csr.offsets", 3);
    CLOSED(of({3, 4, offsets, {static_cast<const int *>(nullptr), 5}}), 3, "csr.indices");
    SHAPE(of({2, 4, ids{0, 2, 5}, columns}), 3, "csr.rows", 2);
    SHAPE(of({3, 5, offsets, columns}), 3, "csr.cols", 5);
    EXPECT_TRUE(
        refused_value(of({3, 4, ids{0, 2, 1, 5}, columns}), status::invalid_offsets, 3, "csr.offsets", 2, 1));
    EXPECT_TRUE(refused_value(of({3, 4, offsets, ids{0, 3, 1, 4, 9}}), status::index_out_of_range, 3, "csr.indices", 3, 4));
    EXPECT_TRUE(refused(avocet::score_candidates(wide(3), right, candidates, f(5)), status::overlap, 5, "out"));
}

TEST_F(RowsErrors, Matrix) {
    const auto left = whole(3), right = whole(4);
    SHAPE(avocet::score_matrix(left, right, {f(11), 3, 4}), 4, "out.data", 11);
    SHAPE(avocet::score_matrix(left, right, {f(8), 2, 4}), 4, "out.rows", 2);
    SHAPE(avocet::score_matrix(left, right, {}, {f(9), 3, 3}), 4, "out.cols", 3);
    CLOSED(avocet::score_matrix(left, right, square(), &closed_pool), 5, "pool");
    EXPECT_TRUE(refused(avocet::score_matrix(wide(3), right, square()), status::overlap, 4, "out.data"));
}

TEST_F(RowsErrors, Convert) {
    const avocet::matrix_f16_mut to(h, 3, 2);
    SHAPE(avocet::convert(cut(3), to), 1, "x.data", 5);
    SHAPE(avocet::convert(whole(3), {h, 3, 2, 10}), 2, "out.data", 20);
    SHAPE(avocet::convert(whole(3), {f(5), 3, 2}), 2, "out.data", 5);
    SHAPE(avocet::convert(whole(2), to), 2, "out.rows", 3);
    SHAPE(avocet::convert({values, 3, 3}, to), 2, "out.cols", 2);
    SHAPE(avocet::convert({values, 3, 2, 1}, to), 1, "x.stride", 1);
    CLOSED(avocet::convert({static_cast<const avocet::bf16 *>(nullptr), 3, 2}, wide(3)), 1, "x.data");
    CLOSED(avocet::convert(whole(3), {static_cast<avocet::bf16 *>(nullptr), 3, 2}), 2, "out.data");
    EXPECT_TRUE(refused_value(avocet::convert({misaligned(h.data()), 3, 2}, wide(3)), status::invalid_argument, 1,
                              "x.data", 0, 1));
    EXPECT_TRUE(refused(avocet::convert({&h[5], 3, 2}, to), status::overlap, 2, "out.data"));
    CLOSED(avocet::convert(whole(3), to, &closed_pool), 3, "pool");

    SHAPE(avocet::row_norms(cut(3), f(3)), 1, "x.data", 5);
    SHAPE(avocet::row_norms({h, 3, 2, 1}, f(3)), 1, "x.stride", 1);
    SHAPE(avocet::row_norms(whole(3), f(2)), 2, "out", 2);
    CLOSED(avocet::row_norms(whole(3), {nullptr, 3}), 2, "out");
    EXPECT_TRUE(refused(avocet::row_norms(wide(3), f(3)), status::overlap, 2, "out"));
    CLOSED(avocet::row_norms(whole(3), f(3), &closed_pool), 3, "pool");
}

TEST_F(RowsErrors, Quantize) {
    SHAPE(avocet::quantize_rows(cut(3), to_bytes(3), f(3)), 1, "x.data", 5);
    SHAPE(avocet::quantize_rows(whole(3), {q, 3, 2, 10}, f(3)), 2, "out.data", 20);
    SHAPE(avocet::quantize_rows(whole(3), to_bytes(2), f(3)), 2, "out.rows", 2);
    SHAPE(avocet::quantize_rows(whole(3), {q, 3, 3}, f(3)), 2, "out.cols", 3);
    SHAPE(avocet::quantize_rows(whole(3), to_bytes(3), f(4)), 3, "scales", 4);
    CLOSED(avocet::quantize_rows(whole(3), to_bytes(3), {nullptr, 3}), 3, "scales");
    EXPECT_TRUE(refused(avocet::quantize_rows(wide(3), to_bytes(3), f(3)), status::overlap, 3, "scales"));
    CLOSED(avocet::quantize_rows(whole(3), to_bytes(3), f(3), &closed_pool), 4, "pool");
    // Found on the way, so what is written is unspecified.
    const floats bad{1, 2, 3, -infinity, nan, 0};
    bytes unspecified(6);
    floats scales(3);
    EXPECT_TRUE(refused_real(avocet::quantize_rows({bad, 3, 2}, {unspecified, 3, 2}, scales), status::not_finite, 1, "x", 1,
                             -infinity));

    SHAPE(avocet::dequantize_rows(cut_int8(3), in(3), wide(3)), 1, "x.data", 5);
    SHAPE(avocet::dequantize_rows({integers, 3, 2, 1}, in(3), wide(3)), 1, "x.stride", 1);
    SHAPE(avocet::dequantize_rows(int8(3), in(2), wide(3)), 2, "scales", 2);
    CLOSED(avocet::dequantize_rows(int8(3), {nullptr, 3}, wide(3)), 2, "scales");
    SHAPE(avocet::dequantize_rows(int8(3), in(3), {f(5), 3, 2}), 3, "out.data", 5);
    SHAPE(avocet::dequantize_rows(int8(3), in(3), wide(2)), 3, "out.rows", 2);
    SHAPE(avocet::dequantize_rows(int8(3), in(3), {f(9), 3, 3}), 3, "out.cols", 3);
    EXPECT_TRUE(refused(avocet::dequantize_rows(int8(3), f(3), wide(3)), status::overlap, 3, "out.data"));
    CLOSED(avocet::dequantize_rows(int8(3), in(3), wide(3), &closed_pool), 4, "pool");
}

}  // namespace
