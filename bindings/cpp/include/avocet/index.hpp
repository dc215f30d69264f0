/// Packed target rows: built once, searched many times.

#ifndef AVOCET_INDEX_HPP
#define AVOCET_INDEX_HPP

#include <avocet/call.hpp>
#include <avocet/graph.hpp>
#include <avocet/handle.hpp>
#include <avocet/pool.hpp>
#include <avocet/score.hpp>
#include <avocet/score_table.hpp>
#include <avocet/workspace.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace avocet {
inline namespace v1 {

/// How an index holds its rows. Rows of int8 go into int8 only, queries of int8 to int8 and int8_panels only, where all
/// queries are int8; the library refuses others.
enum class index_storage : std::int32_t {
    /// 4 bytes an element: the scores of top_k().
    f32 = AVOCET_INDEX_F32,
    /// 2 bytes an element.
    bf16 = AVOCET_INDEX_BF16,
    /// Likewise.
    f16 = AVOCET_INDEX_F16,
    /// A byte an element, and a scale for each row.
    int8 = AVOCET_INDEX_INT8,
    /// A byte an element, and a scale for each 32 rows.
    int8_panels = AVOCET_INDEX_INT8_PANELS,
    /// 5 bytes an element: the results of f32, mostly from the int8 of these.
    certified = AVOCET_INDEX_CERTIFIED,
};

/// Options of index::append().
struct index_rows_options {
    /// The caller's own number of each row. An index has them for all rows or for none.
    optional_array<const std::uint64_t> ids{};
    /// To take in a row that is not finite, and never find it; it is an error otherwise.
    bool skip_not_finite = false;
};

/// Options of index::create().
struct index_options {
    index_storage storage = index_storage::f32;
    /// As in index_rows_options.
    optional_array<const std::uint64_t> ids{};
    bool skip_not_finite = false;
};

/// What index::search() may find: by default every row with any score.
struct index_search_options {
    /// A queries x rows graph with rows in ascending order: what a query never finds.
    const graph *exclude = nullptr;
    /// Likewise: all that a query may find, but for what is excluded.
    const graph *allow = nullptr;
    /// The least score that is found.
    std::optional<float> least{};
};

/// What index::search() writes, for q queries.
struct index_lists {
    /// q x k rows, best first; no_id in unused places.
    array_view<std::uint32_t> ids{};
    /// q x k; -inf in unused places.
    array_view<float> scores{};
    /// q values: how many places are used.
    array_view<std::uint32_t> counts{};
    /// q values: how many scores were NaN.
    optional_array<std::uint32_t> nan_counts{};
    /// q values: how many rows a certified index scored in f32; 0 in other storages.
    optional_array<std::uint32_t> survivors{};
};

/// What index::ids() and merge_lists() put in unused places.
inline constexpr std::uint64_t no_long_id = AVOCET_NO_LONG_ID;

namespace detail {

/// Destroys an index before it lets go of the memory that its rows may lie in.
struct index_destroyer {
    std::shared_ptr<const void> memory{};

    void operator()(avocet_index *handle) noexcept {
        avocet_index_destroy(handle);
        memory.reset();
    }
};

}  // namespace detail

/// Owns packed rows, numbered from 0. Never changes, so any number of calls may use one at once; append(), replace()
/// and remove() make another one that shares rows with it, and either may be closed first. Rows and queries are a
/// score_table: a real matrix, or one of int8 with scales.
class index {
  public:
    /// A closed one.
    index() noexcept = default;

    /// Takes over a handle of the C interface, and a share of the memory that it needs.
    explicit index(avocet_index *handle, std::shared_ptr<const void> memory = {}) noexcept
        : handle_(handle, detail::index_destroyer{std::move(memory)}) {}

    /// Packs rows. It keeps nothing of what it is given.
    /// C: avocet_index_create
    static result<index> create(const score_table &rows, const index_options &options = {},
                                const avocet::pool *pool = nullptr) noexcept {
        const avocet_index_options c = c_options(rows, options);
        detail::call call;
        row_lengths(call, rows, 1, options.ids, 2).open(pool, 3, "pool");
        return detail::make<index, avocet_index>(call, [&](avocet_index **out, avocet_error *e) {
            return avocet_index_create(&rows.c_view(), &c, detail::pointer(pool), out, e);
        });
    }

    /// An index with more rows behind these, which keep their numbers and scores.
    /// C: avocet_index_append
    result<index> append(const score_table &rows, const index_rows_options &options = {},
                         const avocet::pool *pool = nullptr) const noexcept {
        const avocet_index_options c = c_options(rows, {index_storage::f32, options.ids, options.skip_not_finite});
        detail::call call;
        row_lengths(call.open(*this, 1, "index"), rows, 2, options.ids, 3).open(pool, 4, "pool");
        return derived(call, [&](avocet_index **out, avocet_error *e) {
            return avocet_index_append(c_handle(), &rows.c_view(), &c, detail::pointer(pool), out, e);
        });
    }

    /// An index with other values for the rows at, one for each of rows, in ascending order. Their ids stay.
    /// C: avocet_index_replace
    result<index> replace(array_view<const std::uint32_t> at, const score_table &rows,
                          bool skip_not_finite = false) const noexcept {
        const avocet_index_options c = c_options(rows, {index_storage::f32, {}, skip_not_finite});
        detail::call call;
        row_lengths(call.open(*this, 1, "index").length(at, rows.rows(), 2, "at"), rows, 3, {}, 4);
        return derived(call, [&](avocet_index **out, avocet_error *e) {
            return avocet_index_replace(c_handle(), at.data(), &rows.c_view(), &c, out, e);
        });
    }

    /// An index that never finds the rows at, in ascending order, until they are replaced. Rows keep their numbers.
    /// C: avocet_index_remove
    result<index> remove(array_view<const std::uint32_t> at) const noexcept {
        detail::call call;
        return derived(call, [&](avocet_index **out, avocet_error *e) {
            return avocet_index_remove(c_handle(), at.data(), at.size(), out, e);
        });
    }

    /// The number of rows, those included that are never found; 0 for a closed index.
    /// C: avocet_index_rows
    std::size_t rows() const noexcept { return avocet_index_rows(c_handle()); }

    /// The number of columns; 0 for a closed index.
    /// C: avocet_index_cols
    std::size_t cols() const noexcept { return avocet_index_cols(c_handle()); }

    /// The number of rows that can be found; 0 for a closed index. One step for each 32 rows.
    /// C: avocet_index_live
    std::size_t live() const noexcept { return avocet_index_live(c_handle()); }

    /// How it holds its rows; f32 for a closed index.
    /// C: avocet_index_storage
    index_storage storage() const noexcept { return static_cast<index_storage>(avocet_index_storage(c_handle())); }

    /// Whether it has the caller's ids; false for a closed index.
    /// C: avocet_index_has_ids
    bool has_ids() const noexcept { return avocet_index_has_ids(c_handle()) != 0; }

    /// The bytes of memory that its rows take, shared and mapped ones included; 0 for a closed index.
    /// C: avocet_index_memory
    std::size_t memory() const noexcept { return avocet_index_memory(c_handle()); }

    /// The caller's ids of rows, such as search() found: the row itself if there are none, no_long_id for no_id. Both
    /// arrays have one length.
    /// C: avocet_index_ids
    error ids(array_view<const std::uint32_t> rows, array_view<std::uint64_t> out) const noexcept {
        return detail::call()
            .open(*this, 1, "index")
            .length(out, rows.size(), 4, "out")
            .run([&](avocet_error *e) {
                return avocet_index_ids(c_handle(), rows.data(), rows.size(), out.data(), e);
            });
    }

    /// For each query the k rows with the greatest scores query . row, then with the least numbers. queries is
    /// q x cols().
    /// C: avocet_index_search
    error search(const score_table &queries, std::size_t k, const index_search_options &options,
                 const index_lists &out, avocet::workspace &workspace,
                 const avocet::pool *pool = nullptr) const noexcept {
        avocet_index_search_options c{};
        c.struct_size = sizeof c;
        c.exclude = detail::pointer(options.exclude);
        c.allow = detail::pointer(options.allow);
        c.query_scales = detail::pointer(queries.scales());
        c.least = options.least.value_or(0);
        c.has_least = options.least.has_value();
        detail::call call;
        query_lengths(call, queries, 4, "options.query_scales")
            .open(options.exclude, 4, "options.exclude")
            .open(options.allow, 4, "options.allow");
        return detail::list_lengths(call, out, queries.rows(), k, 3)
            .length(out.nan_counts, queries.rows(), 8, "nan_counts")
            .length(out.survivors, queries.rows(), 9, "survivors")
            .open(pool, 10, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_index_search(c_handle(), &queries.c_view(), k, &c, out.ids.data(), out.scores.data(),
                                           out.counts.data(), detail::pointer(out.nan_counts),
                                           detail::pointer(out.survivors), detail::pointer(pool), workspace.c_handle(),
                                           e);
            });
    }

    /// search() without options: every row with any score.
    error search(const score_table &queries, std::size_t k, const index_lists &out, avocet::workspace &workspace,
                 const avocet::pool *pool = nullptr) const noexcept {
        return search(queries, k, {}, out, workspace, pool);
    }

    /// out[e] = the score of each given row of each query, the bits that search() gives it. given is a q x rows()
    /// graph, and out has a value for each of its edges.
    /// C: avocet_index_scores
    error scores(const score_table &queries, const graph &given, array_view<float> out, avocet::workspace &workspace,
                 const avocet::pool *pool = nullptr) const noexcept {
        detail::call call;
        return query_lengths(call, queries, 3, "query_scales")
            .open(given, 4, "given")
            .length(out, given.edges(), 5, "out")
            .open(pool, 6, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_index_scores(c_handle(), &queries.c_view(), detail::pointer(queries.scales()),
                                           given.c_handle(), out.data(), detail::pointer(pool), workspace.c_handle(),
                                           e);
            });
    }

    /// For each given row of each query, how many other rows score better and how many score the same. given is a
    /// q x rows() graph; exclude, if given, likewise, with rows in ascending order, which are not counted; better and
    /// equal hold one count for each edge of given.
    /// C: avocet_index_rank_counts
    error rank_counts(const score_table &queries, const graph &given, const graph *exclude,
                      array_view<std::uint32_t> better, array_view<std::uint32_t> equal, avocet::workspace &workspace,
                      const avocet::pool *pool = nullptr) const noexcept {
        detail::call call;
        return query_lengths(call, queries, 3, "query_scales")
            .open(given, 4, "given")
            .open(exclude, 5, "exclude")
            .length(better, given.edges(), 6, "better")
            .length(equal, given.edges(), 7, "equal")
            .open(pool, 8, "pool")
            .run_in(workspace.c_handle(), [&](avocet_error *e) {
                return avocet_index_rank_counts(c_handle(), &queries.c_view(), detail::pointer(queries.scales()),
                                                given.c_handle(), detail::pointer(exclude), better.data(),
                                                equal.data(), detail::pointer(pool), workspace.c_handle(), e);
            });
    }

    /// The number of bytes that save() writes; 0 for a closed index.
    /// C: avocet_index_saved_bytes
    std::size_t saved_bytes() const noexcept { return avocet_index_saved_bytes(c_handle()); }

    /// Writes it to saved_bytes() bytes, the same for the same rows everywhere.
    /// C: avocet_index_save
    error save(array_view<std::uint8_t> bytes) const noexcept {
        return detail::call().run(
            [&](avocet_error *e) { return avocet_index_save(c_handle(), bytes.data(), bytes.size(), e); });
    }

    /// Makes the index that save() wrote, with a copy of its rows.
    /// C: avocet_index_load
    static result<index> load(array_view<const std::uint8_t> bytes) noexcept {
        detail::call call;
        return detail::make<index, avocet_index>(call, [&](avocet_index **out, avocet_error *e) {
            return avocet_index_load(bytes.data(), bytes.size(), out, e);
        });
    }

    /// Makes the index that save() wrote, with the rows where they are, such as in a mapped file. The bytes must stay
    /// as they are until this index and all that were made from it are closed. Each of these holds a share of the owner,
    /// whose deleter can unmap them; without an owner the caller sees to it.
    /// C: avocet_index_map
    static result<index> map(array_view<const std::uint8_t> bytes,
                             const std::shared_ptr<const void> &owner = nullptr) noexcept {
        const auto map_bytes = [&](avocet_index **out, avocet_error *e) {
            return avocet_index_map(bytes.data(), bytes.size(), out, e);
        };
        detail::call call;
        return detail::make<index, avocet_index>(call, map_bytes, owner);
    }

    /// Frees the rows that no other index shares, and lets go of the owner of mapped ones, as the destructor does.
    /// C: avocet_index_destroy
    void close() noexcept { handle_.reset(); }

    /// Whether it is open.
    explicit operator bool() const noexcept { return handle_ != nullptr; }

    avocet_index *c_handle() const noexcept { return handle_.get(); }

  private:
    static avocet_index_options c_options(const score_table &rows, const index_options &options) noexcept {
        avocet_index_options c{};
        c.struct_size = sizeof c;
        c.ids = detail::pointer(options.ids);
        c.scales = detail::pointer(rows.scales());
        c.storage = static_cast<std::int32_t>(options.storage);
        c.skip_not_finite = options.skip_not_finite;
        return c;
    }

    static detail::call &row_lengths(detail::call &call, const score_table &rows, int argument,
                                     const optional_array<const std::uint64_t> &ids, int options) noexcept {
        return call.fits(rows, argument, "rows.data")
            .length(rows.scales(), rows.rows(), options, "options.scales")
            .length(ids, rows.rows(), options, "options.ids");
    }

    detail::call &query_lengths(detail::call &call, const score_table &queries, int argument,
                                const char *scales) const noexcept {
        return call.open(*this, 1, "index")
            .fits(queries, 2, "queries.data")
            .length(queries.scales(), queries.rows(), argument, scales);
    }

    /// What is made from this one may have rows in the same memory.
    template <class Function>
    result<index> derived(detail::call &call, Function function) const noexcept {
        return detail::make<index, avocet_index>(call, function, handle_.get_deleter().memory);
    }

    std::unique_ptr<avocet_index, detail::index_destroyer> handle_;
};

}  // namespace v1
}  // namespace avocet

#endif
