package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the native part is found, and what is said when it is not. */
class LoaderTest {
    private static final String WORKS = "23.0\n";
    private static final String INCOMPATIBLE = 
            "INCOMPATIBLE_LIBRARY 0: " + Details.INCOMPATIBLE + "\n" + Details.INCOMPATIBLE + ": ";

    @TempDir
    private Path temporary;

    private static Child smoke(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("-cp", Child.classPath(), "dev.avocet.Smoke"));
        return Child.run(arguments.toArray(new String[0]));
    }

    private static void works(Child child) {
        assertEquals(WORKS, child.out, child.toString());
        assertEquals(0, child.status, child.toString());
        assertEquals("", child.error);
    }

    private static void fails(Child child, String... words) {
        assertEquals(3, child.status, child.toString());
        for (String word : words) {
            assertTrue(child.out.contains(word), word + " in " + child);
        }
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(temporary)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperf")).collect(
                    Collectors.toList());
        }
    }

    @Test
    void fromTheJarLeavesNothingBehind() throws Exception {
        works(smoke("-Djava.io.tmpdir=" + temporary));
        assertEquals(List.of(), files());
    }

    @Test
    void fromAnExplicitFile() throws Exception {
        Path file = temporary.resolve("somewhere.so");
        Files.copy(Child.library(), file);
        works(smoke("-Davocet.native.path=" + file));
        fails(smoke("-Davocet.native.path=" + temporary.resolve("missing.so")), "missing.so", "Remedies",
                "avocet.native.path", "linux-", "glibc");
        Files.write(file, new byte[100]);
        fails(smoke("-Davocet.native.path=" + file), "somewhere.so", "Remedies");
    }

    @Test
    void fromTheLibraryPath() throws Exception {
        Files.copy(Child.library(), temporary.resolve("libavocet_jni.so"));
        Path unused = temporary.resolve("unused");
        works(smoke("-Djava.library.path=" + temporary, "-Davocet.native.dir=" + unused));
        assertFalse(Files.exists(unused));
        // One that cannot be loaded is passed over, and named if nothing else works.
        Files.write(temporary.resolve("libavocet_jni.so"), new byte[100]);
        Child child = smoke("-Djava.library.path=" + temporary, "-Davocet.native.dir=" + unused);
        assertEquals(WORKS, child.out, child.toString());
        assertTrue(Files.exists(unused));
    }

    @Test
    void fromADirectoryThatIsKept() throws Exception {
        Path directory = temporary.resolve("kept/deeper");
        String option = "-Davocet.native.dir=" + directory;
        works(smoke(option));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        Path file;
        try (var files = Files.list(directory)) {
            file = files.findFirst().orElseThrow();
        }
        var written = Files.getLastModifiedTime(file);
        works(smoke(option));
        assertEquals(written, Files.getLastModifiedTime(file), "reused");
        // A file that is not what it should be is replaced.
        byte[] library = Files.readAllBytes(file);
        byte[] altered = library.clone();
        altered[library.length / 2] ^= 1;
        Files.write(file, altered);
        works(smoke(option));
        assertEquals(library.length, Files.size(file));
        assertTrue(Arrays.equals(library, Files.readAllBytes(file)));
    }

    @Test
    void nowhere() throws Exception {
        Path file = temporary.resolve("a file");
        Files.createFile(file);
        fails(smoke("-Davocet.native.dir=" + file), "java.library.path: ", "a file", "Remedies", "avocet.native.dir",
                "linux-", "libc: glibc");
        fails(smoke("-Dos.arch=sparc"), "no native library for linux-sparc", "the jar has no native/linux-sparc");
    }

    @Test
    void otherVersions() throws Exception {
        fails(smoke("-Davocet.native.path=" + Child.NATIVE_TEST.resolve("libother_interface.so")),
                "interface 99", "needs " + Native.INTERFACE, INCOMPATIBLE);
        fails(smoke("-Davocet.native.path=" + Child.NATIVE_TEST.resolve("libother_version.so")),
                "has version 0.0.0 (ABI 99)", "needs at least " + Avocet.version() + " (ABI 1)",
                INCOMPATIBLE);
        // Where the library can be asked, it says the same.
        assertEquals(Details.INCOMPATIBLE, Status.INCOMPATIBLE_LIBRARY.message());
    }

    /** Each class loader has a native part of its own; also out of one shared directory. */
    @Test
    void twoClassLoaders() throws Exception {
        List<Class<?>> found = new ArrayList<>();
        String before = System.setProperty("avocet.native.dir", temporary.resolve("shared").toString());
        try {
            for (int i = 0; i < 3; i++) {
                URL[] urls = {Child.CLASSES.toUri().toURL()};
                URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
                Class<?> avocet = loader.loadClass("dev.avocet.Avocet");
                assertEquals(Avocet.version(), avocet.getMethod("version").invoke(null));
                for (Class<?> other : found) {
                    assertNotSame(other, avocet);
                }
                found.add(avocet);
            }
        } finally {
            if (before == null) {
                System.clearProperty("avocet.native.dir");
            }
        }
        try (var files = Files.list(temporary.resolve("shared"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void asANamedModule() throws Exception {
        Child child = Child.run("--module-path", Child.CLASSES.toString(), "--add-modules", "dev.avocet", "-cp",
                temporary.toString(), "--describe-module", "dev.avocet");
        assertTrue(child.out.contains("exports dev.avocet"), child.toString());
        Path program = temporary.resolve("Program.java");
        Files.writeString(program, "class Program { public static void main(String[] arguments) {"
                + " System.out.println(dev.avocet.Avocet.class.getModule().getName() + dev.avocet.Avocet.version()); } }");
        child = Child.run("--module-path", Child.CLASSES.toString(), "--add-modules", "dev.avocet",
                program.toString());
        assertEquals("dev.avocet" + Avocet.version() + "\n", child.out, child.toString());
    }
}
