package dev.avocet;

/**
 * One term of the edge loss, with logits {@code x = temperature * dot - offset}. Immutable; each method gives a term
 * with one more number set.
 */
public final class EdgeTerm {
    final EdgeKind kind;
    final float temperature;
    final float offset;
    final float margin;
    final float weight;

    private EdgeTerm(EdgeKind kind, float temperature, float offset, float margin, float weight) {
        this.kind = kind;
        this.temperature = temperature;
        this.offset = offset;
        this.margin = margin;
        this.weight = weight;
    }

    /** Temperature and weight are 1, offset and margin 0. */
    public static EdgeTerm of(EdgeKind kind) {
        Failures.notNull(kind, 5, "term.kind");
        return new EdgeTerm(kind, 1, 0, 0, 1);
    }

    /** The factor from dots to logits, above 0. */
    public EdgeTerm temperature(float temperature) {
        return new EdgeTerm(kind, temperature, offset, margin, weight);
    }

    /** Subtracted from every logit; finite. */
    public EdgeTerm offset(float offset) {
        return new EdgeTerm(kind, temperature, offset, margin, weight);
    }

    /** Subtracted from the logits of negative and reversed edges; at least 0. */
    public EdgeTerm margin(float margin) {
        return new EdgeTerm(kind, temperature, offset, margin, weight);
    }

    /** Multiplies every edge's loss (1 / edges for a mean); finite. */
    public EdgeTerm weight(float weight) {
        return new EdgeTerm(kind, temperature, offset, margin, weight);
    }
}
