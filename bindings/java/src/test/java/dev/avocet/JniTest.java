package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests run with JNI checked, and would notice misuse; VmLogTest reads what the JVM had to say. */
class JniTest {
    @Test
    void theChecksAreOn() {
        List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
        assertTrue(arguments.contains("-Xcheck:jni"), arguments.toString());
        assertTrue(arguments.contains("-XX:+LogVMOutput"), arguments.toString());
    }

    @Test
    void misuseIsNoticed(@TempDir Path temporary) throws Exception {
        Path log = temporary.resolve("vm.log");
        Path program = temporary.resolve("Careless.java");
        Files.writeString(program, "class Careless { public static void main(String[] arguments) {"
                + " System.load(arguments[0]); } }");
        Child child = Child.run("-Xcheck:jni", "-XX:+UnlockDiagnosticVMOptions", "-XX:-DisplayVMOutput",
                "-XX:+LogVMOutput", "-XX:LogFile=" + log, program.toString(),
                Child.NATIVE_TEST.resolve("libcareless.so").toString());
        assertEquals("", child.out);
        assertTrue(VmLogTest.complaints(log).size() > 0, Files.readString(log));
    }
}
