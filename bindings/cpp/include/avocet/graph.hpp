/// Checked sparse graphs.

#ifndef AVOCET_GRAPH_HPP
#define AVOCET_GRAPH_HPP

#include <avocet/call.hpp>
#include <avocet/handle.hpp>
#include <avocet/view.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Owns a checked sparse matrix, or directed graph: an edge leads from its row to its column. Never changes, so any
/// number of calls may use one at once. A derived graph keeps the edge numbers of the graph that was first created.
class graph {
  public:
    /// A closed one.
    graph() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit graph(avocet_graph *handle) noexcept : handle_(handle) {}

    /// Checks a sparse matrix and copies its structure.
    /// C: avocet_graph_create
    static result<graph> create(const csr &csr) noexcept {
        detail::call call;
        call.offsets(csr, 1);
        const avocet_csr view = detail::c_csr(csr);
        return detail::make<graph, avocet_graph>(
            call, [&](avocet_graph **out, avocet_error *e) { return avocet_graph_create(&view, out, e); });
    }

    /// The graph with every edge turned round, cols x rows.
    /// C: avocet_graph_transpose
    result<graph> transpose() const noexcept {
        detail::call call;
        return detail::make<graph, avocet_graph>(
            call, [&](avocet_graph **out, avocet_error *e) { return avocet_graph_transpose(c_handle(), out, e); });
    }

    /// The graph of the given rows, in that order, each as often as it is given.
    /// C: avocet_graph_select_rows
    result<graph> select_rows(const avocet::indices &rows) const noexcept {
        detail::call call;
        return detail::make<graph, avocet_graph>(call, [&](avocet_graph **out, avocet_error *e) {
            return avocet_graph_select_rows(c_handle(), &rows.c_view(), out, e);
        });
    }

    /// The number of rows; 0 for a closed graph.
    /// C: avocet_graph_rows
    std::size_t rows() const noexcept { return avocet_graph_rows(c_handle()); }

    /// The number of columns; 0 for a closed graph.
    /// C: avocet_graph_cols
    std::size_t cols() const noexcept { return avocet_graph_cols(c_handle()); }

    /// The number of edges; 0 for a closed graph.
    /// C: avocet_graph_edges
    std::size_t edges() const noexcept { return avocet_graph_edges(c_handle()); }

    /// The number of values that an array by edge number has; 0 for a closed graph.
    /// C: avocet_graph_edge_id_limit
    std::size_t edge_id_limit() const noexcept { return avocet_graph_edge_id_limit(c_handle()); }

    /// Whether its edges have the numbers of another graph; false for a closed graph.
    /// C: avocet_graph_is_derived
    bool is_derived() const noexcept { return avocet_graph_is_derived(c_handle()) != 0; }

    /// Copies the offsets, rows + 1 of them.
    /// C: avocet_graph_offsets
    error offsets(array_view<std::int64_t> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_graph_offsets(c_handle(), out.data(), out.size(), e); });
    }

    /// Copies the column of each edge.
    /// C: avocet_graph_indices
    error indices(array_view<std::uint32_t> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_graph_indices(c_handle(), out.data(), out.size(), e); });
    }

    /// Copies the number of each edge.
    /// C: avocet_graph_edge_ids
    error edge_ids(array_view<std::uint32_t> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_graph_edge_ids(c_handle(), out.data(), out.size(), e); });
    }

    /// Copies the weights that walk_neighbours() gave the edges of its graph, one for each edge.
    /// C: avocet_graph_walk_weights
    error walk_weights(array_view<float> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_graph_walk_weights(c_handle(), out.data(), out.size(), e); });
    }

    /// Frees the graph, as the destructor does.
    /// C: avocet_graph_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether it is open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_graph *c_handle() const noexcept { return handle_.get(); }

  private:
    detail::handle<avocet_graph, avocet_graph_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
