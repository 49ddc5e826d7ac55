package io.budmetrics.schema;

import io.budmetrics.schema.Schema.MigrationStep;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the migration steps, each of which is a resource beside this class. A released step is a text that nobody edits:
 * were it written from today's columns, the first column that is added would change the checksum under which every
 * installation has recorded the step. This is the one place of the core that reads anything, and it reads once, when
 * {@link Schema} is loaded.
 *
 * <p>The first line of a resource is a comment with the step's name. Then come its statements, with each table as its
 * name in braces. A semicolon at the end of a line ends a statement, so no text within a statement may have one there.
 * Line ends do not matter.
 */
final class ReleasedSteps {
    /** In the order of their versions; what is listed here and released stays, and a new step is added at the end. */
    static final List<String> RESOURCES = List.of("0001-create-inference-fact.sql");

    private static final String NAME = "-- ";
    private static final Pattern END_OF_STATEMENT = Pattern.compile(";[ \t]*(?:\n\\s*|$)");

    private ReleasedSteps() {}

    static List<MigrationStep> read() {
        List<MigrationStep> steps = new ArrayList<>();
        for (String resource : RESOURCES) {
            steps.add(parse(steps.size() + 1, resource, text(resource)));
        }
        return steps;
    }

    private static String text(String resource) {
        try (InputStream in = ReleasedSteps.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw broken(resource, "is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(broken(resource, "cannot be read").getMessage(), e);
        }
    }

    static MigrationStep parse(int version, String resource, String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).startsWith(NAME)) {
            throw broken(resource, "does not begin with the step's name");
        }
        String statements = String.join("\n", lines.subList(1, lines.size())).strip();
        if (statements.isEmpty()) {
            throw broken(resource, "is without a statement");
        }
        return new MigrationStep(
                version, lines.get(0).substring(NAME.length()), List.of(END_OF_STATEMENT.split(statements)));
    }

    private static IllegalStateException broken(String resource, String how) {
        return new IllegalStateException("the migration step io/budmetrics/schema/" + resource + " " + how
                + "; give the whole jar of budmetrics-core, resources included");
    }
}
