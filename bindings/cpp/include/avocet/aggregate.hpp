/// Sums of neighbour rows, and dots for edges.

#ifndef AVOCET_AGGREGATE_HPP
#define AVOCET_AGGREGATE_HPP

#include <avocet/call.hpp>
#include <avocet/graph.hpp>
#include <avocet/pool.hpp>

#include <cstdint>

namespace avocet {
inline namespace v1 {

enum class reduce : std::int32_t {
    sum = AVOCET_REDUCE_SUM,
    mean = AVOCET_REDUCE_MEAN,
};

/// Options of aggregate(). Arrays that are not given stand for ones.
struct aggregate_options {
    avocet::reduce reduce = avocet::reduce::sum;
    /// To add to what the output holds.
    bool accumulate = false;
    /// A weight for each edge by its number, graph.edge_id_limit() values.
    optional_array<const float> edge_weights{};
    /// A factor for each source row, graph.cols() values.
    optional_array<const float> source_scale{};
    /// A factor for each output row, graph.rows() values.
    optional_array<const float> row_scale{};
};

/// out[i] (+)= row_scale[i] * (sum over edges e of row i of w_e * source_scale[j_e] * x[j_e]) [/ edges of row i].
/// x is graph.cols() x d, out is graph.rows() x d.
/// C: avocet_aggregate
inline error aggregate(const avocet::graph &graph, const matrix &x, const aggregate_options &options,
                       const matrix_mut &out, const avocet::pool *pool = nullptr) noexcept {
    avocet_aggregate_options c{};
    c.struct_size = sizeof c;
    c.reduce = static_cast<std::int32_t>(options.reduce);
    c.accumulate = options.accumulate;
    c.edge_weights = detail::pointer(options.edge_weights);
    c.source_scale = detail::pointer(options.source_scale);
    c.row_scale = detail::pointer(options.row_scale);
    return detail::call()
        .open(graph, 1, "graph")
        .fits(x, 2, "x.data")
        .length(options.edge_weights, graph.edge_id_limit(), 3, "options.edge_weights")
        .length(options.source_scale, graph.cols(), 3, "options.source_scale")
        .length(options.row_scale, graph.rows(), 3, "options.row_scale")
        .fits(out, 4, "out.data")
        .open(pool, 5, "pool")
        .run([&](avocet_error *e) {
            return avocet_aggregate(graph.c_handle(), &x.c_view(), &c, &out.c_view(), detail::pointer(pool), e);
        });
}

/// out[e] = left[i] . right[j] for edge e from row i to column j. left is graph.rows() x d, right graph.cols() x d; out
/// holds one value for each edge.
/// C: avocet_edge_dots
inline error edge_dots(const avocet::graph &graph, const matrix &left, const matrix &right, array_view<float> out,
                       const avocet::pool *pool = nullptr) noexcept {
    return detail::call()
        .open(graph, 1, "graph")
        .fits(left, 2, "left.data")
        .fits(right, 3, "right.data")
        .length(out, graph.edges(), 4, "out")
        .open(pool, 5, "pool")
        .run([&](avocet_error *e) {
            return avocet_edge_dots(graph.c_handle(), &left.c_view(), &right.c_view(), out.data(),
                                    detail::pointer(pool), e);
        });
}

}  // namespace v1
}  // namespace avocet

#endif
