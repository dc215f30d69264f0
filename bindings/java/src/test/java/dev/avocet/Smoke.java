package dev.avocet;

/** A program that loads the package and makes a call. */
final class Smoke {
    private Smoke() {}

    /** Prints 23, or why the package did not load. */
    public static void main(String[] arguments) {
        try {
            float[] out = new float[1];
            Score.pairs(Matrix.of(new float[] {1, 2}, 1, 2), Matrix.of(new float[] {7, 8}, 1, 2), Indices.i32(0),
                    Indices.i32(0), MutableFloats.of(out), null);
            System.out.println(out[0]);
        } catch (UnsatisfiedLinkError e) {
            if (e instanceof Failure) {
                Details details = ((Failure) e).details();
                System.out.println(details.status() + " " + details.argument() + ": " + details);
            }
            System.out.println(e.getMessage());
            System.exit(3);
        }
    }
}
