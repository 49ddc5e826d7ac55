package io.budmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The SQL of every golden question, character for character. After an intended change run the tests with
 * <code>-Dgolden.update=true</code> and read the difference.
 */
final class GoldenSqlTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");
    private static final SqlContext COMPILER = SqlContext.of(Layout.inferenceFact());

    static List<String> names() {
        return List.copyOf(GoldenQuestions.all().keySet());
    }

    @BeforeAll
    static void writeTheFilesWhenAsked() throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, AnalyticsQuestion> entry :
                    GoldenQuestions.all().entrySet()) {
                Files.writeString(FOLDER.resolve(entry.getKey() + ".sql"), text(entry.getValue()));
            }
        }
    }

    /** The statement, and below it what travels beside it. */
    private static String text(AnalyticsQuestion question) {
        SqlStatement<AnalyticsAnswer> statement = question.statement(COMPILER);
        StringBuilder text = new StringBuilder(statement.sql()).append('\n');
        for (SqlParameter parameter : statement.parameters()) {
            text.append("-- ")
                    .append(parameter)
                    .append(" = ")
                    .append(parameter.literal())
                    .append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSqlIsTheGoldenOne(String name) throws IOException {
        AnalyticsQuestion question =
                Objects.requireNonNull(GoldenQuestions.all().get(name));
        Path file = FOLDER.resolve(name + ".sql");
        String text = text(question);
        assertThat(file).exists();
        assertThat(text).isEqualTo(Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSameQuestionGivesTheSameStatement(String name) {
        AnalyticsQuestion question =
                Objects.requireNonNull(GoldenQuestions.all().get(name));
        assertThat(question.statement(SqlContext.of(Layout.inferenceFact())))
                .isEqualTo(question.statement(COMPILER))
                .hasSameHashCodeAs(question.statement(COMPILER));
    }

    @Test
    void everyFileBelongsToACase() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            names().stream().map(name -> name + ".sql").toList());
        }
    }
}
