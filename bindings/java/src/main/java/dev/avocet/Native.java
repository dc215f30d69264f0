package dev.avocet;

import java.nio.Buffer;

/**
 * The functions of the native part. They trust their arguments, except for what the C library checks.
 *
 * <p>An array is passed as {@code Object base, long at, long length} (in elements) and a matrix as
 * {@code Object base, long at, long rows, long cols, long stride}. An {@code at} of 0 or more is an address, and
 * {@code base} is whatever keeps its memory alive: an argument of a native method stays reachable during the call. A
 * negative {@code at} is the complement of the byte offset in the array {@code base}. Rows of -1 stand for no matrix.
 */
final class Native {
    /** Counts the changes of the methods below; the native part is compiled with the same number. */
    static final int INTERFACE = 8;

    static {
        Loader.load();
    }

    private Native() {}

    /** What the native part was compiled with and what the library in it says. Works in every version. */
    static native int[] handshake();

    /** Binds the other methods. */
    static native void bind();

    static native String version();

    static native int versionNumber();

    static native int abiVersion();

    static native int isaDetected();

    static native int isaActive();

    static native String isaName(int isa);

    static native int isaCap(int isa);

    static native int floatEnvironmentIsDefault();

    static native String statusName(int status);

    static native String statusMessage(int status);

    static native String errorFormat(
            int status, int argument, int value, long position, long integer, double real, String name);

    static native long bufferAddress(Buffer buffer);

    static native long poolCreate(long threads);

    static native void poolDestroy(long pool);

    static native long poolThreads(long pool);

    static native long workspaceCreate(long bytes);

    static native void workspaceReserve(long workspace, long bytes);

    static native long workspaceBytes(long workspace);

    static native void workspaceDestroy(long workspace);

    static native long graphCreate(
            long rows, long cols, long edges,
            Object offsets, long offsetsAt, long offsetsLength, int offsetsType,
            Object indices, long indicesAt, long indicesLength, int indicesType);

    static native long graphTranspose(long graph);

    static native long graphSelectRows(long graph, Object rows, long rowsAt, long rowsLength, int rowsType);

    static native long graphRows(long graph);

    static native long graphCols(long graph);

    static native long graphEdges(long graph);

    static native long graphEdgeIdLimit(long graph);

    static native int graphIsDerived(long graph);

    static native void graphOffsets(long graph, Object out, long outAt, long outLength);

    static native void graphIndices(long graph, Object out, long outAt, long outLength);

    static native void graphEdgeIds(long graph, Object out, long outAt, long outLength);

    static native void graphWalkWeights(long graph, Object out, long outAt, long outLength);

    static native void graphDestroy(long graph);

    static native void map(
            int function, Object x, long xAt, long xLength, Object out, long outAt, long outLength, long pool);

    static native void aggregate(
            long graph, Object x, long xAt, long xRows, long xCols, long xStride,
            int reduce, int accumulate,
            Object edgeWeights, long edgeWeightsAt, long edgeWeightsLength,
            Object sourceScale, long sourceScaleAt, long sourceScaleLength,
            Object rowScale, long rowScaleAt, long rowScaleLength,
            Object out, long outAt, long outRows, long outCols, long outStride, long pool);

    static native void edgeDots(
            long graph, Object left, long leftAt, long leftRows, long leftCols, long leftStride,
            Object right, long rightAt, long rightRows, long rightCols, long rightStride,
            Object out, long outAt, long outLength, long pool);

    static native long sampleNeighbours(
            long graph, Object fanout, long fanoutAt, long fanoutLength,
            int draw, int layer, long seed,
            Object edgeWeights, long edgeWeightsAt, long edgeWeightsLength, long pool);

    /** Writes the least degree and the bits of the exponent to {@code law}. */
    static native void fitPowerLaw(long graph, long[] law);

    static native void adaptiveFanout(
            long graph, long least, double exponent, int min, int max, Object out, long outAt, long outLength);

    static native long walkNeighbours(
            long graph, long back, Object fanout, long fanoutAt, long fanoutLength,
            int walks, int length, long seed, int layer, long pool);

    static native void denseProduct(
            long[] addends, Object[] addendBases, int count, int accumulate, int activation, int normalise,
            Object out, long outAt, long outRows, long outCols, long outStride,
            Object norms, long normsAt, long normsLength, long pool, long workspace);

    static native void denseActivate(
            int activation, int normalise, Object rows, long rowsAt, long rowsRows, long rowsCols, long rowsStride,
            Object norms, long normsAt, long normsLength, long pool);

    static native void denseActivateBackward(
            int activation, int normalise, Object y, long yAt, long yRows, long yCols, long yStride,
            Object norms, long normsAt, long normsLength,
            Object dy, long dyAt, long dyRows, long dyCols, long dyStride,
            Object dz, long dzAt, long dzRows, long dzCols, long dzStride, long pool);

    static native void denseWeightGradient(
            Object x, long xAt, long xRows, long xCols, long xStride,
            Object dz, long dzAt, long dzRows, long dzCols, long dzStride, int accumulate,
            Object out, long outAt, long outRows, long outCols, long outStride, long pool, long workspace);

    static native void dualForward(
            long[] layer, Object[] layerBases, long[] out, Object[] outBases, long pool, long workspace);

    static native void dualBackward(
            long[] layer, Object[] layerBases, long[] result, Object[] resultBases,
            long[] gradients, Object[] gradientBases, long pool, long workspace);

    /** The options of the scores of rows are those that {@link ScoreTables} has laid out, or null. */
    static native void scorePairs(
            Object left, long leftAt, long leftRows, long leftCols, long leftStride, int leftType,
            Object right, long rightAt, long rightRows, long rightCols, long rightStride, int rightType,
            long[] options, Object[] optionBases,
            Object u, long uAt, long uLength, int uType, Object v, long vAt, long vLength, int vType,
            Object out, long outAt, long outLength, long pool);

    static native void scoreCandidates(
            Object left, long leftAt, long leftRows, long leftCols, long leftStride, int leftType,
            Object right, long rightAt, long rightRows, long rightCols, long rightStride, int rightType,
            long[] options, Object[] optionBases,
            long cols, Object offsets, long offsetsAt, long offsetsLength, int offsetsType,
            Object indices, long indicesAt, long indicesLength, int indicesType,
            Object out, long outAt, long outLength, long pool);

    static native void scoreMatrix(
            Object left, long leftAt, long leftRows, long leftCols, long leftStride, int leftType,
            Object right, long rightAt, long rightRows, long rightCols, long rightStride, int rightType,
            long[] options, Object[] optionBases,
            Object out, long outAt, long outRows, long outCols, long outStride, long pool);

    static native void convert(
            Object x, long xAt, long xRows, long xCols, long xStride, int xType,
            Object out, long outAt, long outRows, long outCols, long outStride, int outType, long pool);

    static native void quantizeRows(
            Object x, long xAt, long xRows, long xCols, long xStride, int xType,
            Object out, long outAt, long outRows, long outCols, long outStride,
            Object scales, long scalesAt, long scalesLength, long pool);

    static native void dequantizeRows(
            Object x, long xAt, long xRows, long xCols, long xStride,
            Object scales, long scalesAt, long scalesLength,
            Object out, long outAt, long outRows, long outCols, long outStride, long pool);

    static native void rowNorms(
            Object x, long xAt, long xRows, long xCols, long xStride, int xType,
            Object out, long outAt, long outLength, long pool);

    static native void topK(
            Object queries, long queriesAt, long queriesRows, long queriesCols, long queriesStride,
            Object targets, long targetsAt, long targetsRows, long targetsCols, long targetsStride,
            long exclude, long k, Object ids, long idsAt, long idsLength,
            Object scores, long scoresAt, long scoresLength, Object counts, long countsAt, long countsLength,
            Object nanCounts, long nanCountsAt, long nanCountsLength, long pool, long workspace);

    static native void rankCounts(
            Object queries, long queriesAt, long queriesRows, long queriesCols, long queriesStride,
            Object targets, long targetsAt, long targetsRows, long targetsCols, long targetsStride,
            long given, long exclude, Object better, long betterAt, long betterLength,
            Object equal, long equalAt, long equalLength, long pool, long workspace);

    static native long indexCreate(
            Object rows, long rowsAt, long rowsRows, long rowsCols, long rowsStride, int rowsType,
            Object ids, long idsAt, long idsLength, Object scales, long scalesAt, long scalesLength,
            int storage, int skipNotFinite, long pool);

    static native long indexAppend(
            long index, Object rows, long rowsAt, long rowsRows, long rowsCols, long rowsStride, int rowsType,
            Object ids, long idsAt, long idsLength, Object scales, long scalesAt, long scalesLength,
            int skipNotFinite, long pool);

    static native long indexReplace(
            long index, Object at, long atAt, long atLength,
            Object rows, long rowsAt, long rowsRows, long rowsCols, long rowsStride, int rowsType,
            Object ids, long idsAt, long idsLength, Object scales, long scalesAt, long scalesLength, int skipNotFinite);

    static native long indexRemove(long index, Object at, long atAt, long atLength);

    static native long indexLoad(Object bytes, long bytesAt, long bytesLength);

    static native long indexMap(Object bytes, long bytesAt, long bytesLength);

    static native long indexRows(long index);

    static native long indexCols(long index);

    static native long indexLive(long index);

    static native int indexStorage(long index);

    static native int indexHasIds(long index);

    static native long indexMemory(long index);

    static native long indexSavedBytes(long index);

    static native void indexSave(long index, Object bytes, long bytesAt, long bytesLength);

    static native void indexIds(
            long index, Object rows, long rowsAt, long rowsLength, Object out, long outAt, long outLength);

    static native void indexSearch(
            long index, Object queries, long queriesAt, long queriesRows, long queriesCols, long queriesStride,
            int queriesType, Object scales, long scalesAt, long scalesLength, long k, long exclude, long allow,
            int hasLeast, float least, Object ids, long idsAt, long idsLength,
            Object scores, long scoresAt, long scoresLength, Object counts, long countsAt, long countsLength,
            Object nanCounts, long nanCountsAt, long nanCountsLength,
            Object survivors, long survivorsAt, long survivorsLength, long pool, long workspace);

    static native void indexScores(
            long index, Object queries, long queriesAt, long queriesRows, long queriesCols, long queriesStride,
            int queriesType, Object scales, long scalesAt, long scalesLength, long given,
            Object out, long outAt, long outLength, long pool, long workspace);

    static native void indexRankCounts(
            long index, Object queries, long queriesAt, long queriesRows, long queriesCols, long queriesStride,
            int queriesType, Object scales, long scalesAt, long scalesLength, long given, long exclude,
            Object better, long betterAt, long betterLength, Object equal, long equalAt, long equalLength,
            long pool, long workspace);

    static native void indexDestroy(long index);

    /** Shards are those that {@link Shards} has laid out. */
    static native void mergeLists(
            long[] numbers, Object[] bases, long queries, long k, Object ids, long idsAt, long idsLength,
            Object scores, long scoresAt, long scoresLength, Object counts, long countsAt, long countsLength);

    /** Writes the three sums to {@code sums}. */
    static native void edgeLoss(
            long graph, long transposed,
            Object sources, long sourcesAt, long sourcesRows, long sourcesCols, long sourcesStride,
            Object targets, long targetsAt, long targetsRows, long targetsCols, long targetsStride,
            int kind, float temperature, float offset, float margin, float weight,
            Object edgeWeights, long edgeWeightsAt, long edgeWeightsLength,
            Object ds, long dsAt, long dsRows, long dsCols, long dsStride,
            Object dt, long dtAt, long dtRows, long dtCols, long dtStride,
            double[] sums, long pool, long workspace);

    /** Writes the two sums to {@code sums}. */
    static native void softmaxLoss(
            long positives, long transposed,
            Object sources, long sourcesAt, long sourcesRows, long sourcesCols, long sourcesStride,
            Object targets, long targetsAt, long targetsRows, long targetsCols, long targetsStride,
            Object negatives, long negativesAt, long negativesLength, int negativesType,
            float temperature, float weight,
            Object edgeWeights, long edgeWeightsAt, long edgeWeightsLength,
            Object ds, long dsAt, long dsRows, long dsCols, long dsStride,
            Object dt, long dtAt, long dtRows, long dtCols, long dtStride,
            double[] sums, long pool, long workspace);

    static native void adam(
            float rate, long step, float beta1, float beta2, float epsilon,
            Object parameters, long parametersAt, long parametersLength,
            Object gradient, long gradientAt, long gradientLength,
            Object first, long firstAt, long firstLength,
            Object second, long secondAt, long secondLength, long pool);

    static native void adagradRows(
            float rate, float epsilon, Object rows, long rowsAt, long rowsLength, int rowsType,
            Object gradient, long gradientAt, long gradientRows, long gradientCols, long gradientStride,
            Object table, long tableAt, long tableRows, long tableCols, long tableStride,
            Object squares, long squaresAt, long squaresRows, long squaresCols, long squaresStride, long pool);

    /** Returns the sum of the losses. */
    static native double logisticPointwise(
            Object logits, long logitsAt, long logitsLength,
            Object labels, long labelsAt, long labelsLength, Object weights, long weightsAt, long weightsLength,
            Object a, long aAt, long aLength, Object b, long bAt, long bLength, int signedWeights,
            Object losses, long lossesAt, long lossesLength, Object gradient, long gradientAt, long gradientLength,
            Object curvature, long curvatureAt, long curvatureLength, long pool, long workspace);

    /** Returns the sum of the losses. */
    static native double logisticProduct(
            Object first, long firstAt, long firstLength, Object second, long secondAt, long secondLength,
            Object labels, long labelsAt, long labelsLength, Object weights, long weightsAt, long weightsLength,
            Object a, long aAt, long aLength, Object b, long bAt, long bLength, int signedWeights,
            Object losses, long lossesAt, long lossesLength,
            Object firstGradient, long firstGradientAt, long firstGradientLength,
            Object secondGradient, long secondGradientAt, long secondGradientLength, long pool, long workspace);

    /**
     * Rows are dense if {@code xRows} is not -1, sparse if {@code offsetsType} is not 0, else prepared; {@code entries}
     * are those of sparse and prepared rows. Writes the four sums to {@code sums}, which may be null.
     * {@code signedWeights} of -1 stands for no targets.
     */
    static native void logisticBatch(
            Object x, long xAt, long xRows, long xCols, long xStride, int xType, long cols,
            Object offsets, long offsetsAt, long offsetsLength, int offsetsType,
            Object indices, long indicesAt, long indicesLength, int indicesType,
            Object values, long valuesAt, long valuesLength, long prepared, int compact,
            Object shift, long shiftAt, long shiftLength, Object weights, long weightsAt, long weightsLength,
            float intercept, long entries, Object labels, long labelsAt, long labelsLength,
            Object rowWeights, long rowWeightsAt, long rowWeightsLength,
            Object a, long aAt, long aLength, Object b, long bAt, long bLength, int signedWeights,
            Object margins, long marginsAt, long marginsLength, Object gradient, long gradientAt, long gradientLength,
            Object curvature, long curvatureAt, long curvatureLength,
            Object product, long productAt, long productLength, Object along, long alongAt, long alongLength,
            float alongIntercept, double[] sums, long pool, long workspace);

    /** Writes loss, gradient, iterations, passes, outcome and intercept to {@code figures}. */
    static native void logisticFit(
            Object x, long xAt, long xRows, long xCols, long xStride, int xType, long cols,
            Object offsets, long offsetsAt, long offsetsLength, int offsetsType,
            Object indices, long indicesAt, long indicesLength, int indicesType,
            Object values, long valuesAt, long valuesLength, long prepared, int compact,
            Object shift, long shiftAt, long shiftLength, Object weights, long weightsAt, long weightsLength,
            float intercept, Object labels, long labelsAt, long labelsLength,
            Object rowWeights, long rowWeightsAt, long rowWeightsLength,
            Object a, long aAt, long aLength, Object b, long bAt, long bLength, int signedWeights,
            long iterations, long history, float l2, float tolerance, int fixedIntercept,
            Object found, long foundAt, long foundLength, double[] figures, long pool);

    static native long sparseRowsCreate(
            long cols, Object offsets, long offsetsAt, long offsetsLength, int offsetsType,
            Object indices, long indicesAt, long indicesLength, int indicesType,
            Object values, long valuesAt, long valuesLength);

    static native long sparseRowsCount(long rows);

    static native long sparseRowsColumns(long rows);

    static native long sparseRowsFeatureCount(long rows);

    static native void sparseRowsFeatures(long rows, Object features, long featuresAt, long featuresLength);

    static native void sparseRowsDestroy(long rows);

    static native long[] logisticParts(long firstRow, long rows);

    /** Four sums of each part, of which the total gets four; vector rows of -1 stand for none. */
    static native void logisticMerge(
            Object rows, long rowsAt, long rowsLength, Object sums, long sumsAt, long sumsLength,
            Object vectors, long vectorsAt, long vectorsRows, long vectorsCols, long vectorsStride,
            double[] total, Object vector, long vectorAt, long vectorLength);

    static native void feedbackWeights(
            int method, int joint, float clipLow, float clipHigh, Object kinds, long kindsAt, long kindsLength,
            Object logits, long logitsAt, long logitsLength, Object first, long firstAt, long firstLength,
            Object second, long secondAt, long secondLength,
            Object a, long aAt, long aLength, Object b, long bAt, long bLength, long pool);

    static native void feedbackServed(
            Object logits, long logitsAt, long logitsLength, Object out, long outAt, long outLength, long pool);

    static native long streamCreate(
            int protocol, Object times, long timesAt, long timesLength,
            Object conversions, long conversionsAt, long conversionsLength,
            Object signals, long signalsAt, long signalsLength, long window, long attribution);

    static native long streamRows(long stream);

    static native void streamCopy(
            long stream, Object times, long timesAt, long timesLength, Object clicks, long clicksAt, long clicksLength,
            Object kinds, long kindsAt, long kindsLength, Object signals, long signalsAt, long signalsLength,
            long rows);

    static native void streamDestroy(long stream);

    static native long sparseModelCreate(
            long features, int optimiser, int intercept, float rate, float beta, float l1, float l2, float epsilon);

    static native long sparseModelLoad(Object bytes, long bytesAt, long bytesLength);

    static native long sparseModelFeatures(long model);

    static native float sparseModelIntercept(long model);

    static native void sparseModelPredict(
            long model, long cols, Object offsets, long offsetsAt, long offsetsLength, int offsetsType,
            Object indices, long indicesAt, long indicesLength, int indicesType,
            Object values, long valuesAt, long valuesLength, Object margins, long marginsAt, long marginsLength,
            Object logits, long logitsAt, long logitsLength, long pool);

    static native void sparseModelLearn(
            long model, long cols, Object offsets, long offsetsAt, long offsetsLength, int offsetsType,
            Object indices, long indicesAt, long indicesLength, int indicesType,
            Object values, long valuesAt, long valuesLength, Object margins, long marginsAt, long marginsLength,
            Object labels, long labelsAt, long labelsLength, Object weights, long weightsAt, long weightsLength,
            Object a, long aAt, long aLength, Object b, long bAt, long bLength, int signedWeights, long minibatch,
            Object logits, long logitsAt, long logitsLength, long workspace);

    static native void sparseModelWeights(long model, Object out, long outAt, long outLength);

    static native long sparseModelNonzeros(long model);

    static native void sparseModelNonzero(
            long model, Object features, long featuresAt, long featuresLength,
            Object weights, long weightsAt, long weightsLength);

    static native long sparseModelSavedBytes(long model);

    static native void sparseModelSave(long model, Object bytes, long bytesAt, long bytesLength);

    static native void sparseModelDestroy(long model);

    /** Writes the five figures to {@code figures}. */
    static native void ranking(
            Object scores, long scoresAt, long scoresLength, Object labels, long labelsAt, long labelsLength,
            Object weights, long weightsAt, long weightsLength, double[] figures);

    /** Writes the four sums to {@code sums}. */
    static native void calibration(
            Object probabilities, long probabilitiesAt, long probabilitiesLength,
            Object labels, long labelsAt, long labelsLength,
            Object weights, long weightsAt, long weightsLength, double[] sums);

    /** Four sums of each part, and of all. */
    static native void calibrationMerge(
            Object rows, long rowsAt, long rowsLength, Object parts, long partsAt, long partsLength, double[] sums);

    static native long gridCreate(
            long levels, long bins, Object levelEdges, long levelEdgesAt, long levelEdgesLength,
            Object scoreEdges, long scoreEdgesAt, long scoreEdgesLength, long rows,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object weights, long weightsAt, long weightsLength, double top, long refineBins,
            float levelLow, float levelHigh, float scoreLow, float scoreHigh, float refineLow, float refineHigh,
            int levelKind, int scoreKind, long pool);

    static native long gridLevels(long grid);

    static native long gridBins(long grid);

    static native int gridIsNested(long grid);

    static native void gridLevelEdges(long grid, Object out, long outAt, long outLength);

    static native void gridScoreEdges(long grid, long level, Object out, long outAt, long outLength);

    static native void gridThresholds(
            long grid, Object thresholds, long thresholdsAt, long thresholdsLength,
            Object out, long outAt, long outLength);

    static native void gridDestroy(long grid);

    static native long bucketsCreate(long grid, long segments);

    static native long bucketsLoad(Object bytes, long bytesAt, long bytesLength);

    static native long bucketsSegments(long buckets);

    static native long bucketsLevels(long buckets);

    static native long bucketsBins(long buckets);

    static native long bucketsApart(long buckets, long segment);

    static native long bucketsGrid(long buckets);

    static native void bucketsAdd(
            long buckets,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object labels, long labelsAt, long labelsLength, int labelsType,
            Object weights, long weightsAt, long weightsLength,
            Object segments, long segmentsAt, long segmentsLength, int segmentsType, int missing, long pool, long workspace);

    static native void bucketsMerge(long buckets, long other);

    static native void bucketsSubtract(long buckets, long other);

    static native void bucketsClear(long buckets);

    static native void bucketsCells(
            long buckets, long segment, int weights, Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength);

    static native void bucketsScoreBins(
            long buckets, long segment, int weights, Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength);

    static native long bucketsSavedBytes(long buckets);

    static native void bucketsSave(long buckets, Object bytes, long bytesAt, long bytesLength);

    static native void bucketsDestroy(long buckets);

    /** Writes the fields of the solution to {@code found}. Returns what there is no answer for, or null. */
    static native Throwable thresholdSearch(
            long levels, long bins, Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength, long buckets, long segment, int weights,
            int kind, long numerator, long denominator, long zNumerator, long zDenominator, long selected,
            long positivePasses, long negativePasses, long positiveStays, long negativeStays,
            long workLimit, int method, int shape,
            Object thresholds, long thresholdsAt, long thresholdsLength, long[] found, long workspace);

    /** Writes threshold and solution. Returns what there is no answer for, or null. */
    static native Throwable thresholdSingle(
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object labels, long labelsAt, long labelsLength, int labelsType,
            Object weights, long weightsAt, long weightsLength,
            Object segments, long segmentsAt, long segmentsLength, int segmentsType, int missing,
            int kind, long numerator, long denominator, long zNumerator, long zDenominator, long selected,
            long positivePasses, long negativePasses, long positiveStays, long negativeStays,
            float[] threshold, long[] found, long pool);

    /** Returns the weight of a cell. */
    static native long thresholdFrontier(
            long levels, long bins, Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength, long buckets, long segment, int weights, Object most, long mostAt, long mostLength, long workspace);

    static native void thresholdIsotonic(
            long levels, long bins, Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength, long buckets, long segment, int weights,
            Object values, long valuesAt, long valuesLength, long workspace);

    /** Writes positive and negative weight to {@code found}. */
    static native void thresholdPassing(
            long levels, long bins, Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength, long buckets, long segment, int weights,
            Object thresholds, long thresholdsAt, long thresholdsLength, long[] found);

    static native void thresholdDecide(
            long grid, Object thresholds, long thresholdsAt, long thresholdsLength,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object out, long outAt, long outLength, long pool);

    static native void thresholdDecideBits(
            long grid, Object thresholds, long thresholdsAt, long thresholdsLength,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object out, long outAt, long outLength, long pool);

    static native void thresholdCalibrate(
            long grid, Object values, long valuesAt, long valuesLength,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object out, long outAt, long outLength, long pool);

    static native void thresholdCells(
            long grid,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object out, long outAt, long outLength, long pool);

    /** Writes value, low, high and count of recall, then of precision, to {@code intervals}. */
    static native void thresholdBootstrap(
            long grid, Object thresholds, long thresholdsAt, long thresholdsLength,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object labels, long labelsAt, long labelsLength, int labelsType,
            Object weights, long weightsAt, long weightsLength,
            Object segments, long segmentsAt, long segmentsLength, int segmentsType, int missing,
            long seed, long replicates, double confidence, double[] intervals, long pool);

    /** Writes value, low, high and count to {@code interval}. */
    static native void binnedBootstrap(
            long grid, int figure,
            Object scores, long scoresAt, long scoresLength,
            Object uncertainties, long uncertaintiesAt, long uncertaintiesLength,
            Object labels, long labelsAt, long labelsLength, int labelsType,
            Object weights, long weightsAt, long weightsLength,
            Object segments, long segmentsAt, long segmentsLength, int segmentsType, int missing,
            long seed, long replicates, double confidence, double[] interval, long pool);

    /** Points have the five words of the C struct each. */
    static native void binnedCurve(
            Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength, Object points, long pointsAt, long pointsLength);

    /** Writes lower, tied and upper to {@code area}. */
    static native void binnedAuc(
            Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength, double[] area);

    /** Writes lower, tied and upper to {@code area}. */
    static native void binnedAveragePrecision(
            Object positive, long positiveAt, long positiveLength,
            Object negative, long negativeAt, long negativeLength, int weights, double[] area);

    static native void uncertaintyMoments(
            Object scores, long scoresAt, long scoresRows, long scoresCols, long scoresStride, int sample,
            Object mean, long meanAt, long meanLength, Object variance, long varianceAt, long varianceLength,
            long pool);

    static native void uncertaintyBeta(
            Object a, long aAt, long aLength, Object b, long bAt, long bLength,
            Object mean, long meanAt, long meanLength, Object entropy, long entropyAt, long entropyLength, long pool);

    static native void uncertaintyEntropy(
            Object probabilities, long probabilitiesAt, long probabilitiesLength,
            Object out, long outAt, long outLength, long pool);
}
