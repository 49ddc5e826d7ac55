package io.budmetrics.internal.sql;

import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.schema.Layout;
import io.budmetrics.sql.SqlParameter;
import java.util.List;
import java.util.Map;

/** Writes an expression for a layout. */
public final class ExprRenderer {
    /** Looser than every operator. */
    private static final int LOOSEST = Integer.MAX_VALUE;

    private final Layout layout;
    private final Map<Expr.Stored, String> stored;
    private final Values values;

    /** Where the values of callers go. */
    public interface Values {
        /** What refers to it in the text. */
        SqlParameter place(Expr.Value value);
    }

    public ExprRenderer(Layout layout) {
        this(layout, Map.of());
    }

    /** Writes some of the columns that lie at the server as it is told to. */
    public ExprRenderer(Layout layout, Map<Expr.Stored, String> stored) {
        this(layout, stored, value -> {
            throw new IllegalStateException(value + " outside a statement");
        });
    }

    private ExprRenderer(Layout layout, Map<Expr.Stored, String> stored, Values values) {
        this.layout = layout;
        this.stored = stored;
        this.values = values;
    }

    /** The same for one statement, beside which values travel. */
    public ExprRenderer with(Values ofStatement) {
        return new ExprRenderer(layout, stored, ofStatement);
    }

    /** Computed columns stand under their names, which a WITH clause explains. */
    public String render(Expr expr) {
        StringBuilder out = new StringBuilder(64);
        write(out, expr, LOOSEST, false);
        return out.toString();
    }

    /** Computed columns are written out. */
    public String renderInline(Expr expr) {
        StringBuilder out = new StringBuilder(64);
        write(out, expr, LOOSEST, true);
        return out.toString();
    }

    private void write(StringBuilder out, Expr expr, int looseness, boolean inline) {
        if (expr instanceof Expr.Name name) {
            Expr computed = inline ? Internals.of(layout).computed().get(name.name()) : null;
            if (computed != null) {
                write(out, computed, looseness, true);
            } else {
                out.append(name.name());
            }
        } else if (expr instanceof Expr.Whole whole) {
            out.append(whole.value());
        } else if (expr instanceof Expr.Real real) {
            out.append(real.value());
        } else if (expr instanceof Expr.Nothing) {
            out.append("NULL");
        } else if (expr instanceof Expr.Stored stored) {
            String told = this.stored.get(stored);
            out.append(told == null ? SourceSql.column(stored) : told);
        } else if (expr instanceof Expr.Text text) {
            out.append('\'').append(text.value()).append('\'');
        } else if (expr instanceof Expr.Cast cast) {
            out.append(cast.exact() ? "accurateCastOrNull(" : "CAST(");
            write(out, cast.value(), LOOSEST, inline);
            String type = cast.type();
            out.append(", ")
                    .append(quoted(cast.exact() ? withoutNullable(type) : type))
                    .append(')');
        } else if (expr instanceof Expr.Value value) {
            SqlParameter placed = values.place(value);
            out.append('{')
                    .append(placed.name())
                    .append(':')
                    .append(placed.type())
                    .append('}');
        } else if (expr instanceof Expr.Call call) {
            out.append(call.function().sql());
            if (!call.levels().isEmpty()) {
                levels(out, call.levels());
            }
            arguments(out, call.arguments(), inline);
        } else if (expr instanceof Expr.Binary binary) {
            Expr.Operator operator = binary.operator();
            boolean parentheses = operator.looseness() > looseness;
            out.append(parentheses ? "(" : "");
            write(out, binary.left(), operator.looseness(), inline);
            out.append(' ').append(operator.sql()).append(' ');
            // the right operand of a division or subtraction needs parentheses at the same tightness
            write(out, binary.right(), operator.looseness() - 1, inline);
            out.append(parentheses ? ")" : "");
        } else if (expr instanceof Expr.Logical logical) {
            logical(out, logical, looseness, inline);
        } else {
            throw new IllegalStateException(
                    "no SQL is known for " + expr.getClass().getSimpleName());
        }
    }

    private void logical(StringBuilder out, Expr.Logical logical, int looseness, boolean inline) {
        Expr.Operator operator = logical.operator();
        boolean parentheses = operator.looseness() > looseness;
        out.append(parentheses ? "(" : "");
        List<Expr> operands = logical.operands();
        for (int i = 0; i < operands.size(); i++) {
            if (i > 0) {
                out.append(' ').append(operator.sql()).append(' ');
            }
            write(out, operands.get(i), operator.looseness(), inline);
        }
        out.append(parentheses ? ")" : "");
    }

    /** What becomes null where it does not fit is asked for without Nullable. */
    private static String withoutNullable(String type) {
        return type.startsWith("Nullable(") ? type.substring("Nullable(".length(), type.length() - 1) : type;
    }

    public static String quoted(String type) {
        return "'" + type.replace("'", "\\'") + "'";
    }

    private void arguments(StringBuilder out, List<Expr> arguments, boolean inline) {
        out.append('(');
        for (int i = 0; i < arguments.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            write(out, arguments.get(i), LOOSEST, inline);
        }
        out.append(')');
    }

    private static void levels(StringBuilder out, List<Double> levels) {
        out.append('(');
        for (int i = 0; i < levels.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(levels.get(i));
        }
        out.append(')');
    }
}
