/* What the calls of the threshold family share. */

#ifndef THRESHOLD_H
#define THRESHOLD_H

#include "call.h"

#define GRID(handle) POINTER(const avocet_grid, handle)
#define BUCKETS(handle) POINTER(const avocet_buckets, handle)

#define ROWS                                                                                                 \
    ARRAY(scores), ARRAY(uncertainties), ARRAY(labels), jint labels_type, ARRAY(weights), ARRAY(segments),   \
        jint segments_type, jint missing

/* Makes `rows` of the parameters ROWS. */
#define READ_ROWS(call)                                                                                      \
    avocet_threshold_rows rows = {.struct_size = sizeof rows, .rows = (size_t)scores_length,                 \
                                  .label_type = labels_type, .segment_type = segments_type, .missing = missing}; \
    view(&(call), (void *)&rows.scores, scores_base, scores_at, scores_length, FLOATS, READ);                \
    view(&(call), (void *)&rows.uncertainties, uncertainties_base, uncertainties_at, uncertainties_length, FLOATS, READ); \
    view(&(call), (void *)&rows.labels, labels_base, labels_at, labels_length,                               \
         labels_type == AVOCET_F32 ? FLOATS : BYTES, READ);                                                  \
    view(&(call), (void *)&rows.weights, weights_base, weights_at, weights_length, FLOATS, READ);            \
    view(&(call), (void *)&rows.segments, segments_base, segments_at, segments_length,                       \
         segments_type == AVOCET_U32 ? INTS : SHORTS, READ)

#define CELLS                                                                                                \
    jlong levels, jlong bins, ARRAY(positive), ARRAY(negative), jlong buckets, jlong segment, jint weights

/* Makes `cells` of the parameters CELLS. */
#define READ_CELLS(call)                                                                                     \
    avocet_cells cells = {.struct_size = sizeof cells, .levels = (size_t)levels, .bins = (size_t)bins,       \
                          .buckets = BUCKETS(buckets), .segment = (size_t)segment, .weights = weights};      \
    view(&(call), (void *)&cells.positive, positive_base, positive_at, positive_length, LONGS, READ);        \
    view(&(call), (void *)&cells.negative, negative_base, negative_at, negative_length, LONGS, READ)

#define OBJECTIVE                                                                                            \
    jint kind, jlong numerator, jlong denominator, jlong z_numerator, jlong z_denominator, jlong selected,   \
        jlong positive_passes, jlong negative_passes, jlong positive_stays, jlong negative_stays

/* Makes `objective` of the parameters OBJECTIVE. */
#define READ_OBJECTIVE                                                                                       \
    const avocet_objective objective = {                                                                     \
        .struct_size = sizeof objective, .kind = kind, .numerator = (uint32_t)numerator,                     \
        .denominator = (uint32_t)denominator, .z_numerator = (uint32_t)z_numerator,                          \
        .z_denominator = (uint32_t)z_denominator, .selected = (uint64_t)selected,                            \
        .positive_passes = positive_passes, .negative_passes = negative_passes,                              \
        .positive_stays = positive_stays, .negative_stays = negative_stays}

#define BOOTSTRAP jlong seed, jlong replicates, jdouble confidence

/* Makes `options` of the parameters BOOTSTRAP. */
#define READ_BOOTSTRAP                                                                                       \
    const avocet_bootstrap_options options = {.struct_size = sizeof options, .seed = (uint64_t)seed,         \
                                              .replicates = (size_t)replicates, .confidence = confidence}

#endif
