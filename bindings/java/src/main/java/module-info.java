/**
 * CPU kernels for ranking and recommendation, with the same bits on every machine.
 */
module dev.avocet {
    exports dev.avocet;
}
