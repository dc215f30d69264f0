/* Prints the detected and the active tier and the hash of all results: the test runs it under each AVOCET_ISA. */

#include "scene.h"

int main(void) {
    struct scene scene = scene_create();
    scene_run(&scene, NULL);
    printf("%d %d %016llx\n", (int)avocet_isa_detected(), (int)avocet_isa_active(),
           (unsigned long long)scene_hash(&scene));
    scene_destroy(&scene);
    return 0;
}
