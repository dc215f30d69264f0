package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs after the others: the checked JNI had nothing to complain of. */
class VmLogTest {
    static List<String> complaints(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("WARNING") || line.contains("FATAL ERROR"))
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"target/vm-serial.log", "target/vm-g1.log"})
    void nothingToComplainOf(String log) throws IOException {
        assertEquals(List.of(), complaints(Paths.get(log)));
    }
}
