// Golden vectors of conversions and of scores of rows of any type: seeds 34 and 35.

#include "golden.hpp"

namespace support {

namespace {

using avocet::check;

constexpr std::size_t d = 70;

void add_conversions(vectors &found, const avocet::pool *pool) {
    random random(34);
    floats x(20000);
    for (float &each : x) {
        const auto bits = static_cast<std::uint32_t>(random.bits() >> 32);
        std::memcpy(&each, &bits, sizeof bits);
    }
    const narrow all(x, 100, pool);
    floats wide(2 * x.size());
    check(avocet::convert(all.of_halves(), {wide.data(), 100, 200}, pool));
    check(avocet::convert(all.of_brains(), {wide.data() + x.size(), 100, 200}, pool));
    ids bits;
    for (const avocet::f16 each : all.halves) {
        bits.push_back(each.bits);
    }
    for (const avocet::bf16 each : all.brains) {
        bits.push_back(each.bits);
    }
    found.add("convert", {&wide}, {&bits});

    x = random.values(300 * d);
    narrow few(x, 300, pool);
    few.quantize(x, pool);
    floats back(x.size()), norms(300);
    check(avocet::dequantize_rows(few.of_bytes(), few.scales, matrix_mut(back, 300), pool));
    ids integers;
    for (const std::int8_t each : few.bytes) {
        integers.push_back(static_cast<std::uint32_t>(std::int32_t{each}));
    }
    found.add("quantize_rows", {&few.scales, &back}, {&integers});
    check(avocet::row_norms(matrix(x, 300), norms, pool));
    found.add("row_norms", {&norms});
}

void add_scores(vectors &found, const avocet::pool *pool) {
    random random(35);
    const std::size_t rows = 300, cols = 500, n = 8000;
    const floats x = random.values(rows * d), y = random.values(cols * d);
    ids u(n), v(n);
    for (std::uint32_t &each : u) {
        each = random.below(rows);
    }
    for (std::uint32_t &each : v) {
        each = random.below(cols);
    }
    narrow left(x, rows, pool), right(y, cols, pool);
    left.quantize(x, pool);
    right.quantize(y, pool);
    const avocet::score_options cosine{avocet::score_metric::cosine};
    const avocet::score_table left_bytes(left.of_bytes(), left.scales), right_bytes(right.of_bytes(), right.scales);
    const auto add = [&](const char *name, const avocet::score_table &a, const avocet::score_table &b,
                         const avocet::score_options &options) {
        floats out(n);
        check(avocet::score_pairs(a, b, u, v, options, out, pool));
        found.add(name, {&out});
    };
    add("score_pairs_mixed", left.of_halves(), right.of_brains(), {});
    add("score_pairs_cosine", matrix(x, rows), right.of_brains(), cosine);
    add("score_pairs_int8", left_bytes, right_bytes, {});
    add("score_pairs_int8_cosine", left.of_bytes(), right.of_bytes(), cosine);
    add("score_pairs_two_tables", left_bytes, right_bytes,
        {avocet::score_metric::dot, avocet::second_tables(left.of_halves(), right.of_halves(), 0.75f, -1.5f)});

    std::vector<std::int64_t> offsets{0};
    ids candidates;
    for (std::size_t row = 0; row < rows; row++) {
        for (std::uint32_t rest = random.below(60); rest > 0; rest--) {
            candidates.push_back(random.below(cols));
        }
        offsets.push_back(static_cast<std::int64_t>(candidates.size()));
    }
    floats some(candidates.size()), all(rows * cols);
    check(avocet::score_candidates(left.of_brains(), right.of_brains(), {rows, cols, offsets, candidates}, some, pool));
    found.add("score_candidates", {&some});
    check(avocet::score_matrix(left.of_halves(), matrix(y, cols), cosine, matrix_mut(all, rows), pool));
    found.add("score_matrix", {&all});
}

}  // namespace

void add_row_cases(vectors &found, const avocet::pool *pool) {
    add_conversions(found, pool);
    add_scores(found, pool);
}

}  // namespace support
