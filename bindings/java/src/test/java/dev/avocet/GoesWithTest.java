package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example serves the lines that the definition of the scores gives, and refuses every damaged file. */
class GoesWithTest {
    private static final String[] NAMES = {"gimp", "gimp-data", "libm\u00fcsli", "", "zsh", "vim", "emacs"};
    private static final int D = 5;

    private static final String SOURCE = "examples/GoesWith.java";

    private static Path compiled;

    @TempDir
    private Path temporary;

    private final float[] sources = new Random(1).values(NAMES.length * D);
    private final float[] targets = new Random(2).values(NAMES.length * D);
    private byte[] bytes;

    @BeforeEach
    void write() {
        byte[] names = String.join("", NAMES).getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
        int end = 0;
        body.putInt(end);
        for (String name : NAMES) {
            end += name.getBytes(StandardCharsets.UTF_8).length;
            body.putInt(end);
        }
        body.put(names).position((body.position() + 3) / 4 * 4);
        for (float[] rows : new float[][] {sources, targets}) {
            for (float value : rows) {
                body.putFloat(value);
            }
        }
        body.flip();
        ByteBuffer file = ByteBuffer.allocate(32 + body.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        file.put("AVOCEMB1".getBytes(StandardCharsets.US_ASCII)).putInt(NAMES.length).putInt(D).putLong(names.length);
        file.position(32);
        file.put(body);
        bytes = file.array();
        sign();
    }

    /** The checksum of what follows the header. */
    private void sign() {
        long hash = 0xcbf29ce484222325L;
        for (int i = 32; i < bytes.length; i++) {
            hash = (hash ^ bytes[i] & 0xff) * 0x100000001b3L;
        }
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(24, hash);
    }

    /** The program as class files, which start faster than its source does. */
    @BeforeAll
    static void compile(@TempDir Path classes) {
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-Xlint:all", "-Werror", "-cp",
                Child.CLASSES.toString(), "-d", classes.toString(), SOURCE);
        assertEquals(0, status);
        compiled = classes;
    }

    private Child goesWith(String... arguments) throws Exception {
        return run(Child.CLASSES + ":" + compiled, "GoesWith", arguments);
    }

    private Child run(String classPath, String program, String... arguments) throws Exception {
        Path file = temporary.resolve("some.emb");
        Files.write(file, bytes);
        List<String> all = new ArrayList<>(List.of("-cp", classPath, program));
        Arrays.stream(arguments).map(argument -> argument.replace("FILE", file.toString())).forEach(all::add);
        return Child.run(all.toArray(new String[0]));
    }

    private void refused(String... arguments) throws Exception {
        Child child = goesWith(arguments);
        assertEquals(1, child.status, child.toString());
        assertTrue(child.error.startsWith("goes_with: "), child.toString());
        assertEquals("", child.out);
    }

    /** The lines for a query: one fma chain a score, best first, ties by id. */
    private String wanted(int query, int k) {
        List<float[]> scores = new ArrayList<>();
        for (int i = 0; i < NAMES.length; i++) {
            float score = 0;
            for (int j = 0; j < D; j++) {
                score = Math.fma(sources[query * D + j], targets[i * D + j], score);
            }
            if (i != query) {
                scores.add(new float[] {score, i});
            }
        }
        scores.sort(Comparator.comparing((float[] entry) -> -entry[0]).thenComparing(entry -> entry[1]));
        return scores.stream().limit(k).map(entry -> String.format(Locale.ROOT, "%.4f %08x %s\n", entry[0],
                Float.floatToIntBits(entry[0]), NAMES[(int) entry[1]])).collect(Collectors.joining());
    }

    @Test
    void serves() throws Exception {
        assertEquals(wanted(0, 3), goesWith("FILE", "gimp", "3").out);
        assertEquals(wanted(4, 10), goesWith("FILE", "zsh").out);
        assertEquals(wanted(4, 10), run(Child.CLASSES.toString(), SOURCE, "FILE", "zsh").out);
    }

    @Test
    void refusesQueries() throws Exception {
        refused("FILE");
        refused("FILE", "no such package");
        refused("FILE.missing", "gimp");
        refused("FILE", "gimp", "many");
    }

    @Test
    void refusesDamage() throws Exception {
        byte[] whole = bytes;
        for (int cut : new int[] {0, 31, 32, 40, whole.length - 1}) {
            bytes = Arrays.copyOf(whole, cut);
            refused("FILE", "gimp");
        }
        for (int at : new int[] {0, 9, 13, 20, 30, whole.length / 2}) {
            bytes = whole.clone();
            bytes[at] ^= (byte) 0x81;
            refused("FILE", "gimp");
        }
        // Offsets of names that go down, under a checksum that is right.
        bytes = whole.clone();
        bytes[32 + 4] = 60;
        sign();
        refused("FILE", "gimp");
        bytes[32 + 7] = (byte) 0xff;
        sign();
        refused("FILE", "gimp");
    }
}
