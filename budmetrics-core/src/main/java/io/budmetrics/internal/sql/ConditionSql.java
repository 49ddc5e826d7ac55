package io.budmetrics.internal.sql;

import static io.budmetrics.internal.expr.Expr.Operator.OR;

import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.Expr.Operator;
import io.budmetrics.internal.filter.FilterExpr;
import java.util.ArrayList;
import java.util.List;

/** Writes filters as conditions, long ones on several lines. */
public final class ConditionSql {
    private static final int LONGEST_LINE = 100;

    private final ExprRenderer renderer;

    public ConditionSql(ExprRenderer renderer) {
        this.renderer = renderer;
    }

    /** Appends each filter after an AND on a line of its own. */
    public void append(StringBuilder out, List<Filter> filters) {
        for (Filter filter : filters) {
            Text text = text(FilterExpr.of(filter));
            for (Text part : text.or() || text.parts().isEmpty() ? List.of(text) : text.parts()) {
                out.append("\n    AND ");
                part.append(out, "    ");
            }
        }
    }

    /** Conditions with one word between them, or a single comparison. */
    private record Text(boolean or, List<Text> parts, String leaf) {
        static Text leaf(String text) {
            return new Text(false, List.of(), text);
        }

        private int length() {
            int length = leaf.length();
            for (Text part : parts) {
                length += part.length() + 6;
            }
            return length;
        }

        void append(StringBuilder out, String indent) {
            if (parts.isEmpty()) {
                out.append(leaf);
                return;
            }
            boolean lines = length() > LONGEST_LINE;
            String inner = indent + "    ";
            String word = or ? "OR " : "AND ";
            out.append('(');
            for (int i = 0; i < parts.size(); i++) {
                out.append(lines ? "\n" + inner : i == 0 ? "" : " ").append(i == 0 ? "" : word);
                parts.get(i).append(out, inner);
            }
            out.append(lines ? "\n" + indent : "").append(')');
        }
    }

    private Text text(Expr expr) {
        if (!(expr instanceof Expr.Logical logical)) {
            return Text.leaf(renderer.renderInline(expr));
        }
        List<Text> parts = new ArrayList<>(logical.operands().size());
        for (Expr operand : logical.operands()) {
            parts.add(text(operand));
        }
        return new Text(logical.operator() == OR, parts, "");
    }

    public static Operator operator(Side side) {
        return switch (side) {
            case AT_LEAST -> Operator.AT_LEAST;
            case ABOVE -> Operator.ABOVE;
            case AT_MOST -> Operator.AT_MOST;
            case BELOW -> Operator.BELOW;
        };
    }
}
