/// One list from those of several indexes.

#ifndef AVOCET_MERGE_LISTS_HPP
#define AVOCET_MERGE_LISTS_HPP

#include <avocet/call.hpp>
#include <avocet/score.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>

namespace avocet {
inline namespace v1 {

/// What index::search() found in one of several indexes, for q queries.
struct shard {
    /// Places for each query.
    std::size_t k = 0;
    /// q x k ids, which no other shard has: those of index::ids().
    array_view<const std::uint64_t> ids{};
    /// q x k.
    array_view<const float> scores{};
    /// q values: how many places are used.
    array_view<const std::uint32_t> counts{};
};

/// What merge_lists() writes, for q queries.
struct merged_lists {
    /// q x k, best first; no_long_id in unused places.
    array_view<std::uint64_t> ids{};
    /// q x k; -inf in unused places.
    array_view<float> scores{};
    /// q values: how many places are used.
    array_view<std::uint32_t> counts{};
};

namespace detail {

/// Shards in the form of C, which up to 64 of them need no memory for.
class c_shards {
  public:
    c_shards(array_view<const shard> shards, std::size_t q, call &call) noexcept : shards_(few_) {
        if (shards.data() == nullptr && !shards.empty()) {
            call.refuse(status::null_pointer, 1, "shards");
        } else if (shards.size() > std::numeric_limits<std::size_t>::max() / sizeof(shard)) {
            call.refuse_size(status::size_overflow, 2, "count", shards.size());
        } else if (shards.size() > most_) {
            many_.reset(new (std::nothrow) avocet_shard[shards.size()]);
            shards_ = many_.get();
            if (!many_) {
                call.refuse(status::out_of_memory, 1, "shards");
            }
        }
        for (std::size_t at = 0; at < shards.size() && !call.failed(); at++) {
            const shard &one = shards[at];
            shards_[at] = {sizeof *shards_, one.k, one.ids.data(), one.scores.data(), one.counts.data()};
            if (q == 0 || one.k <= std::numeric_limits<std::size_t>::max() / q) {
                call.length(one.ids, q * one.k, 1, "shards.ids", at)
                    .length(one.scores, q * one.k, 1, "shards.scores", at)
                    .length(one.counts, q, 1, "shards.counts", at);
            } else {
                call.refuse_size(status::size_overflow, 1, "shards.k", one.k, at);
            }
        }
    }

    c_shards(const c_shards &) = delete;
    c_shards &operator=(const c_shards &) = delete;

    const avocet_shard *get() const noexcept { return shards_; }

  private:
    static constexpr std::size_t most_ = 64;

    avocet_shard few_[most_];
    std::unique_ptr<avocet_shard[]> many_;
    avocet_shard *shards_;
};

}  // namespace detail

/// For each query the k best of what the shards found, by score descending, then id ascending: what one index of all
/// rows finds, if ids ascend with the rows of each shard and no shard's k is less. out.counts says how many queries
/// there are. More than 64 shards take some memory for the time of the call.
/// C: avocet_merge_lists
inline error merge_lists(array_view<const shard> shards, std::size_t k, const merged_lists &out) noexcept {
    const std::size_t q = out.counts.size();
    detail::call call;
    const detail::c_shards c(shards, q, call);
    return detail::list_lengths(call, out, q, k, 4).run([&](avocet_error *e) {
        return avocet_merge_lists(c.get(), shards.size(), q, k, out.ids.data(), out.scores.data(), out.counts.data(),
                                  e);
    });
}

}  // namespace v1
}  // namespace avocet

#endif
