/// Levels of uncertainty, and bins of scores in each.

#ifndef AVOCET_GRID_HPP
#define AVOCET_GRID_HPP

#include <avocet/call.hpp>
#include <avocet/handle.hpp>
#include <avocet/pool.hpp>

#include <cstddef>
#include <cstdint>

namespace avocet {
inline namespace v1 {

/// Where the edges of a grid come from.
enum class edges : std::int32_t {
    /// The edges themselves.
    given = AVOCET_EDGES_GIVEN,
    /// Bins of one width between two values.
    uniform = AVOCET_EDGES_UNIFORM,
    /// Order statistics of a sample.
    quantiles = AVOCET_EDGES_QUANTILES,
    /// Of scores only: for each level, the quantiles of the sample's rows in that level.
    nested = AVOCET_EDGES_NESTED,
};

/// Where the edges of grid::create() come from: by default one level and one bin. A zero is a zero here.
struct grid_options {
    /// Levels of uncertainty, 1 to 65536.
    std::size_t levels = 1;
    /// Bins of scores in each level, likewise.
    std::size_t bins = 1;
    /// Any but nested.
    edges level_kind = edges::given;
    edges score_kind = edges::given;
    /// Given edges between levels, levels - 1 values.
    array_view<const float> level_edges{};
    /// Given edges between bins of scores, bins - 1 values.
    array_view<const float> score_edges{};
    /// Where uniform levels start and end.
    float level_low = 0;
    float level_high = 0;
    /// Where uniform bins of scores start and end.
    float score_low = 0;
    float score_high = 0;
    /// The sample, one value for each row: scores for quantiles and nested edges of scores, uncertainties for quantiles
    /// of levels and nested edges of scores. Weights are ones if not given.
    optional_array<const float> scores{};
    optional_array<const float> uncertainties{};
    optional_array<const float> weights{};
    /// Nested: the fraction of a level's weight, from the greatest score down, that gets bins of equal weight; (0, 1].
    double top = 1;
    /// Nested, with top 1: so many of the bins lie between refine_low and refine_high; 0 for none.
    std::size_t refine_bins = 0;
    float refine_low = 0;
    float refine_high = 0;
};

/// Owns the edges between levels of uncertainty and between bins of scores. The level or bin of a value is the number
/// of edges that it is at or above. Never changes, so any number of calls may use one at once.
class grid {
  public:
    /// A closed one.
    grid() noexcept = default;

    /// Takes over a handle of the C interface.
    explicit grid(avocet_grid *handle) noexcept : handle_(handle) {}

    /// Makes a grid. It keeps nothing of what the options view.
    /// C: avocet_grid_create
    static result<grid> create(const grid_options &options, const avocet::pool *pool = nullptr) noexcept {
        const std::size_t rows = options.scores          ? options.scores->size()
                                 : options.uncertainties ? options.uncertainties->size()
                                                         : 0;
        detail::call call;
        // What C takes for the default.
        if (options.levels == 0) {
            call.refuse_size(status::invalid_argument, 1, "options.levels", 0);
        }
        if (options.bins == 0) {
            call.refuse_size(status::invalid_argument, 1, "options.bins", 0);
        }
        if (options.score_kind == edges::nested && options.top == 0) {
            call.refuse_real(status::invalid_argument, 1, "options.top", 0);
        }
        // What C refuses with a better error than that about a length.
        if (options.level_kind == edges::given && options.levels <= most) {
            call.length(options.level_edges, options.levels - 1, 1, "options.level_edges");
        }
        if (options.score_kind == edges::given && options.bins <= most) {
            call.length(options.score_edges, options.bins - 1, 1, "options.score_edges");
        }
        call.length(options.scores, rows, 1, "options.scores")
            .length(options.uncertainties, rows, 1, "options.uncertainties")
            .length(options.weights, rows, 1, "options.weights")
            .open(pool, 2, "pool");
        avocet_grid_options c{};
        c.struct_size = sizeof c;
        c.levels = options.levels;
        c.bins = options.bins;
        c.level_edges = options.level_edges.data();
        c.score_edges = options.score_edges.data();
        c.rows = rows;
        c.scores = detail::pointer(options.scores);
        c.uncertainties = detail::pointer(options.uncertainties);
        c.weights = detail::pointer(options.weights);
        c.top = options.top;
        c.refine_bins = options.refine_bins;
        c.level_low = options.level_low;
        c.level_high = options.level_high;
        c.score_low = options.score_low;
        c.score_high = options.score_high;
        c.refine_low = options.refine_low;
        c.refine_high = options.refine_high;
        c.level_kind = static_cast<std::int32_t>(options.level_kind);
        c.score_kind = static_cast<std::int32_t>(options.score_kind);
        return detail::make<grid, avocet_grid>(call, [&](avocet_grid **out, avocet_error *e) {
            return avocet_grid_create(&c, detail::pointer(pool), out, e);
        });
    }

    /// The number of levels; 0 for a closed grid.
    /// C: avocet_grid_levels
    std::size_t levels() const noexcept { return avocet_grid_levels(c_handle()); }

    /// The number of score bins in each level; 0 for a closed grid.
    /// C: avocet_grid_bins
    std::size_t bins() const noexcept { return avocet_grid_bins(c_handle()); }

    /// Whether each level has its own score edges; false for a closed grid.
    /// C: avocet_grid_is_nested
    bool is_nested() const noexcept { return avocet_grid_is_nested(c_handle()) != 0; }

    /// Copies the edges between the levels, levels() - 1 of them.
    /// C: avocet_grid_level_edges
    error level_edges(array_view<float> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_grid_level_edges(c_handle(), out.data(), out.size(), e); });
    }

    /// Copies the edges between the score bins of a level, bins() - 1 of them.
    /// C: avocet_grid_score_edges
    error score_edges(std::size_t level, array_view<float> out) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_grid_score_edges(c_handle(), level, out.data(), out.size(), e); });
    }

    /// The scores that stand for thresholds of threshold_search(): out[level] is the lower edge of bin
    /// thresholds[level], minus infinity for bin 0, infinity for bins(). Both arrays have one value for each level.
    /// C: avocet_grid_thresholds
    error thresholds(array_view<const std::uint32_t> thresholds, array_view<float> out) const noexcept {
        return detail::call()
            .open(*this, 1, "grid")
            .length(thresholds, levels(), 2, "thresholds")
            .length(out, levels(), 3, "out")
            .run([&](avocet_error *e) {
                return avocet_grid_thresholds(c_handle(), thresholds.data(), out.data(), e);
            });
    }

    /// Frees the grid, as the destructor does. Buckets that were made with it keep theirs.
    /// C: avocet_grid_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether it is open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_grid *c_handle() const noexcept { return handle_.get(); }

  private:
    /// Levels, and bins in each.
    static constexpr std::size_t most = 65536;

    detail::handle<avocet_grid, avocet_grid_destroy> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
