package io.budmetrics.schema;

import static io.budmetrics.internal.expr.Expr.Operator.DIVIDE;
import static io.budmetrics.internal.expr.Expr.Operator.MULTIPLY;
import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.number;
import static io.budmetrics.internal.expr.SqlFunction.ASSUME_NOT_NULL;
import static io.budmetrics.internal.expr.SqlFunction.ROUND;
import static io.budmetrics.internal.expr.SqlFunction.TO_NULLABLE;
import static io.budmetrics.internal.expr.SqlFunction.TO_STRING;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.Identifier;
import io.budmetrics.internal.layout.ColumnKind;
import io.budmetrics.internal.layout.LayoutSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Builder for a {@link Layout} over an existing table: it maps each logical column to columns of the table. Questions that
 * need a column that is not mapped are refused, and the error names it. Every method changes this builder and returns it;
 * not thread-safe.
 */
public final class LayoutBuilder {
    private static final String WIDE_DECIMAL = "Nullable(Decimal(38, 12))";

    private final String name;
    private final String database;
    private final Identifier table;
    private final List<LayoutSource> joined = new ArrayList<>();
    private final Map<String, Expr> columns = new LinkedHashMap<>();
    private final List<LayoutSource.Read> reads = new ArrayList<>();
    private final List<LayoutSource.Fill> fills = new ArrayList<>();
    private final List<LayoutSource.Fill> otherFills = new ArrayList<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private final String source;
    private boolean withFinal;
    private List<Identifier> keys = List.of();
    private List<Identifier> newestBy = List.of();

    LayoutBuilder(String name) {
        this(Layout.FIRST, name);
    }

    private LayoutBuilder(String source, String name) {
        Objects.requireNonNull(name, "name is null");
        int dot = name.indexOf('.');
        this.name = name;
        this.source = source;
        this.database = dot < 0 ? "" : new Identifier(name.substring(0, dot)).name();
        this.table = new Identifier(name.substring(dot + 1));
        if (table.name().indexOf('.') >= 0) {
            throw BudMetricsException.invalidConfiguration(
                    "the name of the table of a layout has two dots; give database.table, or a view without dots in"
                            + " its name");
        }
    }

    /**
     * Maps a logical column to a column of the table that has the same unit.
     *
     * @param logical a constant of {@link InferenceFact}
     * @param stored the name of the table's column
     * @return this builder
     * @throws BudMetricsException INVALID_CONFIGURATION as {@link #column(Column, StoredColumn)} says
     */
    @CanIgnoreReturnValue
    public LayoutBuilder column(Column logical, String stored) {
        return column(logical, StoredColumn.of(stored));
    }

    /**
     * Maps a logical column to a column of the table and a conversion. A row whose arrival time is null is in no bucket.
     *
     * @param logical a constant of {@link InferenceFact}
     * @param stored such as <code>StoredColumn.of("latency_ms").times(1000)</code>
     * @return this builder
     * @throws BudMetricsException INVALID_CONFIGURATION when it is mapped already, is none of {@link InferenceFact}, or a
     *     text, time, flag or id is scaled
     */
    @CanIgnoreReturnValue
    public LayoutBuilder column(Column logical, StoredColumn stored) {
        Objects.requireNonNull(stored, "stored is null");
        requireNew(logical);
        ColumnKind kind = kind(logical);
        if (kind != ColumnKind.NUMBER && (stored.times() != 1 || stored.over() != 1)) {
            throw BudMetricsException.invalidConfiguration(
                    logical.name() + " of a layout is scaled but not a number; leave times and dividedBy out");
        }
        columns.put(logical.name(), adapted(logical, kind, stored.in(source)));
        for (Identifier read : stored.columns()) {
            reads.add(new LayoutSource.Read(read, logical.name(), stored.expected(kind)));
        }
        Identifier main = stored.columns().get(0);
        fills.add(new LayoutSource.Fill(main, logical.name(), stored.value(), stored.times(), stored.over()));
        stored.columns().stream().skip(1).forEach(other -> filled(other.name(), logical.name()));
        return this;
    }

    private static ColumnKind kind(Column logical) {
        return ColumnKind.of(logical.name(), logical.type());
    }

    /** The value as the type of the logical column, which may be any of its kind. */
    private static Expr adapted(Column logical, ColumnKind kind, StoredColumn stored) {
        Expr value = stored.value();
        String type = logical.type();
        return switch (kind) {
            case TIME -> new Expr.Cast(logical.nullable() ? value : call(ASSUME_NOT_NULL, value), type, false);
            case FLAG -> new Expr.Cast(value, type, false);
            case NUMBER -> numeric(type, stored);
            case ADDRESS -> new Expr.Cast(value, type, false);
            default -> logical.nullable() ? call(TO_NULLABLE, value) : value;
        };
    }

    private static Expr numeric(String type, StoredColumn stored) {
        boolean scaled = stored.times() != 1 || stored.over() != 1;
        if (type.contains("Decimal")) {
            // a floating-point number is what its digits say: 0.29, not a little less
            Expr digits = call(TO_STRING, stored.value());
            return scaled
                    ? new Expr.Cast(scaled(new Expr.Cast(digits, WIDE_DECIMAL, false), stored), type, false)
                    : new Expr.Cast(digits, type, false);
        }
        Expr value = scaled(stored.value(), stored);
        boolean rounded = type.contains("Int") && (scaled || type.equals("Nullable(Int64)"));
        Expr whole = rounded ? call(ROUND, value) : value;
        // an exact cast looks at what lies under a null too, so it must not fail
        return new Expr.Cast(whole, type, type.contains("Int"));
    }

    private static Expr scaled(Expr value, StoredColumn stored) {
        Expr times = stored.times() == 1 ? value : binary(value, MULTIPLY, number(stored.times()));
        return stored.over() == 1 ? times : binary(times, DIVIDE, number(stored.over()));
    }

    /**
     * Maps a logical column to a UUID that is the same for every request, such as the project of a table with one project.
     *
     * @param logical a constant of {@link InferenceFact} that is a UUID
     * @param value the value
     * @return this builder
     * @throws BudMetricsException INVALID_CONFIGURATION when it is mapped already, or is no UUID
     */
    @CanIgnoreReturnValue
    public LayoutBuilder constant(Column logical, UUID value) {
        Objects.requireNonNull(value, "value is null");
        return constant(logical, ColumnKind.UUID, new Expr.Text(value.toString()));
    }

    /**
     * Maps a logical column to a text that is the same for every request, such as the provider of a table with one provider.
     *
     * @param logical a constant of {@link InferenceFact} that is a text
     * @param value 0 to 128 of letters, digits, spaces and <code>_ . , : / + -</code>
     * @return this builder
     * @throws BudMetricsException INVALID_CONFIGURATION when it is mapped already, is no text, or the value is any other
     *     text
     */
    @CanIgnoreReturnValue
    public LayoutBuilder constant(Column logical, String value) {
        Objects.requireNonNull(value, "value is null");
        return constant(logical, ColumnKind.TEXT, new Expr.Text(value));
    }

    private LayoutBuilder constant(Column logical, ColumnKind kind, Expr value) {
        requireNew(logical);
        if (kind(logical) != kind) {
            throw BudMetricsException.invalidConfiguration("the constant for " + logical.name() + " of a layout is "
                    + kind.words() + "; give one that is " + kind(logical).words());
        }
        columns.put(logical.name(), new Expr.Cast(value, logical.type(), false));
        return this;
    }

    /**
     * Declares logical columns unknown, so that they are null for every request: for example a flag that is not recorded,
     * or the prompt if no request was made through one. Questions may look at them, as the time to first token looks at
     * whether an answer was streamed; a question that is about one is refused, and the error names it.
     *
     * @param logical constants of {@link InferenceFact}, not the arrival time
     * @return this builder
     * @throws BudMetricsException INVALID_CONFIGURATION when one is mapped already, or cannot be null
     */
    @CanIgnoreReturnValue
    public LayoutBuilder unknown(Column... logical) {
        for (Column column : logical) {
            requireNew(column);
            if (!column.nullable()) {
                throw BudMetricsException.invalidConfiguration(
                        column.name() + " of a layout is unknown and never null; map it to a column of the table");
            }
            unknown.add(column.name());
        }
        return this;
    }

    private void requireNew(Column logical) {
        Objects.requireNonNull(logical, "logical is null");
        if (!InferenceFact.columns().contains(logical)) {
            throw BudMetricsException.invalidConfiguration("the logical column " + logical.name()
                    + " of a layout is not a column of InferenceFact; give one of its constants");
        }
        if (columns.containsKey(logical.name()) || unknown.contains(logical.name())) {
            throw BudMetricsException.invalidConfiguration(
                    logical.name() + " of a layout is mapped twice; give one column, or unknown(), once");
        }
    }

    /**
     * Reads the table with FINAL, so that rows of a <code>ReplacingMergeTree</code> with the same key count once, before and
     * after a merge.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public LayoutBuilder withFinal() {
        withFinal = true;
        return this;
    }

    /** A column that holds something of a request, unless it is read for something else. */
    @CanIgnoreReturnValue
    LayoutBuilder filled(String column, String logical) {
        Identifier stored = new Identifier(column);
        otherFills.add(new LayoutSource.Fill(stored, logical, new Expr.Stored(source, stored), 1, 1));
        return this;
    }

    /** Counts only the newest of the rows that have these columns in common. */
    @CanIgnoreReturnValue
    LayoutBuilder newestOf(List<String> newKeys, String... by) {
        keys = newKeys.stream().map(Identifier::new).toList();
        newestBy = List.of(by).stream().map(Identifier::new).toList();
        return this;
    }

    /** A table that is joined, by one key that both have, when a question needs it; its columns may be null of any request. */
    static LayoutBuilder joined(String source, String table) {
        return new LayoutBuilder(source, table);
    }

    @CanIgnoreReturnValue
    LayoutBuilder join(LayoutBuilder other) {
        joined.add(other.source());
        return this;
    }

    private LayoutSource source() {
        Set<Identifier> filled = new HashSet<>();
        fills.forEach(fill -> filled.add(fill.column()));
        List<LayoutSource.Fill> all = new ArrayList<>(fills);
        otherFills.stream().filter(fill -> filled.add(fill.column())).forEach(all::add);
        return new LayoutSource(source, database, table, withFinal, keys, newestBy, columns, reads, all);
    }

    /**
     * Returns the layout.
     *
     * @return the layout
     * @throws BudMetricsException INVALID_CONFIGURATION when the arrival time is not mapped
     */
    public Layout build() {
        if (!columns.containsKey(InferenceFact.REQUEST_ARRIVAL_TIME.name())) {
            throw BudMetricsException.invalidConfiguration("request_arrival_time of the layout of " + name
                    + " is not mapped; give the column that says when a request arrived");
        }
        List<LayoutSource> sources = new ArrayList<>();
        sources.add(source());
        sources.addAll(joined);
        return new Layout(name, sources, unknown, false);
    }
}
