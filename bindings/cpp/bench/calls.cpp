// What a call through the binding costs beside the plain C call: calls [RUNS].
//
// The C calls use structs that were made before; the C++ calls make their views anew each time, as programs write them.
// Both run in turns in one process, in batches of some microseconds; the table has the medians.

#include <avocet/avocet.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void need(bool succeeded) {
    if (!succeeded) {
        std::fputs("calls: a call failed\n", stderr);
        std::exit(1);
    }
}

/// Nanoseconds a call.
template <class Call>
double time(const Call &call, std::size_t calls) {
    const double start = seconds();
    for (std::size_t i = 0; i < calls; i++) {
        call();
    }
    return (seconds() - start) * 1e9 / static_cast<double>(calls);
}

double median(std::vector<double> &values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
}

template <class C, class Cpp>
void compare(const char *name, std::size_t size, std::size_t runs, const C &c, const Cpp &cpp) {
    time(c, 10);
    time(cpp, 10);
    const auto calls = static_cast<std::size_t>(std::max(4.0, 20e3 / time(c, 10)));
    std::vector<double> of_c, of_cpp;
    for (std::size_t run = 0; run < runs; run++) {
        // In turns, and each as often first as second.
        if (run % 2 == 0) {
            of_c.push_back(time(c, calls));
        }
        of_cpp.push_back(time(cpp, calls));
        if (run % 2 == 1) {
            of_c.push_back(time(c, calls));
        }
    }
    const double plain = median(of_c), bound = median(of_cpp);
    std::printf("| %s | %zu | %.1f | %.1f | %.1f | %.3f |\n", name, size, plain, bound, bound - plain, bound / plain);
}

}  // namespace

int main(int argc, char **argv) {
    const std::size_t runs = argc > 1 ? std::max(1ul, std::strtoul(argv[1], nullptr, 10)) : 1001;
    const std::size_t most = 65536, d = 16, table = 1000;
    std::vector<float> x(most), out(most), left(table * d), right(table * d);
    std::vector<std::uint32_t> u(most), v(most);
    for (std::size_t i = 0; i < most; i++) {
        x[i] = static_cast<float>(i % 97) / 97;
        u[i] = static_cast<std::uint32_t>(i * 7 % table);
        v[i] = static_cast<std::uint32_t>(i * 13 % table);
    }
    for (std::size_t i = 0; i < table * d; i++) {
        left[i] = right[i] = static_cast<float>(i % 89) / 89;
    }
    avocet::result<avocet::workspace> workspace = avocet::workspace::create(1 << 20);
    need(workspace.has_value());

    std::puts("| call | size | C, ns | C++, ns | difference | ratio |");
    std::puts("|---|---|---|---|---|---|");
    avocet_error e;
    for (const std::size_t n : {1u, 8u, 64u, 1024u, 16384u, 65536u}) {
        compare(
            "map (exp), elements", n, runs,
            [&] { need(avocet_map(AVOCET_FUNCTION_EXP, x.data(), out.data(), n, nullptr, &e) == AVOCET_OK); },
            [&] { need(!avocet::map(avocet::function::exp, {x.data(), n}, {out.data(), n})); });
    }
    const avocet_matrix of_left{left.data(), table, d, 0, AVOCET_F32}, of_right{right.data(), table, d, 0, AVOCET_F32};
    for (const std::size_t n : {1u, 8u, 64u, 1024u, 16384u, 65536u}) {
        const avocet_indices of_u{u.data(), n, AVOCET_U32}, of_v{v.data(), n, AVOCET_U32};
        compare(
            "score_pairs (d = 16), pairs", n, runs,
            [&] {
                need(avocet_score_pairs(&of_left, &of_right, &of_u, &of_v, nullptr, out.data(), nullptr, &e) ==
                     AVOCET_OK);
            },
            [&] {
                need(!avocet::score_pairs({left, table, d}, {right, table, d}, {u.data(), n}, {v.data(), n},
                                          {out.data(), n}));
            });
    }
    for (const std::size_t n : {8u, 64u, 1000u}) {
        const avocet_matrix query{left.data(), 1, d, 0, AVOCET_F32}, targets{right.data(), n, d, 0, AVOCET_F32};
        std::uint32_t ids[5], counts[1];
        float scores[5];
        compare(
            "top_k (1 query, d = 16, k = 5), targets", n, runs,
            [&] {
                need(avocet_top_k(&query, &targets, nullptr, 5, ids, scores, counts, nullptr, nullptr,
                                  workspace->c_handle(), &e) == AVOCET_OK);
            },
            [&] {
                need(!avocet::top_k({left, 1, d}, {right, n, d}, nullptr, 5, {ids, scores, counts}, *workspace));
            });
    }
    return 0;
}
