package dev.avocet;

import java.util.ArrayList;
import java.util.List;

/**
 * A layer of a dual graph network, laid out for the calls of {@link Dual}: make it once and use it often. Immutable.
 */
public final class DualLayer {
    final long[] numbers;
    final Object[] bases;
    final int relations;
    final boolean normalise;
    /** The own graph, or null, then the graphs of each relation. */
    final Graph[] graphs;

    private DualLayer(Builder from) {
        Pack pack = new Pack();
        pack.matrix(from.sources).matrix(from.targets).matrix(from.sourceWeights).matrix(from.targetWeights);
        pack.number(Handle.address(from.own)).number(from.activation.ordinal()).number(from.normalise ? 1 : 0);
        pack.number(from.relations.size());
        List<Graph> all = new ArrayList<>();
        all.add(from.own);
        for (DualRelation relation : from.relations) {
            pack.number(Handle.address(relation.out)).number(Handle.address(relation.into));
            pack.floats(relation.outScale).floats(relation.intoScale).matrix(relation.across).matrix(relation.along);
            all.add(relation.out);
            all.add(relation.into);
        }
        numbers = pack.numbers();
        bases = pack.bases();
        relations = from.relations.size();
        normalise = from.normalise;
        graphs = all.toArray(new Graph[0]);
    }

    /**
     * Begins a layer with the rows S and T, {@code n x d}, and the weights Ws and Wt, {@code d x m}.
     */
    public static Builder builder(Matrix sources, Matrix targets, Matrix sourceWeights, Matrix targetWeights) {
        return new Builder(sources, targets, sourceWeights, targetWeights);
    }

    /** The parts of a layer. */
    public static final class Builder {
        private final Matrix sources;
        private final Matrix targets;
        private final Matrix sourceWeights;
        private final Matrix targetWeights;
        private final List<DualRelation> relations = new ArrayList<>();
        private Graph own;
        private Activation activation = Activation.NONE;
        private boolean normalise;

        private Builder(Matrix sources, Matrix targets, Matrix sourceWeights, Matrix targetWeights) {
            Failures.notNull(sources, 1, "layer.sources");
            Failures.notNull(targets, 1, "layer.targets");
            Failures.notNull(sourceWeights, 1, "layer.source_weights");
            Failures.notNull(targetWeights, 1, "layer.target_weights");
            this.sources = sources;
            this.targets = targets;
            this.sourceWeights = sourceWeights;
            this.targetWeights = targetWeights;
        }

        /** One edge a row: the node that output row i is, {@code r x n}; null if every node is its own row. */
        public Builder own(Graph own) {
            this.own = own;
            return this;
        }

        /** One more relation; there are at most {@link Dual#MAX_RELATIONS}. */
        public Builder relation(DualRelation relation) {
            Failures.notNull(relation, 1, "layer.relations", relations.size());
            relations.add(relation);
            return this;
        }

        /** Applied to the finished sums. */
        public Builder activation(Activation activation) {
            Failures.notNull(activation, 1, "layer.activation");
            this.activation = activation;
            return this;
        }

        /** Whether to divide each row by its L2 norm after the activation. */
        public Builder normalise(boolean normalise) {
            this.normalise = normalise;
            return this;
        }

        /** The layer. */
        public DualLayer build() {
            if (relations.size() > Dual.MAX_RELATIONS) {
                throw Failures.invalid(Status.INVALID_ARGUMENT, 1, "layer.relation_count", 0, relations.size(),
                        "at most " + Dual.MAX_RELATIONS);
            }
            return new DualLayer(this);
        }
    }
}
