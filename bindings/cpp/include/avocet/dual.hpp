/// A layer of a dual graph network in one call.

#ifndef AVOCET_DUAL_HPP
#define AVOCET_DUAL_HPP

#include <avocet/call.hpp>
#include <avocet/dense.hpp>
#include <avocet/graph.hpp>
#include <avocet/pool.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace avocet {
inline namespace v1 {

/// The most relations of a layer.
inline constexpr std::size_t max_relations = AVOCET_MAX_RELATIONS;

/// A relation of a dual_layer. Scales that are not given stand for ones.
struct dual_relation {
    /// Row i holds the targets that output row i reads: r x n.
    const graph *out = nullptr;
    /// Row i holds the sources that output row i reads: r x n.
    const graph *into = nullptr;
    /// A factor for each row of out, r values.
    optional_array<const float> out_scale{};
    /// A factor for each row of into, r values.
    optional_array<const float> into_scale{};
    /// The weights W from the counterpart's rows, d x m.
    matrix across{};
    /// The weights U from the like rows, d x m, of a relation that joins like to like.
    std::optional<matrix> along{};
};

/// A layer of a dual graph network.
struct dual_layer {
    /// S, n x d.
    matrix sources{};
    /// T, n x d.
    matrix targets{};
    /// Which of the n nodes each of the r output rows is: an r x n graph with one edge in each row. Without it every
    /// node is its own row.
    const graph *own = nullptr;
    /// Ws, d x m.
    matrix source_weights{};
    /// Wt, d x m.
    matrix target_weights{};
    /// At most max_relations.
    array_view<const dual_relation> relations{};
    avocet::activation activation = avocet::activation::none;
    /// To divide each row by its L2 norm after the activation.
    bool normalise = false;
};

/// What dual_forward() writes.
struct dual_rows {
    /// S', r x m.
    matrix_mut sources{};
    /// T', r x m.
    matrix_mut targets{};
    /// The norms of S' before the division, r values; needed only when normalising.
    optional_array<float> source_norms{};
    /// The norms of T', likewise.
    optional_array<float> target_norms{};
};

/// The transposes of a relation's graphs, each n x r.
struct dual_back {
    const graph *out = nullptr;
    const graph *into = nullptr;
};

/// What dual_backward() reads beside the layer.
struct dual_result {
    /// S' as the forward pass left it, r x m.
    matrix sources{};
    /// T', r x m.
    matrix targets{};
    /// The norms of S', r values, if the layer normalises.
    optional_array<const float> source_norms{};
    /// The norms of T', likewise.
    optional_array<const float> target_norms{};
    /// The gradient of the loss with respect to S', r x m.
    matrix source_gradient{};
    /// The gradient with respect to T', r x m.
    matrix target_gradient{};
    /// The transpose of the layer's own, if it has one.
    const graph *own = nullptr;
    /// One for each relation.
    array_view<const dual_back> back{};
};

/// What dual_backward() writes.
struct dual_gradients {
    /// The gradient with respect to S, n x d, which is overwritten.
    std::optional<matrix_mut> sources{};
    /// The gradient with respect to T, likewise.
    std::optional<matrix_mut> targets{};
    /// The gradient of each weight matrix, d x m, in this order: Ws, Wt, W of each relation, U of those that have one.
    /// They are added to.
    array_view<const matrix_mut> weights{};
};

namespace detail {

/// A dual_layer in the form of C, which points into itself and into the layer.
class c_dual_layer {
  public:
    c_dual_layer(const dual_layer &layer, call &call) noexcept {
        c_.struct_size = sizeof c_;
        c_.sources = &layer.sources.c_view();
        c_.targets = &layer.targets.c_view();
        c_.own = pointer(layer.own);
        c_.source_weights = &layer.source_weights.c_view();
        c_.target_weights = &layer.target_weights.c_view();
        c_.relations = relations_;
        c_.relation_count = layer.relations.size();
        c_.activation = static_cast<std::int32_t>(layer.activation);
        c_.normalise = layer.normalise;
        call.fits(layer.sources, 1, "layer.sources.data")
            .fits(layer.targets, 1, "layer.targets.data")
            .open(layer.own, 1, "layer.own")
            .fits(layer.source_weights, 1, "layer.source_weights.data")
            .fits(layer.target_weights, 1, "layer.target_weights.data");
        if (layer.relations.data() == nullptr && !layer.relations.empty()) {
            call.refuse(status::null_pointer, 1, "layer.relations");
        } else if (layer.relations.size() > max_relations) {
            call.refuse_size(status::invalid_argument, 1, "layer.relation_count", layer.relations.size());
        } else {
            for (std::size_t at = 0; at < layer.relations.size(); at++) {
                add(layer.relations[at], at, call);
            }
        }
    }

    c_dual_layer(const c_dual_layer &) = delete;
    c_dual_layer &operator=(const c_dual_layer &) = delete;

    const avocet_dual_layer *get() const noexcept { return &c_; }

  private:
    void add(const dual_relation &relation, std::size_t at, call &call) noexcept {
        relations_[at] = {pointer(relation.out),         pointer(relation.into),     pointer(relation.out_scale),
                          pointer(relation.into_scale), &relation.across.c_view(), pointer(relation.along)};
        // A missing graph is refused with its place before the lengths that depend on it.
        if (relations_[at].out == nullptr) {
            call.refuse(status::null_pointer, 1, "layer.relations.out", at);
        } else if (relations_[at].into == nullptr) {
            call.refuse(status::null_pointer, 1, "layer.relations.into", at);
        } else {
            call.length(relation.out_scale, relation.out->rows(), 1, "layer.relations.out_scale", at)
                .length(relation.into_scale, relation.into->rows(), 1, "layer.relations.into_scale", at);
        }
        call.fits(relation.across, 1, "layer.relations.across.data", at);
        if (relation.along) {
            call.fits(*relation.along, 1, "layer.relations.along.data", at);
        }
    }

    avocet_dual_relation relations_[max_relations]{};
    avocet_dual_layer c_{};
};

}  // namespace detail

/// With own(X) the output nodes' own rows, r over all relations and c over those with along weights: S' = f(own(S) Ws +
/// sum over r of out_r(T) W_r + sum over c of into_c(S) U_c), and T' likewise with the sides changed.
/// C: avocet_dual_forward
inline error dual_forward(const dual_layer &layer, const dual_rows &out, avocet::workspace &workspace,
                          const avocet::pool *pool = nullptr) noexcept {
    detail::call call;
    const detail::c_dual_layer c(layer, call);
    avocet_dual_rows rows{};
    rows.struct_size = sizeof rows;
    rows.sources = &out.sources.c_view();
    rows.targets = &out.targets.c_view();
    rows.source_norms = detail::pointer(out.source_norms);
    rows.target_norms = detail::pointer(out.target_norms);
    return call.fits(out.sources, 2, "out.sources.data")
        .fits(out.targets, 2, "out.targets.data")
        .length(out.source_norms, out.sources.rows(), 2, "out.source_norms")
        .length(out.target_norms, out.targets.rows(), 2, "out.target_norms")
        .open(pool, 3, "pool")
        .run_in(workspace.c_handle(), [&](avocet_error *e) {
            return avocet_dual_forward(c.get(), &rows, detail::pointer(pool), workspace.c_handle(), e);
        });
}

/// The gradients of dual_forward() with respect to S, T and each weight matrix. layer is that of the forward pass.
/// C: avocet_dual_backward
inline error dual_backward(const dual_layer &layer, const dual_result &result, const dual_gradients &gradients,
                           avocet::workspace &workspace, const avocet::pool *pool = nullptr) noexcept {
    detail::call call;
    const detail::c_dual_layer c(layer, call);

    avocet_dual_back back[max_relations]{};
    avocet_dual_result c_result{};
    c_result.struct_size = sizeof c_result;
    c_result.sources = &result.sources.c_view();
    c_result.targets = &result.targets.c_view();
    c_result.source_norms = detail::pointer(result.source_norms);
    c_result.target_norms = detail::pointer(result.target_norms);
    c_result.source_gradient = &result.source_gradient.c_view();
    c_result.target_gradient = &result.target_gradient.c_view();
    c_result.own = detail::pointer(result.own);
    c_result.back = back;
    call.fits(result.sources, 2, "result.sources.data")
        .fits(result.targets, 2, "result.targets.data")
        .length(result.source_norms, result.sources.rows(), 2, "result.source_norms")
        .length(result.target_norms, result.targets.rows(), 2, "result.target_norms")
        .fits(result.source_gradient, 2, "result.source_gradient.data")
        .fits(result.target_gradient, 2, "result.target_gradient.data")
        .open(result.own, 2, "result.own")
        .length(result.back, layer.relations.size(), 2, "result.back");
    if (result.back.data() == nullptr && !result.back.empty()) {
        call.refuse(status::null_pointer, 2, "result.back");
    }
    if (!call.failed()) {
        for (std::size_t at = 0; at < result.back.size(); at++) {
            back[at] = {detail::pointer(result.back[at].out), detail::pointer(result.back[at].into)};
        }
    }

    constexpr std::size_t most_weights = 2 + 2 * max_relations;
    avocet_matrix_mut weights[most_weights];
    avocet_dual_gradients c_gradients{};
    c_gradients.struct_size = sizeof c_gradients;
    c_gradients.sources = detail::pointer(gradients.sources);
    c_gradients.targets = detail::pointer(gradients.targets);
    c_gradients.weights = weights;
    c_gradients.weight_count = gradients.weights.size();
    call.fits(gradients.sources, 3, "gradients.sources.data").fits(gradients.targets, 3, "gradients.targets.data");
    if (gradients.weights.data() == nullptr && !gradients.weights.empty()) {
        call.refuse(status::null_pointer, 3, "gradients.weights");
    } else if (gradients.weights.size() > most_weights) {
        call.refuse_size(status::shape_mismatch, 3, "gradients.weight_count", gradients.weights.size());
    } else {
        for (std::size_t at = 0; at < gradients.weights.size(); at++) {
            call.fits(gradients.weights[at], 3, "gradients.weights.data", at);
            weights[at] = gradients.weights[at].c_view();
        }
    }
    return call.open(pool, 4, "pool").run_in(workspace.c_handle(), [&](avocet_error *e) {
        return avocet_dual_backward(c.get(), &c_result, &c_gradients, detail::pointer(pool), workspace.c_handle(), e);
    });
}

}  // namespace v1
}  // namespace avocet

#endif
