/// Sampled neighbours, fan-outs and random walks.

#ifndef AVOCET_SAMPLE_HPP
#define AVOCET_SAMPLE_HPP

#include <avocet/call.hpp>
#include <avocet/graph.hpp>
#include <avocet/pool.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// How edges are drawn.
enum class draw : std::int32_t {
    without_replacement = AVOCET_DRAW_WITHOUT_REPLACEMENT,
    with_replacement = AVOCET_DRAW_WITH_REPLACEMENT,
    weighted = AVOCET_DRAW_WEIGHTED,
};

/// Options of sample_neighbours().
struct sample_options {
    avocet::draw draw = avocet::draw::without_replacement;
    /// Two calls with one seed and one layer give one sample.
    std::uint64_t seed = 0;
    /// Keeps the samples of a network's layers apart.
    std::uint32_t layer = 0;
    /// Weights for draw::weighted, finite and at least 0, by edge number: graph.edge_id_limit() values.
    optional_array<const float> edge_weights{};
};

/// The graph of at most fanout[i] edges of each row i, with their old order and numbers. fanout holds graph.rows()
/// values.
/// C: avocet_sample_neighbours
inline result<graph> sample_neighbours(const avocet::graph &graph, array_view<const std::uint32_t> fanout,
                                       const sample_options &options, const avocet::pool *pool = nullptr) noexcept {
    avocet_sample_options c{};
    c.struct_size = sizeof c;
    c.draw = static_cast<std::int32_t>(options.draw);
    c.layer = options.layer;
    c.seed = options.seed;
    c.edge_weights = detail::pointer(options.edge_weights);
    detail::call call;
    call.open(graph, 1, "graph")
        .length(fanout, graph.rows(), 2, "fanout")
        .length(options.edge_weights, graph.edge_id_limit(), 3, "options.edge_weights")
        .open(pool, 5, "pool");
    return detail::make<avocet::graph, avocet_graph>(call, [&](avocet_graph **out, avocet_error *e) {
        return avocet_sample_neighbours(graph.c_handle(), fanout.data(), &c, out, detail::pointer(pool), e);
    });
}

/// A power law of degrees: the least degree that counts, and the exponent.
using power_law = avocet_power_law;

/// Fits a power law to the degrees of the rows: exponent = 1 + rows / sum of ln(max(degree, 1) / least).
/// C: avocet_fit_power_law
inline result<power_law> fit_power_law(const avocet::graph &graph) noexcept {
    power_law law{};
    const error outcome =
        detail::call().run([&](avocet_error *e) { return avocet_fit_power_law(graph.c_handle(), &law, e); });
    return outcome ? result<power_law>(outcome) : result<power_law>(law);
}

/// out[i] = min + (max - min) * (max(degree, least) / least)^-(exponent - 1), rounded. out holds graph.rows() values.
/// C: avocet_adaptive_fanout
inline error adaptive_fanout(const avocet::graph &graph, const power_law &law, std::uint32_t min, std::uint32_t max,
                             array_view<std::uint32_t> out) noexcept {
    return detail::call().open(graph, 1, "graph").length(out, graph.rows(), 5, "out").run([&](avocet_error *e) {
        return avocet_adaptive_fanout(graph.c_handle(), &law, min, max, out.data(), e);
    });
}

/// Options of walk_neighbours(). walks and length have no defaults: they must be at least 1.
struct walk_options {
    /// Walks from each node of low degree.
    std::uint32_t walks = 0;
    /// Round trips of a walk.
    std::uint32_t length = 0;
    /// Two calls with one seed and one layer give one result.
    std::uint64_t seed = 0;
    /// Keeps the walks of a network's layers apart.
    std::uint32_t layer = 0;
};

/// The graph in which each row that has edges, but fewer than fanout[i], is extended by the nodes that random walks
/// visit most; graph::walk_weights() are its weights. back is the transpose; fanout holds graph.rows() values.
/// C: avocet_walk_neighbours
inline result<graph> walk_neighbours(const avocet::graph &graph, const avocet::graph &back,
                                     array_view<const std::uint32_t> fanout, const walk_options &options,
                                     const avocet::pool *pool = nullptr) noexcept {
    avocet_walk_options c{};
    c.struct_size = sizeof c;
    c.walks = options.walks;
    c.length = options.length;
    c.seed = options.seed;
    c.layer = options.layer;
    detail::call call;
    call.open(graph, 1, "graph").length(fanout, graph.rows(), 3, "fanout").open(pool, 6, "pool");
    return detail::make<avocet::graph, avocet_graph>(call, [&](avocet_graph **out, avocet_error *e) {
        return avocet_walk_neighbours(graph.c_handle(), back.c_handle(), fanout.data(), &c, out, detail::pointer(pool),
                                      e);
    });
}

}  // namespace v1
}  // namespace avocet

#endif
