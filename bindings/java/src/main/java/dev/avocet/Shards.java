package dev.avocet;

/**
 * The shards of {@link Index#mergeLists}, laid out for the call: make them once and use them often. Immutable.
 */
public final class Shards {
    /** The queries of each shard; -1 if there are no shards. */
    final long queries;
    /** What {@code index.c} reads: of each shard k, and place and length of its ids, scores and counts. */
    final long[] numbers;
    final Object[] bases;

    private Shards(long queries, Pack pack) {
        this.queries = queries;
        this.numbers = pack.numbers();
        this.bases = pack.bases();
    }

    /** Any number of shards of the same queries, in any order. */
    public static Shards of(Shard... shards) {
        Failures.notNull(shards, 1, "shards");
        Pack pack = new Pack();
        for (int i = 0; i < shards.length; i++) {
            Shard shard = shards[i];
            Failures.notNull(shard, 1, "shards", i);
            Failures.length(shard.counts, shards[0].counts.length(), 1, "shards.counts", i);
            pack.number(shard.k).view(shard.ids).floats(shard.scores).view(shard.counts);
        }
        return new Shards(shards.length == 0 ? -1 : shards[0].counts.length(), pack);
    }
}
