/* Counts, and on demand refuses, what the library asks of the C library. Linked with --wrap for each of these. */

#ifndef WRAP_H
#define WRAP_H

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);

/* Allocations so far: of the main thread, and of the others. */
static long allocations, other_allocations;
/* The allocation of the main thread that is refused, counted from 1; 0 for none. */
static long refused_allocation;
static int refuse_threads;
static pthread_t main_thread;

static int refused(void) {
    if (!pthread_equal(pthread_self(), main_thread)) {
        __atomic_add_fetch(&other_allocations, 1, __ATOMIC_RELAXED);
        return 0;
    }
    allocations++;
    return allocations == refused_allocation;
}

void *__wrap_malloc(size_t size) {
    return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
    return refused() ? NULL : __real_realloc(memory, size);
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size) {
    return refused() ? ENOMEM : __real_posix_memalign(memory, alignment, size);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
    return refuse_threads ? EAGAIN : __real_pthread_create(thread, attributes, run, argument);
}

#endif
