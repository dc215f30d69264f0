/// Losses of the score family, with their gradients.

#ifndef AVOCET_LOSS_HPP
#define AVOCET_LOSS_HPP

#include <avocet/call.hpp>
#include <avocet/graph.hpp>
#include <avocet/pool.hpp>
#include <avocet/workspace.hpp>

#include <cstdint>
#include <optional>

namespace avocet {
inline namespace v1 {

enum class edge_kind : std::int32_t {
    positive = AVOCET_EDGE_POSITIVE,
    negative = AVOCET_EDGE_NEGATIVE,
    reversed = AVOCET_EDGE_REVERSED,
};

/// One term of the edge loss, of logits x = temperature * dot - offset.
struct edge_term {
    edge_kind kind = edge_kind::positive;
    /// Above 0.
    float temperature = 1;
    float offset = 0;
    /// Subtracted from the logits of negative and reversed edges; at least 0.
    float margin = 0;
    /// Multiplies every edge's loss.
    float weight = 1;
};

/// The loss and its derivatives with respect to temperature and offset.
using edge_loss_result = avocet_edge_loss_result;

/// The sum over edges of weight * edge_weights[e] * softplus(z_e), z = -x for positives and x - margin for the others.
/// graph is not derived, transposed its transpose; edge_weights holds one value for each edge. Gradients that are given
/// have the shapes of sources and targets, and are added to.
/// C: avocet_edge_loss
inline result<edge_loss_result> edge_loss(const avocet::graph &graph, const avocet::graph &transposed,
                                          const matrix &sources, const matrix &targets, const edge_term &term,
                                          optional_array<const float> edge_weights,
                                          const std::optional<matrix_mut> &source_gradient,
                                          const std::optional<matrix_mut> &target_gradient,
                                          avocet::workspace &workspace, const avocet::pool *pool = nullptr) noexcept {
    avocet_edge_term c{};
    c.struct_size = sizeof c;
    c.kind = static_cast<std::int32_t>(term.kind);
    c.temperature = term.temperature;
    c.offset = term.offset;
    c.margin = term.margin;
    c.weight = term.weight;
    edge_loss_result out{};
    const error outcome =
        detail::call()
            .open(graph, 1, "graph")
            .fits(sources, 3, "sources.data")
            .fits(targets, 4, "targets.data")
            .length(edge_weights, graph.edges(), 6, "edge_weights")
            .fits(source_gradient, 7, "source_gradient.data")
            .fits(target_gradient, 8, "target_gradient.data")
            .open(pool, 10, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_edge_loss(graph.c_handle(), transposed.c_handle(), &sources.c_view(), &targets.c_view(),
                                        &c, detail::pointer(edge_weights), detail::pointer(source_gradient),
                                        detail::pointer(target_gradient), &out, detail::pointer(pool),
                                        workspace.c_handle(), e);
            });
    return outcome ? result<edge_loss_result>(outcome) : result<edge_loss_result>(out);
}

/// The term of a sampled softmax loss.
struct softmax_term {
    /// From dots to logits; above 0.
    float temperature = 1;
    /// Multiplies every edge's loss.
    float weight = 1;
};

/// The loss and its derivative with respect to the temperature.
using softmax_loss_result = avocet_softmax_loss_result;

/// The sum over edges of weight * edge_weights[e] * -log(exp(x_uv) / (exp(x_uv) + sum over negatives of exp(x_uk))).
/// positives is not derived, transposed its transpose; edge_weights holds one value for each edge. Either both
/// gradients are given, with the shapes of sources and targets, and are added to, or neither.
/// C: avocet_softmax_loss
inline result<softmax_loss_result> softmax_loss(const graph &positives, const graph &transposed, const matrix &sources,
                                                const matrix &targets, const indices &negatives,
                                                const softmax_term &term, optional_array<const float> edge_weights,
                                                const std::optional<matrix_mut> &source_gradient,
                                                const std::optional<matrix_mut> &target_gradient,
                                                avocet::workspace &workspace,
                                                const avocet::pool *pool = nullptr) noexcept {
    avocet_softmax_term c{};
    c.struct_size = sizeof c;
    c.temperature = term.temperature;
    c.weight = term.weight;
    softmax_loss_result out{};
    const error outcome =
        detail::call()
            .open(positives, 1, "positives")
            .fits(sources, 3, "sources.data")
            .fits(targets, 4, "targets.data")
            .length(edge_weights, positives.edges(), 7, "edge_weights")
            .fits(source_gradient, 8, "source_gradient.data")
            .fits(target_gradient, 9, "target_gradient.data")
            .open(pool, 11, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_softmax_loss(positives.c_handle(), transposed.c_handle(), &sources.c_view(),
                                           &targets.c_view(), &negatives.c_view(), &c, detail::pointer(edge_weights),
                                           detail::pointer(source_gradient), detail::pointer(target_gradient), &out,
                                           detail::pointer(pool), workspace.c_handle(), e);
            });
    return outcome ? result<softmax_loss_result>(outcome) : result<softmax_loss_result>(out);
}

}  // namespace v1
}  // namespace avocet

#endif
