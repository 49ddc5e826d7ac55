package io.budmetrics.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** How long the methods of a source tree are, by the compiler's own parser. */
public final class SourceLengths {
    private SourceLengths() {}

    /**
     * The methods and constructors that are too long.
     *
     * @param sources a folder with Java sources
     * @param most how many lines a method may have, from its first annotation or modifier to its last brace
     * @return such as <code>Rows.read: 72</code>
     */
    public static List<String> methodsOver(Path sources, int most) throws IOException {
        List<Path> files = files(sources);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> found = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                unit.accept(new Lengths(unit, positions, most), found);
            }
        }
        return found;
    }

    /**
     * The files that are too long.
     *
     * @param sources a folder with Java sources
     * @param most how many lines a file may have
     * @return their names without folders
     */
    public static List<String> filesOver(Path sources, int most) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(sources)) {
            if (Files.readAllLines(file).size() > most) {
                found.add(file.getFileName().toString());
            }
        }
        return found;
    }

    private static List<Path> files(Path sources) throws IOException {
        try (Stream<Path> all = Files.walk(sources)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static final class Lengths extends TreeScanner<@Nullable Void, List<String>> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final int most;

        Lengths(CompilationUnitTree unit, SourcePositions positions, int most) {
            this.unit = unit;
            this.positions = positions;
            this.most = most;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, List<String> found) {
            long lines =
                    line(positions.getEndPosition(unit, method)) - line(positions.getStartPosition(unit, method)) + 1;
            if (lines > most) {
                String file =
                        Path.of(unit.getSourceFile().getName()).getFileName().toString();
                found.add(file.replace(".java", ".") + method.getName() + ": " + lines);
            }
            return super.visitMethod(method, found);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
