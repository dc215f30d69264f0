package dev.avocet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM. */
final class Child {
    static final Path CLASSES = Paths.get("target/classes").toAbsolutePath();
    static final Path NATIVE_TEST = Paths.get("target/native-test").toAbsolutePath();

    final int status;
    final String out;
    final String error;

    private Child(int status, String out, String error) {
        this.status = status;
        this.out = out;
        this.error = error;
    }

    /** The class path of the package and its tests. */
    static String classPath() {
        return CLASSES + ":" + Paths.get("target/test-classes").toAbsolutePath();
    }

    /** The native library as the jar carries it. */
    static Path library() throws IOException {
        try (var files = Files.walk(CLASSES)) {
            return files.filter(file -> file.endsWith("libavocet_jni.so")).findFirst().orElseThrow();
        }
    }

    static Child run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Paths.get(System.getProperty("java.home"), "bin", "java").toString());
        // What later versions ask for, and earlier ones do not know.
        if (Runtime.version().feature() >= 22) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(Arrays.asList(arguments));
        Path out = Files.createTempFile(Paths.get("target"), "child", ".out");
        Path error = Files.createTempFile(Paths.get("target"), "child", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(error.toFile())
                    .start();
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end: " + command);
            }
            return new Child(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(error, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(error);
        }
    }

    @Override
    public String toString() {
        return "status " + status + "\n" + out + error;
    }
}
