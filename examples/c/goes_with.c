/* What goes with a package: serves the embeddings that related_products --save wrote.
 *
 *     goes_with FILE NAME [K]
 *
 * prints a line for each recommendation: score, the score's bits, name. The layout of the file is described in
 * examples/related_products/src/embeddings.rs; this program reads it on little-endian machines.
 */
#include "avocet.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what) {
    fprintf(stderr, "goes_with: %s\n", what);
    exit(1);
}

/* Ends the program with the library's own words unless the call succeeded. */
static void check(avocet_status status, const avocet_error *error) {
    if (status != AVOCET_OK) {
        char message[256];
        avocet_error_format(error, message, sizeof message);
        fail(message);
    }
}

static unsigned char *read_file(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail("cannot open the file");
    long end = ftell(file);
    if (end < 0 || fseek(file, 0, SEEK_SET) != 0) fail("cannot read the file");
    unsigned char *bytes = malloc((size_t)end + 1);
    if (!bytes || fread(bytes, 1, (size_t)end, file) != (size_t)end) fail("cannot read the file");
    fclose(file);
    *size = (size_t)end;
    return bytes;
}

typedef struct embeddings {
    uint32_t n, d;
    uint32_t *ends; /* n + 1 offsets of the names */
    const char *names;
    float *sources, *targets;
} embeddings;

static embeddings load(const char *path) {
    size_t size;
    unsigned char *bytes = read_file(path, &size);
    embeddings e;
    uint64_t text, checksum, hash = 0xcbf29ce484222325u;
    if (size < 32 || memcmp(bytes, "AVOCEMB1", 8) != 0) fail("not an embeddings file");
    memcpy(&e.n, bytes + 8, 4);
    memcpy(&e.d, bytes + 12, 4);
    memcpy(&text, bytes + 16, 8);
    memcpy(&checksum, bytes + 24, 8);
    uint64_t body = size - 32, rows = (uint64_t)e.n * e.d, head = ((uint64_t)e.n + 1) * 4;
    if (text > body || rows > body / 8 || head + (text + 3) / 4 * 4 + rows * 8 != body) fail("the file is truncated");
    for (size_t i = 32; i < size; i++) hash = (hash ^ bytes[i]) * 0x100000001b3u;
    if (hash != checksum) fail("the file is altered");
    e.ends = (uint32_t *)(void *)(bytes + 32);
    e.names = (const char *)(bytes + 32 + head);
    e.sources = (float *)(void *)(bytes + 32 + head + (text + 3) / 4 * 4);
    e.targets = e.sources + rows;
    for (uint32_t i = 0; i < e.n; i++)
        if (e.ends[i] > e.ends[i + 1] || e.ends[i + 1] > text) fail("the names are damaged");
    return e;
}

static uint32_t find(const embeddings *e, const char *name) {
    size_t length = strlen(name);
    for (uint32_t i = 0; i < e->n; i++)
        if (e->ends[i + 1] - e->ends[i] == length && memcmp(e->names + e->ends[i], name, length) == 0) return i;
    fail("no package has this name");
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 3) fail("usage: goes_with FILE NAME [K]");
    embeddings e = load(argv[1]);
    uint32_t query = find(&e, argv[2]);
    size_t k = argc > 3 ? strtoul(argv[3], NULL, 10) : 10;
    avocet_error error;

    /* One query; the package itself is left out. */
    avocet_matrix queries = {.data = e.sources + (size_t)query * e.d, .rows = 1, .cols = e.d};
    avocet_matrix targets = {.data = e.targets, .rows = e.n, .cols = e.d};
    uint32_t offsets[] = {0, 1};
    avocet_csr itself = {.rows = 1, .cols = e.n, .edges = 1, .offsets = offsets, .indices = &query,
                         .offset_type = AVOCET_U32, .index_type = AVOCET_U32};
    avocet_graph *exclude = NULL;
    check(avocet_graph_create(&itself, &exclude, &error), &error);

    uint32_t *ids = calloc(k ? k : 1, sizeof *ids), count = 0;
    float *scores = calloc(k ? k : 1, sizeof *scores);
    avocet_workspace *workspace = NULL;
    if (!ids || !scores) fail("out of memory");
    check(avocet_workspace_create(0, &workspace, &error), &error);
    for (;;) {
        avocet_status status = avocet_top_k(&queries, &targets, exclude, k, ids, scores, &count, NULL, NULL,
                                            workspace, &error);
        if (status != AVOCET_ERROR_WORKSPACE_TOO_SMALL) {
            check(status, &error);
            break;
        }
        check(avocet_workspace_reserve(workspace, (size_t)error.integer, &error), &error);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bits, from = e.ends[ids[i]], to = e.ends[ids[i] + 1];
        memcpy(&bits, &scores[i], 4);
        printf("%.4f %08" PRIx32 " %.*s\n", scores[i], bits, (int)(to - from), e.names + from);
    }
    avocet_workspace_destroy(workspace);
    avocet_graph_destroy(exclude);
    free(scores);
    free(ids);
    return 0; /* the file's bytes live as long as the program */
}
