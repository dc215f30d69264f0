package dev.avocet;

/**
 * What one shard found for some queries, for {@link Index#mergeLists}. Immutable.
 */
public final class Shard {
    final long k;
    final Longs ids;
    final Floats scores;
    final Ints counts;

    private Shard(long k, Longs ids, Floats scores, Ints counts) {
        this.k = k;
        this.ids = ids;
        this.scores = scores;
        this.counts = counts;
    }

    /**
     * Lists of {@code k} places for each query: {@code queries x k} ids, which no other shard has (see
     * {@link Index#ids}), and scores; and for each query how many places are used.
     */
    public static Shard of(long k, Longs ids, Floats scores, Ints counts) {
        Failures.size(k, 1, "shards.k");
        Failures.notNull(ids, 1, "shards.ids");
        Failures.notNull(scores, 1, "shards.scores");
        Failures.notNull(counts, 1, "shards.counts");
        Failures.product(counts.length(), k, 1, "shards.k");
        Failures.length(ids, counts.length() * k, 1, "shards.ids");
        Failures.length(scores, counts.length() * k, 1, "shards.scores");
        return new Shard(k, ids, scores, counts);
    }
}
