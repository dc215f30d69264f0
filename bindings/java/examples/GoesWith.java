// What goes with a package: serves the embeddings that related_products --save wrote.
//
//     java -cp avocet-0.1.0.jar GoesWith.java FILE NAME [K]
//
// prints a line for each recommendation: score, the score's bits, name. The layout of the file is described in
// examples/related_products/src/embeddings.rs. The rows stay where they are: in the file, mapped into memory.

import dev.avocet.Graph;
import dev.avocet.Indices;
import dev.avocet.Matrix;
import dev.avocet.MutableFloats;
import dev.avocet.MutableInts;
import dev.avocet.Score;
import dev.avocet.Workspace;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Serves one query. */
final class GoesWith {
    private static final int HEADER = 32;

    private final int rows;
    private final ByteBuffer ends;
    private final ByteBuffer names;
    private final Matrix sources;
    private final Matrix targets;

    /** What is wrong with the file or the query. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String what) {
            super(what);
        }
    }

    private GoesWith(ByteBuffer file) throws Refusal {
        if (file.limit() < HEADER || !"AVOCEMB1".equals(text(part(file, 0, 8)))) {
            throw new Refusal("not an embeddings file");
        }
        long n = Integer.toUnsignedLong(file.getInt(8));
        long d = Integer.toUnsignedLong(file.getInt(12));
        long text = file.getLong(16);
        long body = file.limit() - HEADER;
        long head = (n + 1) * 4;
        // Products of two 32-bit numbers, without sign.
        boolean fits = Long.compareUnsigned(n * d, body / 8) <= 0 && Long.compareUnsigned(text, body) <= 0;
        if (!fits || head + (text + 3) / 4 * 4 + n * d * 8 != body) {
            throw new Refusal("the file is truncated");
        }
        long hash = 0xcbf29ce484222325L;
        for (int i = HEADER; i < file.limit(); i++) {
            hash = (hash ^ (file.get(i) & 0xff)) * 0x100000001b3L;
        }
        if (hash != file.getLong(24)) {
            throw new Refusal("the file is altered");
        }
        rows = (int) n;
        ends = part(file, HEADER, head);
        names = part(file, HEADER + head, text);
        for (int i = 0; i < rows; i++) {
            if (Integer.compareUnsigned(end(i), end(i + 1)) > 0 || Integer.compareUnsigned(end(i + 1), (int) text) > 0) {
                throw new Refusal("the names are damaged");
            }
        }
        long start = HEADER + head + (text + 3) / 4 * 4;
        sources = Matrix.of(part(file, start, n * d * 4).asFloatBuffer(), n, d);
        targets = Matrix.of(part(file, start + n * d * 4, n * d * 4).asFloatBuffer(), n, d);
    }

    private static ByteBuffer part(ByteBuffer bytes, long from, long length) {
        ByteBuffer part = bytes.duplicate();
        part.position((int) from).limit((int) (from + length));
        return part.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private int end(int i) {
        return ends.getInt(4 * i);
    }

    private String name(int i) {
        return text(part(names, end(i), end(i + 1) - end(i)));
    }

    private int find(String name) throws Refusal {
        for (int i = 0; i < rows; i++) {
            if (name.equals(name(i))) {
                return i;
            }
        }
        throw new Refusal("no package has this name");
    }

    /** The best k for one query; the package itself is left out. */
    private void print(String name, int k, PrintStream out) throws Refusal {
        int query = find(name);
        k = Integer.compareUnsigned(k, rows) < 0 ? k : rows;
        int[] ids = new int[k];
        float[] scores = new float[k];
        int[] count = new int[1];
        try (Graph itself = Graph.create(rows, Indices.u32(0, 1), Indices.u32(query));
                Workspace workspace = new Workspace()) {
            Score.topK(sources.slice(query, 1), targets, itself, k, MutableInts.of(ids), MutableFloats.of(scores),
                    MutableInts.of(count), null, null, workspace);
        }
        for (int i = 0; i < count[0]; i++) {
            out.printf(Locale.ROOT, "%.4f %08x %s%n", scores[i], Float.floatToRawIntBits(scores[i]), name(ids[i]));
        }
    }

    public static void main(String[] arguments) {
        try {
            if (arguments.length < 2) {
                throw new Refusal("usage: GoesWith FILE NAME [K]");
            }
            try (FileChannel file = FileChannel.open(Paths.get(arguments[0]), StandardOpenOption.READ)) {
                if (file.size() > Integer.MAX_VALUE) {
                    throw new Refusal("the file is larger than 2 GB");
                }
                ByteBuffer bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
                int k = arguments.length > 2 ? Integer.parseUnsignedInt(arguments[2]) : 10;
                // Names go out as they came in, whatever the locale.
                PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
                new GoesWith(bytes.order(ByteOrder.LITTLE_ENDIAN)).print(arguments[1], k, out);
            }
        } catch (IOException | Refusal | RuntimeException | UnsatisfiedLinkError e) {
            System.err.println("goes_with: " + (e instanceof Refusal ? e.getMessage() : e));
            System.exit(1);
        }
    }
}
