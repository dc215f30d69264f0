package dev.avocet;

/**
 * A logistic regression over sparse, usually hashed, features, with the state of its optimiser: 8 bytes a feature. Any
 * number of threads may use one at once, but for {@link #learn}, which must have it alone: whoever comes second gets a
 * {@link HandleException}. Its state is always finite.
 *
 * <p>Its number of features stays known when it is closed.
 */
public final class SparseModel extends Handle {
    private static final Arguments MODEL = Arguments.of("1 model");
    private static final Arguments PREDICT = Arguments.of("1 model", "6 pool");
    private static final Arguments WORKSPACE = Arguments.of("8 workspace");

    private final long features;

    /** Takes a model of the C library. */
    private SparseModel(long address) {
        super(address, Native::sparseModelDestroy, "model", false);
        features = Native.sparseModelFeatures(address);
    }

    /**
     * Makes a model whose weights are zeros.
     *
     * C: {@code avocet_sparse_model_create}
     */
    public static SparseModel create(SparseModelOptions options) {
        Failures.notNull(options, 1, "options");
        return new SparseModel(Native.sparseModelCreate(options.features, options.optimiser.ordinal(),
                options.intercept ? 1 : 0, options.rate, options.beta, options.l1, options.l2, options.epsilon));
    }

    /**
     * Makes the model that {@link #save} wrote; it goes on bit for bit. Bytes that were not saved so, or not all, are
     * refused.
     *
     * C: {@code avocet_sparse_model_load}
     */
    public static SparseModel load(Bytes bytes) {
        Failures.notNull(bytes, 1, "bytes");
        return new SparseModel(Native.sparseModelLoad(bytes.base, bytes.at, bytes.length()));
    }

    /**
     * The number of features, without the intercept.
     *
     * C: {@code avocet_sparse_model_features}
     */
    public long features() {
        return features;
    }

    /**
     * The weight of the intercept; 0 if there is none.
     *
     * C: {@code avocet_sparse_model_intercept}
     */
    public float intercept() {
        MODEL.enter(this);
        try {
            return Native.sparseModelIntercept(address(this));
        } finally {
            exit();
        }
    }

    /**
     * The logit of each row: the sum over its features of weight times value, plus the intercept, plus its margin.
     *
     * C: {@code avocet_sparse_model_predict}
     */
    public void predict(SparseRows rows, MutableFloats logits, Pool pool) {
        Failures.notNull(rows, 2, "csr");
        Failures.notNull(logits, 5, "logits");
        Failures.length(logits, rows.rows(), 5, "logits");
        Floats values = Floats.orNone(rows.values);
        Floats margins = Floats.orNone(rows.margins);
        PREDICT.enter(this, pool);
        try {
            Native.sparseModelPredict(address(this), features,
                    rows.offsets.base, rows.offsets.at, rows.offsets.length(), rows.offsets.code(),
                    rows.features.base, rows.features.at, rows.features.length(), rows.features.code(),
                    values.base, values.at, values.length(), margins.base, margins.at, margins.length(),
                    logits.base, logits.at, logits.length(), address(pool));
        } finally {
            exit(this, pool);
        }
    }

    /**
     * Learns from the rows in their order, {@code minibatch} rows at a time (1 is online learning; the last may have
     * fewer): the logits of its rows by the weights as they are; the gradient of each coordinate by the loss of
     * {@link Logistic#pointwise}, summed over the rows; one step of the {@link Optimiser} of each coordinate whose
     * gradient is not 0. {@code logits}, if not null, receives the logits: predictions of rows that the model has not
     * seen (progressive validation).
     *
     * <p>Nothing has been learnt when a call throws, with one exception: NOT_FINITE of "csr" names the first row of the
     * first minibatch that would leave the range of {@code float}. The rows before it have been learnt then, it and the
     * rows after it have not, and the logits are unspecified.
     *
     * C: {@code avocet_sparse_model_learn}
     */
    public void learn(
            SparseRows rows, LogisticTargets targets, long minibatch, MutableFloats logits, Workspace workspace) {
        Failures.notNull(rows, 2, "csr");
        Failures.notNull(targets, 5, "targets");
        Failures.notNull(workspace, 8, "workspace");
        targets.check(rows.rows(), 5);
        Failures.size(minibatch, 6, "minibatch");
        Failures.length(logits, rows.rows(), 7, "logits");
        Floats values = Floats.orNone(rows.values);
        Floats margins = Floats.orNone(rows.margins);
        Floats labels = Floats.orNone(targets.labels);
        Floats weights = Floats.orNone(targets.weights);
        Floats a = Floats.orNone(targets.a);
        Floats b = Floats.orNone(targets.b);
        MutableFloats to = MutableFloats.orNone(logits);
        enterAlone(1, "model");
        try {
            WORKSPACE.enter(workspace);
            try {
                Native.sparseModelLearn(address(this), features,
                        rows.offsets.base, rows.offsets.at, rows.offsets.length(), rows.offsets.code(),
                        rows.features.base, rows.features.at, rows.features.length(), rows.features.code(),
                        values.base, values.at, values.length(), margins.base, margins.at, margins.length(),
                        labels.base, labels.at, labels.length(), weights.base, weights.at, weights.length(),
                        a.base, a.at, a.length(), b.base, b.at, b.length(), targets.signedWeights ? 1 : 0,
                        minibatch, to.base, to.at, to.length(), address(workspace));
            } finally {
                workspace.exit();
            }
        } finally {
            exitAlone();
        }
    }

    /**
     * Copies the weight of each feature.
     *
     * C: {@code avocet_sparse_model_weights}
     */
    public void weights(MutableFloats out) {
        Failures.notNull(out, 2, "out");
        MODEL.enter(this);
        try {
            Native.sparseModelWeights(address(this), out.base, out.at, out.length());
        } finally {
            exit();
        }
    }

    /**
     * The number of features whose weight is not 0.
     *
     * C: {@code avocet_sparse_model_nonzeros}
     */
    public long nonzeros() {
        MODEL.enter(this);
        try {
            return Native.sparseModelNonzeros(address(this));
        } finally {
            exit();
        }
    }

    /**
     * Copies the features whose weight is not 0, in ascending order, and their weights. Both arrays hold
     * {@link #nonzeros} values.
     *
     * C: {@code avocet_sparse_model_nonzero}
     */
    public void nonzero(MutableInts features, MutableFloats weights) {
        Failures.notNull(features, 2, "features");
        Failures.notNull(weights, 3, "weights");
        Failures.length(weights, features.length(), 3, "weights");
        MODEL.enter(this);
        try {
            Native.sparseModelNonzero(address(this), features.base, features.at, features.length(),
                    weights.base, weights.at, weights.length());
        } finally {
            exit();
        }
    }

    /**
     * The number of bytes that {@link #save} writes: 60, and 12 for each feature that has been learnt.
     *
     * C: {@code avocet_sparse_model_saved_bytes}
     */
    public long savedBytes() {
        MODEL.enter(this);
        try {
            return Native.sparseModelSavedBytes(address(this));
        } finally {
            exit();
        }
    }

    /**
     * Writes the model with the state of its optimiser, the same bytes for the same model everywhere. {@code bytes}
     * holds {@link #savedBytes}.
     *
     * C: {@code avocet_sparse_model_save}
     */
    public void save(MutableBytes bytes) {
        Failures.notNull(bytes, 2, "bytes");
        MODEL.enter(this);
        try {
            Native.sparseModelSave(address(this), bytes.base, bytes.at, bytes.length());
        } finally {
            exit();
        }
    }
}
