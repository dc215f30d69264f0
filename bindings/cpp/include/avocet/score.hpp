/// Scores of pairs, of candidates and of all, best targets, and ranks.

#ifndef AVOCET_SCORE_HPP
#define AVOCET_SCORE_HPP

#include <avocet/call.hpp>
#include <avocet/graph.hpp>
#include <avocet/pool.hpp>
#include <avocet/score_table.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace avocet {
inline namespace v1 {

/// out[i] = the score of rows u[i] of left and v[i] of right. left and right have d columns; u, v and out have one
/// length.
/// C: avocet_score_pairs
inline error score_pairs(const score_table &left, const score_table &right, const indices &u, const indices &v,
                         const score_options &options, array_view<float> out,
                         const avocet::pool *pool = nullptr) noexcept {
    detail::call call;
    const detail::c_score_options c(left, right, options, call, 5);
    return call.length(out, u.size(), 6, "out").open(pool, 7, "pool").run([&](avocet_error *e) {
        return avocet_score_pairs(&left.c_view(), &right.c_view(), &u.c_view(), &v.c_view(), c.get(), out.data(),
                                  detail::pointer(pool), e);
    });
}

/// out[i] = left[u[i]] . right[v[i]]: score_pairs() without options.
inline error score_pairs(const score_table &left, const score_table &right, const indices &u, const indices &v,
                         array_view<float> out, const avocet::pool *pool = nullptr) noexcept {
    return score_pairs(left, right, u, v, {}, out, pool);
}

/// out[e] = the score of row i of left and row candidates.indices[e] of right, for each edge e of each row i: the same
/// bits as those of score_pairs(). candidates has a row for each of left and a column for each row of right. It is
/// checked in every call.
/// C: avocet_score_candidates
inline error score_candidates(const score_table &left, const score_table &right, const csr &candidates,
                              const score_options &options, array_view<float> out,
                              const avocet::pool *pool = nullptr) noexcept {
    const avocet_csr c_candidates = detail::c_csr(candidates);
    detail::call call;
    const detail::c_score_options c(left, right, options, call, 4);
    return call.offsets(candidates, 3)
        .length(out, candidates.indices.size(), 5, "out")
        .open(pool, 6, "pool")
        .run([&](avocet_error *e) {
            return avocet_score_candidates(&left.c_view(), &right.c_view(), &c_candidates, c.get(), out.data(),
                                           detail::pointer(pool), e);
        });
}

/// score_candidates() without options: dot products.
inline error score_candidates(const score_table &left, const score_table &right, const csr &candidates,
                              array_view<float> out, const avocet::pool *pool = nullptr) noexcept {
    return score_candidates(left, right, candidates, {}, out, pool);
}

/// out[i][j] = the score of row i of left and row j of right: the same bits as those of score_pairs(). left is q x d,
/// right n x d, out q x n.
/// C: avocet_score_matrix
inline error score_matrix(const score_table &left, const score_table &right, const score_options &options,
                          const matrix_mut &out, const avocet::pool *pool = nullptr) noexcept {
    detail::call call;
    const detail::c_score_options c(left, right, options, call, 3);
    return call.fits(out, 4, "out.data").open(pool, 5, "pool").run([&](avocet_error *e) {
        return avocet_score_matrix(&left.c_view(), &right.c_view(), c.get(), &out.c_view(), detail::pointer(pool), e);
    });
}

/// score_matrix() without options: dot products.
inline error score_matrix(const score_table &left, const score_table &right, const matrix_mut &out,
                          const avocet::pool *pool = nullptr) noexcept {
    return score_matrix(left, right, {}, out, pool);
}

/// The id in unused places of a list.
inline constexpr std::uint32_t no_id = static_cast<std::uint32_t>(AVOCET_NO_ID);

/// What top_k() writes, for q queries.
struct top_k_lists {
    /// q x k, best first; no_id in unused places.
    array_view<std::uint32_t> ids{};
    /// q x k; -inf in unused places.
    array_view<float> scores{};
    /// q values: how many places are used.
    array_view<std::uint32_t> counts{};
    /// q values: how many scores were NaN.
    optional_array<std::uint32_t> nan_counts{};
};

namespace detail {

/// The lengths of lists of k places for each of q queries. The C functions that write lists agree on their numbers.
template <class Lists>
call &list_lengths(call &call, const Lists &out, std::size_t q, std::size_t k, int k_argument) noexcept {
    if (q > 0 && k > std::numeric_limits<std::size_t>::max() / q) {
        call.refuse_size(status::size_overflow, k_argument, "k", k);
    }
    return call.length(out.ids, q * k, 5, "ids")
        .length(out.scores, q * k, 6, "scores")
        .length(out.counts, q, 7, "counts");
}

}  // namespace detail

/// For each query the k targets with the greatest scores query . target, then with the least ids. queries is q x d,
/// targets n x d; exclude, if given, a q x n graph with rows in ascending order, whose ids never appear.
/// C: avocet_top_k
inline error top_k(const matrix &queries, const matrix &targets, const graph *exclude, std::size_t k,
                   const top_k_lists &out, avocet::workspace &workspace, const avocet::pool *pool = nullptr) noexcept {
    const std::size_t q = queries.rows();
    detail::call call;
    call.fits(queries, 1, "queries.data").fits(targets, 2, "targets.data").open(exclude, 3, "exclude");
    return detail::list_lengths(call, out, q, k, 4)
        .length(out.nan_counts, q, 8, "nan_counts")
        .open(pool, 9, "pool")
        .run_in(workspace.c_handle(), [&](avocet_error *e) {
            return avocet_top_k(&queries.c_view(), &targets.c_view(), detail::pointer(exclude), k, out.ids.data(),
                                out.scores.data(), out.counts.data(), detail::pointer(out.nan_counts),
                                detail::pointer(pool), workspace.c_handle(), e);
        });
}

/// For each given target of each query, how many other targets score better and how many score the same. given is a
/// q x n graph; exclude as in top_k(); better and equal hold one count for each edge of given.
/// C: avocet_rank_counts
inline error rank_counts(const matrix &queries, const matrix &targets, const graph &given, const graph *exclude,
                         array_view<std::uint32_t> better, array_view<std::uint32_t> equal,
                         avocet::workspace &workspace, const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .fits(queries, 1, "queries.data")
        .fits(targets, 2, "targets.data")
        .open(given, 3, "given")
        .open(exclude, 4, "exclude")
        .length(better, given.edges(), 5, "better")
        .length(equal, given.edges(), 6, "equal")
        .open(pool, 7, "pool")
        .run_in(workspace.c_handle(), [&](avocet_error *e) {
            return avocet_rank_counts(&queries.c_view(), &targets.c_view(), given.c_handle(), detail::pointer(exclude),
                                      better.data(), equal.data(), detail::pointer(pool), workspace.c_handle(), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
