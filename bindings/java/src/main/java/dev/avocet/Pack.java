package dev.avocet;

import java.util.Arrays;

/**
 * Arguments of no fixed number, laid out once for {@code pack.c}: numbers, and the object of each view among them.
 */
final class Pack {
    private long[] numbers = new long[32];
    private Object[] bases = new Object[8];
    private int numberCount;
    private int baseCount;

    Pack number(long number) {
        if (numberCount == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numberCount);
        }
        numbers[numberCount++] = number;
        return this;
    }

    Pack floats(Floats view) {
        return view(Floats.orNone(view));
    }

    /** An array that is there. */
    Pack view(View view) {
        return base(view.base).number(view.at).number(view.length());
    }

    Pack matrix(Matrix matrix) {
        Matrix there = Matrix.orNone(matrix);
        return base(there.base).number(there.at).number(there.rows).number(there.cols).number(there.stride);
    }

    /** A matrix of any type, with the type. */
    Pack anyMatrix(MatrixView matrix) {
        MatrixView there = matrix == null ? Matrix.NONE : matrix;
        return base(there.base).number(there.at).number(there.rows).number(there.cols).number(there.stride)
                .number(there.type().code());
    }

    private Pack base(Object base) {
        if (baseCount == bases.length) {
            bases = Arrays.copyOf(bases, 2 * baseCount);
        }
        bases[baseCount++] = base;
        return this;
    }

    long[] numbers() {
        return Arrays.copyOf(numbers, numberCount);
    }

    Object[] bases() {
        return Arrays.copyOf(bases, baseCount);
    }
}
