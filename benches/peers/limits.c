// What the machine can do: multiply-adds of f32, bf16 and int8, reading a working set, reading rows at random places.
// Every function returns the best of `repetitions` measurements of at least 20 ms: noise only slows down.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { BYTES = 64 };
#elif defined(__AVX2__)
enum { BYTES = 32 };
#else
enum { BYTES = 16 };
#endif
enum { LANES = BYTES / 4, CHAINS = 12, MAX_THREADS = 256 };
typedef float vector __attribute__((vector_size(BYTES)));

static volatile float sink;

static vector load(const float *p) {
    vector v;
    memcpy(&v, p, sizeof v);
    return v;
}

static void consume(vector v) {
    float sum = 0;
    for (int lane = 0; lane < LANES; lane++) sum += v[lane];
    sink = sum;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct task task;
struct task {
    void (*work)(const task *, int thread);
    const float *data;
    const uint32_t *rows;
    size_t length; // bytes of data, or number of rows to read
    size_t row_floats;
    size_t distance; // rows to prefetch ahead
    int threads;
    long passes;
    pthread_barrier_t *start;
};
typedef struct {
    const task *task;
    int thread;
} seat;

static void *sit(void *argument) {
    const seat *s = argument;
    pthread_barrier_wait(s->task->start);
    s->task->work(s->task, s->thread);
    return NULL;
}

static double seconds(task *t) {
    pthread_t handles[MAX_THREADS];
    seat seats[MAX_THREADS];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)t->threads);
    t->start = &start;
    for (int i = 0; i < t->threads; i++) seats[i] = (seat){t, i};
    for (int i = 1; i < t->threads; i++) pthread_create(&handles[i], NULL, sit, &seats[i]);
    pthread_barrier_wait(&start);
    double begin = now();
    t->work(t, 0);
    for (int i = 1; i < t->threads; i++) pthread_join(handles[i], NULL);
    double end = now();
    pthread_barrier_destroy(&start);
    return end - begin;
}

// Best seconds of one pass.
static double best_pass(task *t, int repetitions) {
    t->passes = 1;
    double time;
    while ((time = seconds(t)) < 0.02) t->passes = time < 0.002 ? t->passes * 8 : t->passes * 2;
    double best = time;
    for (int i = 0; i < repetitions; i++) {
        time = seconds(t);
        if (time < best) best = time;
    }
    return best / (double)t->passes;
}

enum { FMA_STEPS = 100000 };

static void fma_work(const task *t, int thread) {
    (void)thread;
    vector chain[CHAINS];
    vector factor = load(t->data), addend = load(t->data + LANES);
    for (int c = 0; c < CHAINS; c++) chain[c] = factor * (float)c;
    for (long step = 0; step < t->passes * FMA_STEPS; step++)
        for (int c = 0; c < CHAINS; c++) chain[c] = chain[c] * factor + addend;
    for (int c = 1; c < CHAINS; c++) chain[0] += chain[c];
    consume(chain[0]);
}

#if defined(__x86_64__)
// Two multiply-adds a lane. Unrolled, each chain is in a register of its own.
__attribute__((target("avx512f,avx512bf16"))) static void bf16_work(const task *t, int thread) {
    (void)thread;
    __m512 chain[CHAINS];
    __m512bh factor = (__m512bh)_mm512_set1_epi16(0x3f00);
    for (int c = 0; c < CHAINS; c++) chain[c] = _mm512_set1_ps((float)c);
    for (long step = 0; step < t->passes * FMA_STEPS; step++)
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++) chain[c] = _mm512_dpbf16_ps(chain[c], factor, factor);
    for (int c = 1; c < CHAINS; c++) chain[0] = _mm512_add_ps(chain[0], chain[c]);
    sink = _mm512_reduce_add_ps(chain[0]);
}

// Four multiply-adds a lane.
__attribute__((target("avx512f,avx512vnni"))) static void int8_work(const task *t, int thread) {
    (void)thread;
    __m512i chain[CHAINS], factor = _mm512_set1_epi8(1);
    for (int c = 0; c < CHAINS; c++) chain[c] = _mm512_set1_epi32(c);
    for (long step = 0; step < t->passes * FMA_STEPS; step++)
#pragma GCC unroll 12
        for (int c = 0; c < CHAINS; c++) chain[c] = _mm512_dpbusd_epi32(chain[c], factor, factor);
    for (int c = 1; c < CHAINS; c++) chain[0] = _mm512_add_epi32(chain[0], chain[c]);
    sink = (float)_mm512_reduce_add_epi32(chain[0]);
}
#endif

// Operations a second of `lanes` multiply-adds an instruction, two for each.
static double operations(void (*work)(const task *, int), int lanes, int threads, int repetitions) {
    float data[2 * LANES];
    for (int i = 0; i < 2 * LANES; i++) data[i] = i < LANES ? 0.5f : 1.0f;
    task t = {.work = work, .data = data, .threads = threads};
    return 2.0 * lanes * CHAINS * FMA_STEPS * threads / best_pass(&t, repetitions);
}

// Operations a second, of f32.
double limits_flops(int threads, int repetitions) { return operations(fma_work, LANES, threads, repetitions); }

// Of bf16 by dot instructions; where the processor has none, of f32.
double limits_bf16(int threads, int repetitions) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bf16")) return operations(bf16_work, 32, threads, repetitions);
#endif
    return limits_flops(threads, repetitions);
}

// Of int8 by dot instructions; where the processor has none, of f32.
double limits_int8(int threads, int repetitions) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512vnni")) return operations(int8_work, 64, threads, repetitions);
#endif
    return limits_flops(threads, repetitions);
}

// Does nothing: what a foreign call with as many arguments as a search costs.
int limits_nothing(const void *a, const void *b, size_t c, const void *d, const void *e, const void *f, const void *g,
                   const void *h, const void *i, const void *j, const void *k, const void *l) {
    return !a + !b + !c + !d + !e + !f + !g + !h + !i + !j + !k + !l < 0;
}

static void read_work(const task *t, int thread) {
    size_t step = 8 * LANES, steps = t->length / 4 / step;
    size_t from = steps * (size_t)thread / (size_t)t->threads;
    size_t to = steps * (size_t)(thread + 1) / (size_t)t->threads;
    vector sum[8] = {{0}};
    for (long pass = 0; pass < t->passes; pass++)
        for (const float *p = t->data + from * step; p < t->data + to * step; p += step)
            for (int i = 0; i < 8; i++) sum[i] += load(p + i * LANES);
    for (int i = 1; i < 8; i++) sum[0] += sum[i];
    consume(sum[0]);
}

// Bytes a second of reading `length` bytes in order again and again, shared among the threads.
double limits_read(const float *data, size_t length, int threads, int repetitions) {
    task t = {.work = read_work, .data = data, .length = length, .threads = threads};
    return (double)length / best_pass(&t, repetitions);
}

static void gather_work(const task *t, int thread) {
    size_t from = t->length * (size_t)thread / (size_t)t->threads;
    size_t to = t->length * (size_t)(thread + 1) / (size_t)t->threads;
    size_t row = t->row_floats;
    vector even = {0}, odd = {0};
    for (long pass = 0; pass < t->passes; pass++)
        for (size_t i = from; i < to; i++) {
            if (t->distance && i + t->distance < to) {
                const float *next = t->data + (size_t)t->rows[i + t->distance] * row;
                for (size_t j = 0; j < row; j += 16) __builtin_prefetch(next + j);
            }
            const float *p = t->data + (size_t)t->rows[i] * row;
            size_t j = 0;
            for (; j + 2 * LANES <= row; j += 2 * LANES) {
                even += load(p + j);
                odd += load(p + j + LANES);
            }
            if (j + LANES <= row) even += load(p + j), j += LANES;
            if (j < row) odd += load(p + row - LANES);
        }
    consume(even + odd);
}

// Seconds of reading the rows `rows[0..count]` of `row_floats` (at least 16) f32, at the best distance.
double limits_gather(const float *data, const uint32_t *rows, size_t count, size_t row_floats, int threads,
                     int repetitions) {
    static const size_t distances[] = {0, 4, 8, 16, 32};
    double best = 0;
    for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
        task t = {.work = gather_work, .data = data, .rows = rows, .length = count, .row_floats = row_floats,
                  .distance = distances[i], .threads = threads};
        double time = best_pass(&t, repetitions);
        if (i == 0 || time < best) best = time;
    }
    return best;
}
