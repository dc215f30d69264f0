// The form of golden vectors, and cases that have a file of their own.

#ifndef GOLDEN_HPP
#define GOLDEN_HPP

#include "support.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace support {

/// Names and vectors, as the lines of the file.
class vectors {
  public:
    void add(const std::string &name, std::vector<const floats *> f32, std::vector<const ids *> u32 = {},
             std::vector<double> f64 = {}) {
        std::vector<unsigned char> bytes;
        for (const floats *part : f32) {
            append(bytes, part->data(), part->size());
        }
        for (const ids *part : u32) {
            append(bytes, part->data(), part->size());
        }
        append(bytes, f64.data(), f64.size());
        EXPECT_TRUE(lines.emplace(name, vector(bytes)).second) << name << " twice";
    }

    std::map<std::string, std::string> lines;

  private:
    template <class T>
    static void append(std::vector<unsigned char> &bytes, const T *values, std::size_t len) {
        const std::size_t before = bytes.size();
        bytes.resize(before + len * sizeof(T));
        if (len > 0) {
            std::memcpy(bytes.data() + before, values, len * sizeof(T));  // little-endian machines only
        }
    }

    static std::string vector(const std::vector<unsigned char> &bytes) {
        std::uint64_t hash = 0xcbf29ce484222325u;
        for (const unsigned char byte : bytes) {
            hash = (hash ^ byte) * 0x100000001b3u;
        }
        char text[40];
        std::snprintf(text, sizeof text, "%016" PRIx64 " %zu", hash, bytes.size());
        std::string line = text;
        const std::size_t n = bytes.size() / 4;
        for (std::size_t at = 0; at < 8; at++) {
            std::uint32_t word;
            std::memcpy(&word, bytes.data() + at * (n - 1) / 7 * 4, 4);
            std::snprintf(text, sizeof text, " %08" PRIx32, word);
            line += text;
        }
        return line;
    }
};

/// Rows of each of the narrow types.
struct narrow {
    narrow(const floats &x, std::size_t n, const avocet::pool *pool)
        : rows(n), cols(x.size() / n), halves(x.size()), brains(x.size()), bytes(x.size()), scales(n) {
        avocet::check(avocet::convert(matrix(x, rows), {halves, rows, cols}, pool));
        avocet::check(avocet::convert(matrix(x, rows), {brains, rows, cols}, pool));
    }

    void quantize(const floats &x, const avocet::pool *pool) {
        avocet::check(avocet::quantize_rows(matrix(x, rows), {bytes, rows, cols}, scales, pool));
    }

    avocet::matrix_f16 of_halves() const { return {halves, rows, cols}; }
    avocet::matrix_bf16 of_brains() const { return {brains, rows, cols}; }
    avocet::matrix_i8 of_bytes() const { return {bytes, rows, cols}; }

    std::size_t rows, cols;
    std::vector<avocet::f16> halves;
    std::vector<avocet::bf16> brains;
    std::vector<std::int8_t> bytes;
    floats scales;
};

/// Those of grids, buckets, thresholds, binned curves and uncertainties.
void add_threshold_cases(vectors &found, const avocet::pool *pool, avocet::workspace &workspace);

/// Those of conversions and of scores of rows of any type.
void add_row_cases(vectors &found, const avocet::pool *pool);

/// Those of packed indexes.
void add_index_cases(vectors &found, const avocet::pool *pool, avocet::workspace &workspace);

}  // namespace support

#endif
