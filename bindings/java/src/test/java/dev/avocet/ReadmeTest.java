package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README run, and print what their last comments say. */
class ReadmeTest {
    private static final String IMPORTS = "import dev.avocet.*;\nimport java.nio.channels.FileChannel;\n"
            + "import java.nio.file.*;\nimport java.util.Arrays;\n"
            + "import static java.nio.channels.FileChannel.MapMode.*;\n"
            + "import static java.nio.file.StandardOpenOption.*;\n";

    @Test
    void examples(@TempDir Path temporary) throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(
                Files.readString(Paths.get("README.md")));
        int examples = 0;
        for (; block.find(); examples++) {
            String code = block.group(1);
            Matcher wanted = Pattern.compile("// prints (.*)\n").matcher(code);
            assertTrue(wanted.find());
            Path program = temporary.resolve("Example.java");
            Files.writeString(program, IMPORTS + "class Example {\n"
                    + "public static void main(String[] arguments) throws Exception {\n" + code + "}\n}\n");
            Child child = Child.run("-cp", Child.CLASSES.toString(), program.toString());
            assertEquals(wanted.group(1) + "\n", child.out, child.toString());
            assertEquals(0, child.status);
        }
        assertEquals(2, examples);
    }
}
