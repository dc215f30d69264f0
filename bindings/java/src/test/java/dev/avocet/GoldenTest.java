package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bits of tests/golden/vectors.txt. */
class GoldenTest {
    private static final Path FILE = Paths.get("../../tests/golden/vectors.txt");

    private static Map<String, String> committed() throws IOException {
        Map<String, String> vectors = new TreeMap<>();
        for (String line : Files.readAllLines(FILE)) {
            String[] parts = line.split(" = ");
            vectors.put(parts[0], parts[1]);
        }
        return vectors;
    }

    @AfterEach
    void liftCap() {
        Avocet.capIsa(null);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void everyKindOfMemoryWithoutPool(Memory memory) throws IOException {
        assertEquals(committed(), Golden.vectors(memory, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void pools(int threads) throws IOException {
        try (Pool pool = new Pool(threads)) {
            assertEquals(committed(), Golden.vectors(Memory.DIRECT, pool));
        }
    }

    /** With a pool arrays are copied, never held. */
    @Test
    void heapWithPool() throws IOException {
        try (Pool pool = new Pool(2)) {
            assertEquals(committed(), Golden.vectors(Memory.HEAP, pool));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Isa.class, names = {"PORTABLE", "AVX2"})
    void lowerTiers(Isa isa) throws IOException {
        Isa active = Avocet.capIsa(isa);
        assertEquals(Avocet.detectedIsa().compareTo(isa) < 0 ? Avocet.detectedIsa() : isa, active);
        assertEquals(committed(), Golden.vectors(Memory.DIRECT, null));
    }
}
