package io.budmetrics.examples.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file in the format of the Azure LLM inference trace: arrival, prompt tokens, generated tokens; nothing else. */
public final class TraceFile {
    private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
    private static final Pattern LINE = Pattern.compile("([^,]*),([^,]*),([^,]*)");
    private static final Pattern UTC_SUFFIX = Pattern.compile("(Z|\\+00:00)$");
    private static final Instant EARLIEST = Instant.EPOCH;
    /** Where the ranges of questions end. */
    private static final Instant LATEST = Instant.parse("2105-01-01T00:00:00Z");

    private static final long MAX_TOKENS = 4_294_967_295L;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(java.time.format.ResolverStyle.STRICT);

    /**
     * A request of the trace.
     *
     * @param id the same for the same line of a file of the same name, so that importing again counts once
     * @param arrival when it arrived, cut to the microsecond
     * @param inputTokens prompt tokens
     * @param outputTokens generated tokens
     */
    public record Request(UUID id, Instant arrival, long inputTokens, long outputTokens) {}

    private final Path path;

    private TraceFile(Path path) {
        this.path = path;
    }

    /**
     * A file that is not read yet.
     *
     * @param path where it lies
     * @return the file
     */
    public static TraceFile at(Path path) {
        return new TraceFile(path);
    }

    /**
     * The file's name with its extension.
     *
     * @return the name
     */
    public String name() {
        return path.getFileName().toString();
    }

    /**
     * The file's name without its extension; a person knows the service by it.
     *
     * @return the stem
     */
    public String stem() {
        String name = name();
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }

    /**
     * The endpoint that stands for the file.
     *
     * @return a name-based id of the stem
     */
    public UUID endpoint() {
        return UUID.nameUUIDFromBytes(("trace:" + stem()).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the file from its first line to its last.
     *
     * @param sink takes each request in the file's order
     * @throws IOException when the file cannot be read, or a line is not what it should be: named by file and number
     */
    public void read(Consumer<Request> sink) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": is a folder; name the files in it");
        }
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            String line;
            while ((line = reader.readLine()) != null) {
                number++;
                if (number == 1) {
                    if (!line.replace("\uFEFF", "").strip().equals(HEADER)) {
                        throw bad(number, "the header " + HEADER, line);
                    }
                } else if (!line.isBlank()) {
                    sink.accept(request(number, line));
                }
            }
        } catch (MalformedInputException e) {
            throw new IOException(path + ": not a text file in UTF-8", e);
        }
        if (number == 0) {
            throw new IOException(path + ": is empty; expected the header " + HEADER);
        }
    }

    private Request request(int number, String line) throws IOException {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw bad(number, "three values, " + HEADER, line);
        }
        Instant arrival;
        try {
            String time = UTC_SUFFIX.matcher(parts.group(1).strip()).replaceFirst("");
            arrival = LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            throw bad(number, "a time such as 2023-11-16 18:17:03.9799600 in TIMESTAMP", parts.group(1));
        }
        if (arrival.isBefore(EARLIEST) || !arrival.isBefore(LATEST)) {
            throw bad(number, "a time in the years 1970 to 2104 in TIMESTAMP", parts.group(1));
        }
        UUID id = UUID.nameUUIDFromBytes(("trace:" + name() + ":" + number).getBytes(StandardCharsets.UTF_8));
        return new Request(
                id,
                arrival,
                tokens(number, "ContextTokens", parts.group(2)),
                tokens(number, "GeneratedTokens", parts.group(3)));
    }

    private long tokens(int number, String column, String text) throws IOException {
        try {
            long tokens = Long.parseLong(text.strip());
            if (tokens >= 0 && tokens <= MAX_TOKENS) {
                return tokens;
            }
        } catch (NumberFormatException e) {
            // falls through to the same complaint as a number out of range
        }
        throw bad(number, "a whole number from 0 to " + MAX_TOKENS + " in " + column, text);
    }

    private IOException bad(int number, String expected, String found) {
        String shown = SafeText.printable(found);
        return new IOException(path + ", line " + number + ": expected " + expected + ", found '"
                + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown) + "'");
    }
}
