package dev.avocet;

import static dev.avocet.Golden.floats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The golden cases of packed indexes. */
final class IndexGolden {
    private static final int N = 2500;
    private static final int Q = 20;
    private static final int D = 33;
    private static final int K = 10;

    private final Memory memory;
    private final Pool pool;
    private final Workspace workspace;
    private final Golden.Sink to;

    IndexGolden(Memory memory, Pool pool, Workspace workspace, Golden.Sink to) {
        this.memory = memory;
        this.pool = pool;
        this.workspace = workspace;
        this.to = to;
    }

    void run() {
        searches();
        changes();
    }

    /** Queries in each of the types that an index may be scored with. */
    private final class Queries {
        final Matrix reals;
        final MutableMatrix16 narrow;
        final MutableMatrix8 integers;
        final MutableFloats scales;

        Queries(float[] values) {
            reals = memory.floats(values).matrix(Q);
            narrow = MutableMatrix16.bf16(memory.shorts(new short[Q * D]).view, Q, D);
            integers = MutableMatrix8.of(memory.bytes(new byte[Q * D]).view, Q, D);
            scales = memory.floats(Q).view;
            Convert.convert(reals, narrow, pool);
            Convert.quantizeRows(reals, integers, scales, pool);
        }

        /** Those of integers are for the two storages of bytes. */
        RealMatrix real(Index index) {
            return index.storage() == IndexStorage.BF16 ? narrow : reals;
        }
    }

    private static boolean ofBytes(Index index) {
        return index.storage() == IndexStorage.INT8 || index.storage() == IndexStorage.INT8_PANELS;
    }

    /** What a search found. */
    private final class Found {
        final Memory.I ids = memory.ints(new int[Q * K]);
        final Memory.F scores = memory.floats(Q * K);
        final Memory.I counts = memory.ints(new int[Q]);

        Found(Index index, Queries queries, IndexSearchOptions options) {
            IndexLists lists = IndexLists.of(ids.view, scores.view, counts.view);
            if (ofBytes(index)) {
                index.search(queries.integers, queries.scales, K, options, lists, pool, workspace);
            } else {
                index.search(queries.real(index), K, options, lists, pool, workspace);
            }
        }
    }

    /** Rows that a draw takes, in ascending order. */
    private static Graph drawn(Random random, int oneIn) {
        int[][] rows = new int[Q][];
        Arrays.setAll(rows, i -> IntStream.range(0, N).filter(row -> random.below(oneIn) == 0).toArray());
        return Random.graph(N, rows);
    }

    private int[] words(Index index) {
        Memory.B bytes = memory.bytes(new byte[(int) index.savedBytes()]);
        index.save(bytes.view);
        int[] words = new int[bytes.get().length / 4];
        ByteBuffer.wrap(bytes.get()).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }

    private void searches() {
        Random random = new Random(36);
        Matrix x = memory.floats(random.values(N * D)).matrix(N);
        Queries queries = new Queries(random.values(Q * D));
        try (Graph exclude = drawn(random, 20); Graph allow = drawn(random, 3);
                Graph given = random.graph(Q, N, i -> 5, false)) {
            for (IndexStorage storage : IndexStorage.values()) {
                try (Index index = Index.create(x, IndexOptions.DEFAULT.storage(storage), pool)) {
                    Found found = new Found(index, queries, IndexSearchOptions.DEFAULT.exclude(exclude));
                    Found few = new Found(index, queries, IndexSearchOptions.DEFAULT.allow(allow).least(3));
                    Memory.F own = memory.floats(5 * Q);
                    Memory.I better = memory.ints(new int[5 * Q]);
                    Memory.I equal = memory.ints(new int[5 * Q]);
                    if (ofBytes(index)) {
                        index.scores(queries.integers, queries.scales, given, own.view, pool, workspace);
                        index.rankCounts(queries.integers, queries.scales, given, exclude, better.view, equal.view, pool,
                                workspace);
                    } else {
                        index.scores(queries.real(index), given, own.view, pool, workspace);
                        index.rankCounts(queries.real(index), given, exclude, better.view, equal.view, pool, workspace);
                    }
                    to.add("index_" + storage.name().toLowerCase(),
                            floats(found.scores.get(), few.scores.get(), own.get()),
                            new int[][] {
                                found.ids.get(), found.counts.get(), few.ids.get(), few.counts.get(), better.get(),
                                equal.get(), words(index)
                            });
                }
            }
        }
    }

    private void changes() {
        Random random = new Random(37);
        Memory.F x = memory.floats(random.values(N * D));
        MutableMatrix more = memory.floats(random.values(100 * D)).matrix(100);
        Queries queries = new Queries(random.values(Q * D));
        MutableLongs own = memory.longs(LongStream.range(0, N + 100).map(row -> row << 31).toArray()).view;
        int[][] edited = new int[3][];
        edited[2] = new int[2];
        IndexStorage[] storages = {IndexStorage.INT8, IndexStorage.CERTIFIED};
        for (int i = 0; i < 2; i++) {
            IndexOptions options = IndexOptions.DEFAULT.storage(storages[i]).ids(own.slice(0, N));
            try (Index index = Index.create(x.matrix(N), options, pool);
                    Index longer = index.append(more, IndexOptions.DEFAULT.ids(own.slice(N, 100)), pool);
                    Index other = longer.replace(
                            memory.ints(5, 700, 2100).view, more.slice(0, 3), IndexOptions.DEFAULT);
                    Index less = other.remove(memory.ints(6, 2550).view)) {
                edited[i] = words(less);
                edited[2][i] = (int) less.live();
            }
        }
        to.add("index_edited", floats(), edited);

        int[] bounds = {0, 1200, N};
        Shard[] shards = new Shard[2];
        for (int i = 0; i < 2; i++) {
            int rows = bounds[i + 1] - bounds[i];
            Matrix part = Matrix.of(x.view.slice((long) bounds[i] * D, (long) rows * D), rows, D);
            IndexOptions options = IndexOptions.DEFAULT.ids(own.slice(bounds[i], rows));
            try (Index index = Index.create(part, options, pool)) {
                Found found = new Found(index, queries, IndexSearchOptions.DEFAULT);
                MutableLongs ids = memory.longs(new long[Q * K]).view;
                index.ids(found.ids.view, ids);
                shards[i] = Shard.of(K, ids, found.scores.view, found.counts.view);
            }
        }
        Memory.L ids = memory.longs(new long[Q * K]);
        Memory.F scores = memory.floats(Q * K);
        Memory.I counts = memory.ints(new int[Q]);
        Index.mergeLists(Shards.of(shards), Q, K, ids.view, scores.view, counts.view);
        int[] halves = Arrays.stream(ids.get()).flatMap(id -> LongStream.of(id, id >>> 32)).mapToInt(id -> (int) id)
                .toArray();
        to.add("merged_lists", floats(scores.get()), new int[][] {halves, counts.get()});
    }
}
