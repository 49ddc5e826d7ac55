package io.budmetrics.examples;

import io.budmetrics.examples.support.UsageException;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.filter.Quantity;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.Metrics;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The short forms in which options write conditions, times and lengths. Every method takes the option's name first, for
 * the message of the {@link UsageException} that it throws when the text cannot be read.
 */
final class Notation {
    private static final Pattern CONDITION =
            Pattern.compile("(?<name>[A-Za-z0-9_-]+) ?(?<operator>=|!=|>=|<=|>|<)(?<value>.*)", Pattern.DOTALL);
    private static final Pattern DURATION = Pattern.compile("(?<number>\\d{1,9}(\\.\\d{1,9})?) ?(?<unit>us|ms|s|m|h)");
    private static final Pattern EVERY = Pattern.compile("(\\d{0,6})[ -]?([a-zA-Z]+([_-][a-zA-Z]+)?)");
    private static final Pattern EARLIER = Pattern.compile("(\\d{1,4}) ?(d|w|y|days?|weeks?|months?|years?)");
    private static final Pattern LAST = Pattern.compile("(\\d{1,6}) ?(m|h|d|w|minutes?|hours?|days?|weeks?)");

    private Notation() {}

    /** A metric by its name; hyphens and capitals are read as underscores and small letters. */
    static Metric<?> metric(String option, String name) {
        return byName(option, name, Metrics.all(), Metric::name);
    }

    /** A dimension by its name. */
    static Dimension<?> dimension(String option, String name) {
        return byName(option, name, Dimension.all(), Dimension::name);
    }

    private static <T> T byName(String option, String name, List<T> all, Function<T, String> nameOf) {
        String normal = name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
        return all.stream()
                .filter(one -> nameOf.apply(one).equals(normal))
                .findFirst()
                .orElseThrow(() -> wrong(option, name, "one of " + names(all, nameOf)));
    }

    /** Names for a message. */
    static <T> String names(List<T> all, Function<T, String> nameOf) {
        return all.stream().map(nameOf).collect(Collectors.joining(", "));
    }

    /** Such as <code>model=ID,ID</code>, <code>country!=DE</code> or <code>response_time&gt;=2.5s</code>. */
    static Filter filter(String option, String text) {
        Matcher parts = CONDITION.matcher(text);
        if (!parts.matches()) {
            throw wrong(option, text, "DIMENSION=VALUE, DIMENSION!=VALUE or QUANTITY>=VALUE");
        }
        String name = parts.group("name");
        String operator = parts.group("operator");
        String value = parts.group("value").strip();
        if (operator.equals("=")) {
            return oneOf(option, dimension("the dimension of " + option, name), value);
        }
        if (operator.equals("!=")) {
            return oneOf(option, dimension("the dimension of " + option, name), value)
                    .not();
        }
        Quantity<?> quantity = byName("the quantity of " + option, name, Quantity.all(), Quantity::name);
        return new Filter.Bound(quantity, side(operator), bound(option, quantity, value));
    }

    private static <T> Filter oneOf(String option, Dimension<T> dimension, String texts) {
        List<T> values = new ArrayList<>();
        for (String text : texts.split(",", -1)) {
            try {
                values.add(dimension.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw wrong(
                        dimension.name() + " of " + option,
                        text,
                        "a " + dimension.type().getSimpleName());
            }
        }
        return dimension.in(values);
    }

    /** Such as <code>request_count&gt;=100</code>. */
    static Having having(String option, String text, Function<String, Metric<?>> metricOf) {
        Matcher parts = CONDITION.matcher(text);
        if (!parts.matches() || List.of("=", "!=").contains(parts.group("operator"))) {
            throw wrong(option, text, "METRIC>=NUMBER, or with >, <= or <");
        }
        try {
            return new Having(
                    metricOf.apply(parts.group("name")),
                    side(parts.group("operator")),
                    new BigDecimal(parts.group("value").strip()));
        } catch (NumberFormatException e) {
            throw wrong(option, text, "a number on the right");
        }
    }

    private static Side side(String operator) {
        return switch (operator) {
            case ">=" -> Side.AT_LEAST;
            case ">" -> Side.ABOVE;
            case "<=" -> Side.AT_MOST;
            default -> Side.BELOW;
        };
    }

    private static Object bound(String option, Quantity<?> quantity, String text) {
        if (quantity.type() == Duration.class) {
            return duration(quantity.name() + " of " + option, text);
        }
        try {
            if (quantity.type() == Long.class) {
                return Long.valueOf(text);
            }
            return quantity.type() == Double.class ? (Object) Double.valueOf(text) : new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw wrong(
                    quantity.name() + " of " + option,
                    text,
                    quantity.type() == Long.class ? "a whole number" : "a number");
        }
    }

    private static Duration duration(String what, String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw wrong(what, text, "a duration such as 500ms, 2.5s or 3m");
        }
        long nanos =
                switch (parts.group("unit")) {
                    case "us" -> 1_000;
                    case "ms" -> 1_000_000;
                    case "s" -> 1_000_000_000;
                    case "m" -> 60_000_000_000L;
                    default -> 3_600_000_000_000L;
                };
        return Duration.ofNanos(new BigDecimal(parts.group("number"))
                .multiply(BigDecimal.valueOf(nanos))
                .longValue());
    }

    /** Such as <code>day</code>, <code>15minutes</code> or <code>whole_range</code>. */
    static Frequency frequency(String option, String text) {
        Matcher parts = EVERY.matcher(text.strip());
        if (parts.matches()) {
            String unit = parts.group(2).toLowerCase(Locale.ROOT).replace('-', '_');
            for (Frequency.Unit known : Frequency.Unit.values()) {
                if (unit.equals(known.jsonName()) || unit.equals(known.jsonName() + "s")) {
                    return Frequency.every(parts.group(1).isEmpty() ? 1 : Integer.parseInt(parts.group(1)), known);
                }
            }
        }
        throw wrong(
                option,
                text,
                "a number and one of " + names(Arrays.asList(Frequency.Unit.values()), Frequency.Unit::jsonName));
    }

    /** Such as <code>previous</code>, <code>7d</code> or <code>1month</code>. */
    static Comparison comparison(String option, String text) {
        if (text.strip().equals("previous")) {
            return Comparison.previousRange();
        }
        Matcher parts = EARLIER.matcher(text.strip());
        if (!parts.matches()) {
            throw wrong(option, text, "previous, or a length such as 7d, 4w, 1month or 1y");
        }
        int number = Integer.parseInt(parts.group(1));
        return Comparison.shiftedBy(
                switch (parts.group(2).charAt(0)) {
                    case 'd' -> Period.ofDays(number);
                    case 'w' -> Period.ofWeeks(number);
                    case 'm' -> Period.ofMonths(number);
                    default -> Period.ofYears(number);
                });
    }

    /** Such as <code>90m</code> or <code>7d</code>. */
    static Duration last(String option, String text) {
        Matcher parts = LAST.matcher(text.strip());
        if (!parts.matches()) {
            throw wrong(option, text, "a length such as 90m, 24h, 7d or 4w");
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2).charAt(0)) {
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            case 'd' -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    /** A time zone by its name. */
    static ZoneId zone(String option, String text) {
        try {
            // the region's rules for UTC are the offset's, and some places know only the offset
            return text.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(text);
        } catch (DateTimeException e) {
            throw wrong(option, text, "a time zone such as UTC or Europe/Berlin");
        }
    }

    /** A day, a local time or a time with its offset; the first two are of the zone. */
    static Instant time(String option, String text, ZoneId zone) {
        try {
            if (!text.contains("T")) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw wrong(option, text, "a time such as 2026-11-01, 2026-11-01T08:30 or 2026-11-01T08:30:00Z");
        }
    }

    private static UsageException wrong(String what, String found, String expected) {
        return new UsageException(what + " is '" + found + "'; give " + expected);
    }
}
