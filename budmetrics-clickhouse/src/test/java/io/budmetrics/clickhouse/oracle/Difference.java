package io.budmetrics.clickhouse.oracle;

import io.budmetrics.clickhouse.oracle.OracleAnswer.Cell;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Comparison;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Line;
import io.budmetrics.clickhouse.oracle.OracleAnswer.Other;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where two answers differ. */
final class Difference {
    private static final double TOLERANCE = 1e-12;

    private final List<String> differences = new ArrayList<>();
    private final boolean deltas;

    private Difference(boolean deltas) {
        this.deltas = deltas;
    }

    /** What differs, cell by cell; nothing when the answers agree. */
    static List<String> between(OracleAnswer expected, OracleAnswer actual, boolean deltas) {
        Difference difference = new Difference(deltas);
        difference.compare(expected, actual);
        return difference.differences;
    }

    private void compare(OracleAnswer expected, OracleAnswer actual) {
        same("groups", expected.groups(), actual.groups());
        compare("", expected.lines(), actual.lines());
        compare("total ", expected.totals(), actual.totals());
        Other left = expected.other();
        Other right = actual.other();
        if (left != null && right != null) {
            same("new groups", left.newGroups(), right.newGroups());
            same("vanished groups", left.vanishedGroups(), right.vanishedGroups());
            between(left.answer(), right.answer(), deltas)
                    .forEach(difference -> differences.add("compared: " + difference));
        } else {
            same("compared", left, right);
        }
    }

    private void compare(String kind, List<Line> expected, List<Line> actual) {
        same(
                kind + "rows",
                expected.stream().map(Difference::where).toList(),
                actual.stream().map(Difference::where).toList());
        if (!differences.isEmpty()) {
            return;
        }
        for (int position = 0; position < expected.size(); position++) {
            Line left = expected.get(position);
            Line right = actual.get(position);
            String where = kind + where(left);
            same(where + " traffic", left.traffic(), right.traffic());
            left.cells()
                    .forEach((metric, cell) -> compare(
                            where + " " + metric,
                            cell,
                            Objects.requireNonNull(right.cells().get(metric))));
        }
    }

    private static String where(Line line) {
        return line.period().from() + ".." + line.period().to() + " ("
                + line.period().coveredFrom() + ".." + line.period().coveredTo() + ") " + line.group();
    }

    private void compare(String where, Cell expected, Cell actual) {
        for (Map.Entry<String, @Nullable Object> field : expected.fields().entrySet()) {
            Object found = actual.fields().get(field.getKey());
            if (field.getKey().equals("difference")) {
                close(where, (Double) field.getValue(), (Double) found, magnitude(expected));
            } else {
                same(where + "." + field.getKey(), field.getValue(), found);
            }
        }
        same(where + " absence", expected.absence(), actual.absence());
        if (deltas) {
            close(where + " change", expected.change(), actual.change(), magnitude(expected));
            close(where + " ratio", expected.ratio(), actual.ratio(), 1);
            same(where + " comparable", expected.comparable(), actual.comparable());
        }
        Comparison left = expected.comparison();
        Comparison right = actual.comparison();
        if (left != null && right != null) {
            // the other side may be larger; its fields are compared on their own
            double magnitude = Math.max(magnitude(expected), left.change() == null ? 0 : Math.abs(left.change()));
            close(where + " comparison", left.change(), right.change(), magnitude);
            close(where + " comparison ratio", left.ratio(), right.ratio(), 1);
            same(where + " comparison comparable", left.comparable(), right.comparable());
        } else {
            same(where + " comparison", left, right);
        }
    }

    /** The difference of two nearly equal numbers is as exact as the numbers, not as the difference. */
    private static double magnitude(Cell cell) {
        double magnitude = 0;
        for (Object value : cell.fields().values()) {
            if (value instanceof Number number) {
                magnitude = Math.max(magnitude, Math.abs(number.doubleValue()));
            }
        }
        return magnitude;
    }

    private void same(String where, @Nullable Object expected, @Nullable Object actual) {
        if (expected instanceof Double left && actual instanceof Double right) {
            close(where, left, right, 0);
        } else if (expected instanceof BigDecimal left && actual instanceof BigDecimal right) {
            if (left.compareTo(right) != 0) {
                differences.add(where + ": should be " + expected + " but is " + actual);
            }
        } else if (!Objects.equals(expected, actual)) {
            differences.add(where + ": should be " + expected + " but is " + actual);
        }
    }

    private void close(String where, @Nullable Double expected, @Nullable Double actual, double magnitude) {
        boolean equal;
        if (expected == null || actual == null) {
            equal = Objects.equals(expected, actual);
        } else {
            double size = Math.max(magnitude, Math.max(Math.abs(expected), Math.abs(actual)));
            equal = Math.abs(expected - actual) <= TOLERANCE * size;
        }
        if (!equal) {
            differences.add(where + ": should be " + expected + " but is " + actual);
        }
    }
}
