package io.budmetrics.examples.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page of pictures in one file: data, style and the chart library are inside, nothing is loaded.
 *
 * @param title the heading
 * @param subtitle what the page covers, one line
 * @param figures the headline numbers
 * @param charts the pictures
 * @param footer where the numbers come from, one line
 */
public record Report(String title, String subtitle, List<Figure> figures, List<Chart> charts, String footer) {
    private static final String CHART_JS = "/META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";
    private static final Pattern PLACE = Pattern.compile("\\{\\{(title|style|chartjs|data|script)}}");

    /**
     * A headline number.
     *
     * @param label what it is
     * @param value readable, with its unit; null when absent
     * @param note a remark below it, such as why it is absent
     */
    public record Figure(String label, @Nullable String value, String note) {}

    /** How a chart is drawn. */
    public enum Kind {
        /** A bar a period. */
        BARS,
        /** Bars of several series on top of each other. */
        STACKED,
        /** Lines of an ordered family, such as percentiles: one hue, light to dark. */
        LADDER,
        /** A line with the area below it. */
        AREA,
        /** A horizontal bar for each label, largest first. */
        RANKING
    }

    /** What the numbers of a chart are. */
    public enum Unit {
        /** Whole things. */
        COUNT,
        /** Tokens. */
        TOKENS,
        /** Milliseconds. */
        MILLISECONDS,
        /** 0 to 100. */
        PERCENT,
        /** Money. */
        MONEY
    }

    /** The colour family of a chart. */
    public enum Tone {
        /** Quantities. */
        NEUTRAL,
        /** Something to worry about. */
        ALARM,
        /** One colour for each series. */
        CATEGORIES
    }

    /**
     * A series.
     *
     * @param name its name in the legend
     * @param values one for each label; null is a gap, never 0
     * @param others whether it stands for the rest
     */
    public record Series(String name, List<@Nullable Double> values, boolean others) {}

    /**
     * A picture.
     *
     * @param title what it answers
     * @param subtitle what is drawn, with the unit
     * @param axis the axis title
     * @param kind how it is drawn
     * @param unit what its numbers are
     * @param tone its colours
     * @param wide whether it takes the whole width
     * @param labels the periods or the ranked names
     * @param partial for each label whether the period is incomplete
     * @param series the numbers
     * @param lastIsOthers whether the last label of a ranking stands for the rest
     * @param absent what to say when there is no number at all
     */
    public record Chart(
            String title,
            String subtitle,
            String axis,
            Kind kind,
            Unit unit,
            Tone tone,
            boolean wide,
            List<String> labels,
            List<Boolean> partial,
            List<Series> series,
            boolean lastIsOthers,
            String absent) {}

    /**
     * Complains about a file that cannot become a page, before anybody has waited for what goes into it.
     *
     * @param file where the page will go; its folder is created
     * @throws IOException when it cannot be written
     */
    public static void checkPlace(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder; name a file, such as " + file.resolve("report.html"));
        }
        if (!Files.isWritable(Files.exists(file) || parent == null ? file : parent)) {
            throw new AccessDeniedException(file.toString());
        }
    }

    /**
     * Writes the page.
     *
     * @param file where to; replaced when it exists
     * @throws IOException when it cannot be written
     */
    public void write(Path file) throws IOException {
        checkPlace(file);
        Files.writeString(file, html());
    }

    /**
     * The page as text.
     *
     * @return HTML
     */
    public String html() {
        Map<String, String> parts = Map.of(
                "title", escapeHtml(title),
                "style", resource("report.css"),
                // the map it points to is not inside
                "chartjs", resource(CHART_JS).replaceFirst("(?m)^//# sourceMappingURL=.*$", ""),
                "data", json(),
                "script", resource("report.js"));
        // one pass over the template: what is filled in is never looked at again
        Matcher places = PLACE.matcher(resource("report.html"));
        return places.replaceAll(place -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(place.group(1)))));
    }

    /** JSON that may stand inside a script element, whatever the strings contain. */
    private String json() {
        try {
            return new ObjectMapper()
                    .writeValueAsString(this)
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026")
                    .replace("\u2028", "\\u2028")
                    .replace("\u2029", "\\u2029");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is plain data", e);
        }
    }

    private static String escapeHtml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        try (InputStream stream = Report.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
