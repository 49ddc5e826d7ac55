package io.budmetrics.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.examples.support.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README.md and docs/ show is tried: Java compiles, questions parse, commands and linked files exist. */
class DocumentationTest {
    private static final Path HOME = Path.of("..");
    private static final Path SPRING_BOOT = HOME.resolve("docs/spring-boot.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

    /** What the snippets leave out. */
    private static final String PREAMBLE = """
            import static io.budmetrics.metric.Metrics.*;
            import static io.budmetrics.filter.Dimension.*;
            import com.fasterxml.jackson.databind.ObjectMapper;
            import com.zaxxer.hikari.*;
            import io.budmetrics.*;
            import io.budmetrics.clickhouse.*;
            import io.budmetrics.clickhouse.embedded.*;
            import io.budmetrics.clickhouse.junit.*;
            import io.budmetrics.clickhouse.ingest.*;
            import io.budmetrics.clickhouse.synthetic.*;
            import io.budmetrics.record.*;
            import io.budmetrics.clickhouse.migrate.*;
            import io.budmetrics.error.*;
            import io.budmetrics.metric.*;
            import io.budmetrics.analytics.*;
            import io.budmetrics.filter.*;
            import io.budmetrics.time.*;
            import io.budmetrics.question.*;
            import io.budmetrics.schema.*;
            import io.budmetrics.sql.*;
            import io.micrometer.core.instrument.MeterRegistry;
            import java.math.BigDecimal;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import javax.sql.DataSource;
            import org.junit.jupiter.api.*;
            import org.junit.jupiter.api.extension.ExtendWith;
            """;

    private static final String FIELDS = """
                static String user, password;
                static UUID gpt, inferenceId, projectId, projectA, projectB, modelId, endpointId;
                static ClickHouseConfig config;
                static DataSource dataSource;
                static BudMetrics budMetrics;
                static InferenceWriter writer;
                static AnalyticsQuestion question;
                static AnalyticsAnswer answer;
                static Row row;
                static ServiceLevel chat;
                static MeterRegistry registry;
            """;

    /** A fenced block and the line it starts on. */
    private record Block(String language, String text, int line) {}

    /** A snippet as a class of its own, whose lines are those of the document. */
    private static final class Snippet extends SimpleJavaFileObject {
        private final String source;

        Snippet(String name, Block block) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            // everything that is ours stands on the line of the fence
            source = "\n".repeat(block.line() - 1)
                    + (PREAMBLE + "class " + name + " {\n" + FIELDS + "static void snippet() throws Exception {")
                            .replace('\n', ' ')
                    + "\n" + block.text() + "}}";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
            return Stream.concat(Stream.of(HOME.resolve("README.md")), docs.filter(file -> file.toString()
                            .endsWith(".md")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void javaCompiles(Path document, @TempDir Path classes) throws IOException {
        if (document.equals(SPRING_BOOT)) {
            return; // needs Spring's classes: springBootPageShowsWhatIsBuilt
        }
        List<Snippet> snippets = new ArrayList<>();
        for (Block block : blocks(document, "java")) {
            snippets.add(new Snippet("Snippet" + block.line(), block));
        }
        if (snippets.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));

        boolean compiled =
                compiler.getTask(null, null, problems, options, null, snippets).call();

        assertThat(compiled)
                .as(() -> problems.getDiagnostics().stream()
                        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                        .map(problem ->
                                document + ":" + problem.getLineNumber() + ": " + problem.getMessage(Locale.ROOT))
                        .collect(Collectors.joining("\n")))
                .isTrue();
    }

    /** The page's Java and its first properties and XML are parts of the projects that are built with Spring Boot. */
    @Test
    void springBootPageShowsWhatIsBuilt() throws IOException {
        StringBuilder built = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("spring-boot"))) {
            for (Path file : files.filter(DocumentationTest::isSource).sorted().toList()) {
                built.append(Files.readString(file));
            }
        }
        List<String> shown = new ArrayList<>();
        blocks(SPRING_BOOT, "java").forEach(block -> shown.add(block.text()));
        blocks(SPRING_BOOT, "properties")
                .get(0)
                .text()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(shown::add);
        blocks(SPRING_BOOT, "xml")
                .get(1)
                .text()
                .lines()
                .filter(line -> line.contains(".version>"))
                .forEach(shown::add);
        assertThat(shown).hasSizeGreaterThanOrEqualTo(8).allSatisfy(text -> assertThat(words(built.toString()))
                .contains(words(text)));
    }

    private static boolean isSource(Path file) {
        String path = file.toString().replace('\\', '/');
        return !path.contains("/target/") && path.matches(".*\\.(java|properties|xml)");
    }

    private static String words(String text) {
        return String.join(" ", text.strip().split("\\s+", -1));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void questionsInJsonParse(Path document) throws IOException {
        for (Block block : blocks(document, "json")) {
            assertThat(new ObjectMapper().readValue(block.text(), AnalyticsQuestion.class))
                    .as(document + ":" + block.line())
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void commandsExist(Path document) throws IOException {
        List<Block> commands = new ArrayList<>(blocks(document, "sh"));
        commands.addAll(blocks(document, ""));
        for (Block block : commands) {
            for (String line : block.text().lines().toList()) {
                List<String> words = List.of(line.strip().split("\\s+", -1));
                String where = document + ": " + line;
                if (words.get(0).equals("examples/run")) {
                    String help = words.size() > 1 ? help(words.get(1)) : "";
                    assertThat(words.stream().filter(word -> word.startsWith("--")))
                            .as(where)
                            .allMatch(help::contains);
                } else {
                    assertThat(words.get(0)).as(where).isEqualTo("mvn");
                    assertModulesAndProfilesExist(words, where);
                }
            }
        }
    }

    private static String help(String command) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(InputStream.nullInputStream(), out, out, Map.of());
        int code = BudMetricsCommand.run(terminal, new CountDownLatch(1), command, "--help");
        assertThat(code).isZero();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void assertModulesAndProfilesExist(List<String> words, String where) throws IOException {
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-pl")) {
                for (String module : words.get(i + 1).split(",", -1)) {
                    assertThat(HOME.resolve(module).resolve("pom.xml"))
                            .as(where)
                            .exists();
                }
            } else if (word.startsWith("-P")) {
                String profile = "<id>" + word.substring(2) + "</id>";
                try (Stream<Path> poms = Files.find(HOME, 2, (file, attributes) -> file.endsWith("pom.xml"))) {
                    assertThat(poms)
                            .as(where)
                            .anySatisfy(pom -> assertThat(pom).content().contains(profile));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linkedFilesExist(Path document) throws IOException {
        Matcher links = LINK.matcher(Files.readString(document));
        while (links.find()) {
            String target = links.group(1);
            if (!target.startsWith("http")) {
                assertThat(document.resolveSibling(target))
                        .as(document + " links to " + target)
                        .exists();
            }
        }
    }

    @Test
    void aServiceNeedsTwentyLines() throws IOException {
        assertThat(blocks(HOME.resolve("README.md"), "java"))
                .first()
                .satisfies(block -> assertThat(block.text().lines()).hasSize(20));
    }

    @Test
    void dataFoldersOfCommandsAreIgnoredByGit() throws IOException {
        List<String> ignored = Files.readAllLines(HOME.resolve(".gitignore"));
        Matcher folders = Pattern.compile("--data (\\w+)").matcher(Files.readString(HOME.resolve("README.md")));
        assertThat(folders.results().map(folder -> "/" + folder.group(1) + "/"))
                .isNotEmpty()
                .allMatch(ignored::contains);
    }

    @Test
    void aProgramToCopyHasFortyLines() throws IOException {
        Path program = Path.of("src", "main", "java", "io", "budmetrics", "examples", "FirstAnswer.java");
        assertThat(Files.readAllLines(program)).hasSizeLessThanOrEqualTo(40);
    }

    private static List<Block> blocks(Path document, String language) throws IOException {
        String text = Files.readString(document);
        List<Block> blocks = new ArrayList<>();
        for (MatchResult block : BLOCK.matcher(text).results().toList()) {
            if (block.group(1).equals(language)) {
                int line = (int) text.substring(0, block.start()).lines().count() + 1;
                blocks.add(new Block(language, block.group(2), line));
            }
        }
        return blocks;
    }
}
