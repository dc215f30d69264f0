package dev.avocet;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Dual#backward} reads beside the layer, laid out for the call: make it once and use it often. Immutable.
 */
public final class DualResult {
    final long[] numbers;
    final Object[] bases;
    final int relations;
    final boolean withNorms;
    /** The transpose of the own graph, or null, then those of each relation. */
    final Graph[] graphs;

    private DualResult(Builder from) {
        Pack pack = new Pack();
        pack.matrix(from.sources).matrix(from.targets).floats(from.sourceNorms).floats(from.targetNorms);
        pack.matrix(from.sourceGradient).matrix(from.targetGradient).number(Handle.address(from.own));
        List<Graph> all = new ArrayList<>();
        all.add(from.own);
        for (Graph graph : from.back) {
            pack.number(Handle.address(graph));
            all.add(graph);
        }
        numbers = pack.numbers();
        bases = pack.bases();
        relations = from.back.size() / 2;
        withNorms = from.sourceNorms != null;
        graphs = all.toArray(new Graph[0]);
    }

    /**
     * Begins with S' and T' as the forward pass left them and the gradients of the loss with respect to them, all
     * {@code r x m}.
     */
    public static Builder builder(Matrix sources, Matrix targets, Matrix sourceGradient, Matrix targetGradient) {
        return new Builder(sources, targets, sourceGradient, targetGradient);
    }

    /** The parts of a result. */
    public static final class Builder {
        private final Matrix sources;
        private final Matrix targets;
        private final Matrix sourceGradient;
        private final Matrix targetGradient;
        private final List<Graph> back = new ArrayList<>();
        private Floats sourceNorms;
        private Floats targetNorms;
        private Graph own;

        private Builder(Matrix sources, Matrix targets, Matrix sourceGradient, Matrix targetGradient) {
            Failures.notNull(sources, 2, "result.sources");
            Failures.notNull(targets, 2, "result.targets");
            Failures.notNull(sourceGradient, 2, "result.source_gradient");
            Failures.notNull(targetGradient, 2, "result.target_gradient");
            this.sources = sources;
            this.targets = targets;
            this.sourceGradient = sourceGradient;
            this.targetGradient = targetGradient;
        }

        /** The norms, {@code r} values each, of a layer that normalises. */
        public Builder norms(Floats sourceNorms, Floats targetNorms) {
            Failures.notNull(sourceNorms, 2, "result.source_norms");
            Failures.notNull(targetNorms, 2, "result.target_norms");
            Failures.length(sourceNorms, sources.rows, 2, "result.source_norms");
            Failures.length(targetNorms, targets.rows, 2, "result.target_norms");
            this.sourceNorms = sourceNorms;
            this.targetNorms = targetNorms;
            return this;
        }

        /** The transpose of the layer's own graph; null if it has none. */
        public Builder own(Graph own) {
            this.own = own;
            return this;
        }

        /** The transposes of the next relation's graphs, each {@code n x r}. */
        public Builder back(Graph out, Graph into) {
            Failures.notNull(out, 2, "result.back.out", back.size() / 2);
            Failures.notNull(into, 2, "result.back.into", back.size() / 2);
            back.add(out);
            back.add(into);
            return this;
        }

        /** The result. */
        public DualResult build() {
            return new DualResult(this);
        }
    }
}
