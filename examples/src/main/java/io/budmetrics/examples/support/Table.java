package io.budmetrics.examples.support;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
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
     * @param text its content when it is text
     * @param number its number, NaN when it has none
     * @param absence why it has neither, or empty
     * @param mark a mark in front of it, or empty
     */
    private record Cell(String text, double number, String absence, String mark) {}

    private record Column(String family, String name, String unit, Kind kind) {}

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
        column("", name, unit, kind);
    }

    /**
     * Adds a column that shares a heading with its neighbours of the same family.
     *
     * @param family the shared heading, or empty
     * @param name the line below it
     * @param unit the line below that, or empty
     * @param kind how its cells are written
     */
    public void column(String family, String name, String unit, Kind kind) {
        columns.add(new Column(family, name, unit, kind));
    }

    /**
     * Adds a cell of text.
     *
     * @param text the text; characters that could steer the terminal or cannot be seen are escaped
     */
    public void text(String text) {
        add(new Cell(SafeText.printable(text), Double.NaN, "", ""));
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
     * @param mark is printed in front of it and before the remark
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
        int[] widths = widths(lines);
        List<Heading> headings = headings(widths);
        out.println();
        out.println(title);
        for (int line = headingLines(headings) - 1; line >= 0; line--) {
            out.println(headingLine(headings, line, widths));
        }
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
            out.println(GAP + "(no requests)");
        }
        marks.forEach((reason, mark) -> out.println(GAP + mark + GAP + reason));
        notes.forEach((mark, remark) -> out.println(GAP + mark + GAP + remark));
    }

    /** Each column as wide as its widest cell, unit and word of the name, and its share of the family's longest word. */
    private int[] widths(List<String[]> lines) {
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            Column column = columns.get(c);
            widths[c] = width(column.unit());
            for (String[] line : lines) {
                widths[c] = Math.max(widths[c], width(line[c]));
            }
            int own = widths[c];
            int room = column.family().isEmpty() ? Math.max(own, HEAD_WIDTH) : Integer.MAX_VALUE;
            widths[c] =
                    wrapped(column.name(), room).stream().mapToInt(Table::width).reduce(own, Math::max);
        }
        for (int c = 0; c < widths.length; c = endOfFamily(c)) {
            String family = columns.get(c).family();
            int missing = wrapped(family, HEAD_WIDTH).stream()
                            .mapToInt(Table::width)
                            .max()
                            .orElse(0)
                    - spanWidth(c, endOfFamily(c), widths);
            widths[c] += Math.max(0, missing);
        }
        return widths;
    }

    /** Lines above one or several columns, the lowest first. */
    private record Heading(int first, int end, List<String> lines) {}

    private List<Heading> headings(int[] widths) {
        List<Heading> headings = new ArrayList<>();
        for (int c = 0; c < widths.length; c = endOfFamily(c)) {
            int end = endOfFamily(c);
            Column column = columns.get(c);
            List<String> lines = new ArrayList<>(
                    column.family().isEmpty()
                            ? wrapped(column.name(), Math.max(widths[c], HEAD_WIDTH))
                            : wrapped(column.family(), spanWidth(c, end, widths)));
            Collections.reverse(lines);
            headings.add(new Heading(c, end, lines));
        }
        return headings;
    }

    private int headingLines(List<Heading> headings) {
        return headings.stream()
                .mapToInt(heading -> heading.lines().size() + (hasFamily(heading) ? 1 : 0))
                .max()
                .orElse(0);
    }

    private boolean hasFamily(Heading heading) {
        return !columns.get(heading.first()).family().isEmpty();
    }

    /** A line of the headings, counted from below: members stand on line 0, their family above them. */
    private String headingLine(List<Heading> headings, int number, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (Heading heading : headings) {
            if (hasFamily(heading) && number == 0) {
                for (int c = heading.first(); c < heading.end(); c++) {
                    line.append(GAP).append(padded(columns.get(c).name(), widths[c], false));
                }
                continue;
            }
            int at = hasFamily(heading) ? number - 1 : number;
            String text = at < heading.lines().size() ? heading.lines().get(at) : "";
            int width = spanWidth(heading.first(), heading.end(), widths);
            boolean left = columns.get(heading.first()).kind() == Kind.TEXT;
            // a heading of several columns is centred over them
            int behind = heading.end() - heading.first() > 1 ? (width - width(text)) / 2 : 0;
            line.append(GAP).append(padded(text + " ".repeat(Math.max(0, behind)), width, left));
        }
        return line.toString().stripTrailing();
    }

    private int endOfFamily(int first) {
        int end = first + 1;
        String family = columns.get(first).family();
        while (!family.isEmpty()
                && end < columns.size()
                && columns.get(end).family().equals(family)) {
            end++;
        }
        return end;
    }

    private static int spanWidth(int first, int end, int[] widths) {
        int width = GAP.length() * (end - first - 1);
        for (int c = first; c < end; c++) {
            width += widths[c];
        }
        return width;
    }

    private static List<String> wrapped(String text, int room) {
        List<String> lines = new ArrayList<>();
        for (String word : text.split(" ", -1)) {
            int last = lines.size() - 1;
            if (last >= 0 && width(lines.get(last)) + 1 + width(word) <= room) {
                lines.set(last, lines.get(last) + " " + word);
            } else {
                lines.add(word);
            }
        }
        return lines;
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
            line.append(GAP).append(padded(cells[c], widths[c], columns.get(c).kind() == Kind.TEXT));
        }
        return line.toString().stripTrailing();
    }

    private static String padded(String text, int width, boolean left) {
        String padding = " ".repeat(Math.max(0, width - width(text)));
        return left ? text + padding : padding + text;
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
