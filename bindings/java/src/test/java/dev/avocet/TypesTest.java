package dev.avocet;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong element types do not compile. */
class TypesTest {
    private static final String PARAMETERS = "Matrix f, MutableMatrix ff, Matrix16 h, MutableMatrix16 hh, Matrix8 b, "
            + "MutableMatrix8 bb, Floats s, MutableFloats ss, Indices i, ScoreTables t, Index x, Graph g, IndexOptions o, "
            + "IndexSearchOptions so, IndexLists l, MutableInts ii, Ints at, Longs n";

    private static boolean compiles(String statement) {
        String code = "import dev.avocet.*; class Use { void use(" + PARAMETERS + ") { " + statement + " } }";
        JavaFileObject source = new SimpleJavaFileObject(URI.create("string:///Use.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return code;
            }
        };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("-proc:none", "-classpath", Child.CLASSES.toString(), "-d", "target");
        StringWriter said = new StringWriter();
        // Nothing is written: the checks alone are asked for.
        com.sun.source.util.JavacTask task = (com.sun.source.util.JavacTask) compiler.getTask(
                said, null, diagnostic -> said.append(diagnostic.toString()), options, null, List.of(source));
        try {
            task.analyze();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return said.toString().isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Score.pairs(f, f, i, i, ss, null);", "Score.pairs(f, h, i, i, ss, null);", "Score.pairs(hh, ff, i, i, ss, null);",
        "Score.matrix(h, f, ff, null);", "Score.candidates(h, h, i, i, ss, null);", "ScoreTables.of(b, bb);",
        "ScoreTables.of(b, s, b, null).second(f, h, 1, 1);", "t.second(b, null, b, s, 1, 1);",
        "Convert.convert(h, ff, null);", "Convert.convert(f, hh, null);", "Convert.quantizeRows(h, bb, ss, null);",
        "Convert.dequantizeRows(b, s, ff, null);", "Convert.rowNorms(h, ss, null);", "LogisticRows.of(h, s);",
        "Index.create(h, null);", "Index.create(b, s, o, null);", "x.search(h, 5, ii, ss, ii, null, null);",
        "x.search(b, s, 5, so, l, null, null);", "x.scores(f, g, ss, null, null);", "x.append(bb, null, o, null);",
        "x.replace(at, hh, o);", "Shard.of(1, n, s, at);"
    })
    void fit(String statement) {
        assertTrue(compiles(statement), statement);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Score.pairs(b, b, i, i, ss, null);", "Score.pairs(f, b, i, i, ss, null);", "Score.matrix(f, f, hh, null);",
        "Score.matrix(f, f, f, null);", "ScoreTables.of(f, b);", "ScoreTables.of(b, h);", "ScoreTables.of(f, s, f, s);",
        "t.second(f, b, 1, 1);", "t.second(f, s, f, s, 1, 1);", "Convert.convert(b, ff, null);",
        "Convert.convert(f, bb, null);", "Convert.convert(f, h, null);", "Convert.convert(f, f, null);",
        "Convert.quantizeRows(b, bb, ss, null);", "Convert.quantizeRows(f, b, ss, null);",
        "Convert.quantizeRows(f, hh, ss, null);", "Convert.dequantizeRows(h, s, ff, null);",
        "Convert.dequantizeRows(b, s, hh, null);", "Convert.rowNorms(b, ss, null);", "LogisticRows.of(b, s);",
        "Addend.of(h, f);", "MutableMatrix16 x = MutableMatrix16.f16(Shorts.of(), 0, 0);",
        "Index.create(b, null);", "Index.create(b, o, null);", "Index.create(f, s, o, null);",
        "x.search(b, 5, ii, ss, ii, null, null);", "x.search(h, s, 5, so, l, null, null);",
        "x.search(b, 5, so, l, null, null);", "x.search(f, 5, at, ss, ii, null, null);",
        "x.scores(f, s, g, ss, null, null);", "x.scores(b, g, ss, null, null);",
        "x.rankCounts(b, g, g, ii, ii, null, null);", "x.append(b, o, null);", "x.append(f, s, o, null);",
        "x.replace(at, b, o);", "Shard.of(1, at, s, at);"
    })
    void unfit(String statement) {
        assertFalse(compiles(statement), statement);
    }
}
