package io.budmetrics.examples.support;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A table for a terminal: aligned columns, units under the names, and footnotes that say why a cell is empty. */
public final class Table {
    private static final String GAP = "  ";

    /** How the numbers of a column are written. */
    public enum Kind {
        /** Text, to the left. */
        TEXT,
        /** Whole numbers. */
        COUNT,
        /** A measured quantity; more decimals the smaller the column's largest value. */
        QUANTITY,
        /** A share in percent. */
        PERCENT,
        /** A signed change in percent. */
        CHANGE,
        /** Money. */
        MONEY
    }

    /**
     * A cell.
     *
     * @param text what stands in it when it is text
     * @param number its number, NaN when it has none
     * @param absence why it has neither, or empty
     * @param mark a mark in front of it, or empty
     */
    private record Cell(String text, double number, String absence, String mark) {}

    private record Column(String name, String unit, Kind kind) {}

    private final String title;
    private final List<Column> columns = new ArrayList<>();
    private final List<List<Cell>> rows = new ArrayList<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<Cell> current = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param title the line above it
     */
    public Table(String title) {
        this.title = title;
    }

    /**
     * Adds a column; all columns come before the first cell.
     *
     * @param name first header line
     * @param unit second header line, or empty
     * @param kind how its cells are written
     */
    public void column(String name, String unit, Kind kind) {
        columns.add(new Column(name, unit, kind));
    }

    /**
     * Adds a cell of text.
     *
     * @param text the text; control characters are replaced, so that data cannot steer the terminal
     */
    public void text(String text) {
        add(new Cell(text.replaceAll("\\p{Cntrl}", "?"), Double.NaN, "", ""));
    }

    /**
     * Adds a cell with a number.
     *
     * @param number the number
     */
    public void number(double number) {
        add(new Cell("", number, "", ""));
    }

    /**
     * Adds a cell with a number that deserves a remark.
     *
     * @param number the number
     * @param mark stands in front of it and before the remark
     * @param remark stands below the table, once
     */
    public void number(double number, String mark, String remark) {
        notes.putIfAbsent(mark, remark);
        add(new Cell("", number, "", mark));
    }

    /**
     * Adds an empty cell.
     *
     * @param reason why it is empty; stands below the table, once
     */
    public void absent(String reason) {
        add(new Cell("", Double.NaN, reason, ""));
    }

    /**
     * Adds a line below the table, once for each mark.
     *
     * @param mark the mark it explains
     * @param remark the explanation
     */
    public void note(String mark, String remark) {
        notes.putIfAbsent(mark, remark);
    }

    private void add(Cell cell) {
        current.add(cell);
        if (current.size() == columns.size()) {
            rows.add(List.copyOf(current));
            current.clear();
        }
    }

    /**
     * Writes the table.
     *
     * @param out where to
     */
    public void print(PrintStream out) {
        Map<String, String> marks = absenceMarks();
        List<String[]> lines = new ArrayList<>();
        for (List<Cell> row : rows) {
            String[] line = new String[columns.size()];
            for (int c = 0; c < line.length; c++) {
                line[c] = write(row.get(c), columns.get(c).kind(), decimals(c), marks);
            }
            lines.add(line);
        }
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] =
                    Math.max(width(columns.get(c).name()), width(columns.get(c).unit()));
            for (String[] line : lines) {
                widths[c] = Math.max(widths[c], width(line[c]));
            }
        }
        out.println();
        out.println(title);
        out.println(joined(columns.stream().map(Column::name).toArray(String[]::new), widths));
        if (columns.stream().anyMatch(column -> !column.unit().isEmpty())) {
            out.println(joined(columns.stream().map(Column::unit).toArray(String[]::new), widths));
        }
        String[] rules = new String[widths.length];
        for (int c = 0; c < rules.length; c++) {
            rules[c] = "-".repeat(widths[c]);
        }
        out.println(joined(rules, widths));
        for (String[] line : lines) {
            out.println(joined(line, widths));
        }
        if (rows.isEmpty()) {
            out.println("(no rows)");
        }
        marks.forEach((reason, mark) -> out.println(GAP + mark + GAP + reason));
        notes.forEach((mark, remark) -> out.println(GAP + mark + GAP + remark));
    }

    /** One reason is a plain dash; several are told apart by a letter. */
    private Map<String, String> absenceMarks() {
        Map<String, String> marks = new LinkedHashMap<>();
        rows.forEach(row -> row.forEach(cell -> {
            if (!cell.absence().isEmpty()) {
                marks.putIfAbsent(cell.absence(), "-");
            }
        }));
        if (marks.size() > 1) {
            char letter = 'a';
            for (Map.Entry<String, String> mark : marks.entrySet()) {
                mark.setValue("-" + letter++);
            }
        }
        return marks;
    }

    private int decimals(int column) {
        Kind kind = columns.get(column).kind();
        double max = rows.stream()
                .mapToDouble(row -> Math.abs(row.get(column).number()))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        return switch (kind) {
            case TEXT, COUNT -> 0;
            case PERCENT -> max < 10 ? 2 : 1;
            case CHANGE -> 1;
            case MONEY -> max >= 1 || max == 0 ? 2 : 6;
            case QUANTITY -> max >= 1000 ? 0 : max >= 100 ? 1 : 2;
        };
    }

    private static String write(Cell cell, Kind kind, int decimals, Map<String, String> marks) {
        if (!cell.absence().isEmpty()) {
            return marks.getOrDefault(cell.absence(), "-");
        }
        if (Double.isNaN(cell.number())) {
            return cell.text();
        }
        String format = (kind == Kind.CHANGE ? "%+,." : "%,.") + decimals + "f";
        return cell.mark() + String.format(Locale.ROOT, format, cell.number());
    }

    private String joined(String[] cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < cells.length; c++) {
            String padding = " ".repeat(Math.max(0, widths[c] - width(cells[c])));
            line.append(GAP).append(columns.get(c).kind() == Kind.TEXT ? cells[c] + padding : padding + cells[c]);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
