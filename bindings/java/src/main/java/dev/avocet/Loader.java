package dev.avocet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds and loads the native part: a given file, else the library path, else the copy that the jar carries.
 */
final class Loader {
    private static final String PATH = "avocet.native.path";
    private static final String DIRECTORY = "avocet.native.dir";
    private static final String NAME = "libavocet_jni";

    private final List<String> attempts = new ArrayList<>();

    private Loader() {}

    static void load() {
        new Loader().find();
        check(Native.handshake());
        Native.bind();
    }

    /** The native part and this package, and the native part's header and library, must be of one make. */
    private static void check(int[] numbers) {
        if (numbers[0] != Native.INTERFACE) {
            throw new IncompatibleLibraryError(String.format(
                    "the native library has interface %d, this package needs %d: use the two of one version",
                    numbers[0], Native.INTERFACE));
        }
        if (numbers[1] != Avocet.ABI_VERSION || numbers[2] != Avocet.VERSION_NUMBER
                || numbers[3] != Avocet.ABI_VERSION || numbers[4] < Avocet.VERSION_NUMBER) {
            throw new IncompatibleLibraryError(String.format(
                    "the native library has version %s (ABI %d), compiled for %s (ABI %d); "
                            + "this package needs at least %s (ABI %d)",
                    version(numbers[4]), numbers[3], version(numbers[2]), numbers[1],
                    version(Avocet.VERSION_NUMBER), Avocet.ABI_VERSION));
        }
    }

    private static String version(int number) {
        return number / 1_000_000 + "." + number / 1_000 % 1_000 + "." + number % 1_000;
    }

    private void find() {
        String path = System.getProperty(PATH);
        if (path != null) {
            if (!tryLoad(Paths.get(path).toAbsolutePath())) {
                throw failure();
            }
        } else if (!tryLibraryPath() && !tryJar()) {
            throw failure();
        }
    }

    private boolean tryLoad(Path file) {
        try {
            System.load(file.toString());
            return true;
        } catch (UnsatisfiedLinkError e) {
            attempts.add(file + ": " + e.getMessage());
            return false;
        }
    }

    private boolean tryLibraryPath() {
        try {
            System.loadLibrary("avocet_jni");
            return true;
        } catch (UnsatisfiedLinkError e) {
            attempts.add("java.library.path: " + e.getMessage());
            return false;
        }
    }

    private boolean tryJar() {
        String resource = "native/" + platform() + "/" + NAME + ".so";
        try (InputStream stream = Loader.class.getResourceAsStream(resource)) {
            if (stream == null) {
                attempts.add("the jar has no " + resource);
                return false;
            }
            byte[] library = stream.readAllBytes();
            String directory = System.getProperty(DIRECTORY);
            return directory == null ? tryPrivate(library) : tryDirectory(library, Paths.get(directory));
        } catch (IOException e) {
            attempts.add(resource + ": " + e);
            return false;
        }
    }

    /** A new directory that nobody else can write to; removed at once, since a loaded file needs no name. */
    private boolean tryPrivate(byte[] library) throws IOException {
        Path directory = Files.createTempDirectory("avocet");
        Path file = directory.resolve(NAME + "-" + hash(library) + ".so");
        try {
            Files.write(file, library);
            return tryLoad(file);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    /** A file that processes share; a class loader more in one process needs one of its own. */
    private boolean tryDirectory(byte[] library, Path directory) throws IOException {
        Files.createDirectories(directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path shared = directory.resolve(NAME + "-" + hash(library) + ".so");
        if (!Files.isRegularFile(shared) || !Arrays.equals(Files.readAllBytes(shared), library)) {
            Path fresh = write(library, directory);
            Files.move(fresh, shared, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        if (tryLoad(shared)) {
            return true;
        }
        Path own = write(library, directory);
        try {
            return tryLoad(own);
        } finally {
            Files.delete(own);
        }
    }

    /** Only the owner can read and write a temporary file. */
    private static Path write(byte[] library, Path directory) throws IOException {
        Path file = Files.createTempFile(directory, NAME, ".so");
        return Files.write(file, library);
    }

    private static String hash(byte[] bytes) {
        try {
            StringBuilder text = new StringBuilder();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            for (int i = 0; i < 16; i++) {
                text.append(String.format("%02x", digest[i]));
            }
            return text.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Such as "linux-x86_64". */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return system + "-" + (machine.equals("amd64") ? "x86_64" : machine.equals("arm64") ? "aarch64" : machine);
    }

    private UnsatisfiedLinkError failure() {
        return new UnsatisfiedLinkError(String.format(
                "avocet: no native library for %s (libc: %s). Tried:%n  %s%n"
                        + "Remedies: set -D%s to the file, or java.library.path to its directory; if temporary files"
                        + " cannot be executed, set -D%s to a directory where they can; a second class loader needs a"
                        + " file of its own.",
                platform(), libc(), String.join(System.lineSeparator() + "  ", attempts), PATH, DIRECTORY));
    }

    /** A guess, from what the process has mapped. */
    private static String libc() {
        try {
            String maps = Files.readString(Paths.get("/proc/self/maps"));
            return maps.contains("musl") ? "musl" : maps.contains("libc.so.6") ? "glibc" : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
