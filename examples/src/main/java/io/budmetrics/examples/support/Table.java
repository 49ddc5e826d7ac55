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
    private static final int HEAD_WIDTH = 14;

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
        List<String[]> heads = heads();
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            for (String[] head : heads) {
                widths[c] = Math.max(widths[c], width(head[c]));
            }
            for (String[] line : lines) {
                widths[c] = Math.max(widths[c], width(line[c]));
            }
        }
        out.println();
        out.println(title);
        for (String[] head : heads) {
            out.println(joined(head, widths));
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

    /** Long names are broken into lines, and stand on the line of the rules or of the units. */
    private List<String[]> heads() {
        List<List<String>> names = new ArrayList<>();
        for (Column column : columns) {
            List<String> lines = new ArrayList<>();
            for (String word : column.name().split(" ", -1)) {
                int last = lines.size() - 1;
                if (last >= 0 && width(lines.get(last)) + 1 + width(word) <= HEAD_WIDTH) {
                    lines.set(last, lines.get(last) + " " + word);
                } else {
                    lines.add(word);
                }
            }
            names.add(lines);
        }
        int height = names.stream().mapToInt(List::size).max().orElse(0);
        List<String[]> heads = new ArrayList<>();
        for (int line = 0; line < height; line++) {
            String[] head = new String[columns.size()];
            for (int c = 0; c < head.length; c++) {
                int at = line - (height - names.get(c).size());
                head[c] = at < 0 ? "" : names.get(c).get(at);
            }
            heads.add(head);
        }
        if (columns.stream().anyMatch(column -> !column.unit().isEmpty())) {
            heads.add(columns.stream().map(Column::unit).toArray(String[]::new));
        }
        return heads;
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
