/* Arguments of no fixed number: an array of numbers and one of the objects that the views among them are of. */

#ifndef PACK_H
#define PACK_H

#include "call.h"

/* The longest is a layer of 7 relations: 20 + 7 * 14. */
#define MOST_NUMBERS 160

typedef struct pack {
    call *call;
    jobjectArray bases;
    jsize base;
    const jlong *next;
    jlong numbers[MOST_NUMBERS];
} pack;

void pack_begin(pack *pack, call *call, jlongArray numbers, jobjectArray bases);
jlong pack_number(pack *pack);
/* Pointer and length, of floats. */
void pack_floats(pack *pack, void *slot, access access);
/* 1 if there is a matrix, else 0. */
int pack_matrix(pack *pack, avocet_matrix *matrix);
/* With its type. */
int pack_any_matrix(pack *pack, avocet_matrix *matrix);
int pack_matrix_mut(pack *pack, avocet_matrix_mut *matrix);

#endif
