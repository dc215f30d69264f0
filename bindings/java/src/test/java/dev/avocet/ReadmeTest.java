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

/** The example of the README runs, and prints what its last comment says. */
class ReadmeTest {
    @Test
    void example(@TempDir Path temporary) throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(
                Files.readString(Paths.get("README.md")));
        assertTrue(block.find());
        String code = block.group(1);
        Matcher wanted = Pattern.compile("// prints (.*)\n").matcher(code);
        assertTrue(wanted.find());
        Path program = temporary.resolve("Example.java");
        Files.writeString(program, "import dev.avocet.*;\nclass Example {\n"
                + "public static void main(String[] arguments) {\n" + code + "}\n}\n");
        Child child = Child.run("-cp", Child.CLASSES.toString(), program.toString());
        assertEquals(wanted.group(1) + "\n", child.out, child.toString());
        assertEquals(0, child.status);
    }
}
