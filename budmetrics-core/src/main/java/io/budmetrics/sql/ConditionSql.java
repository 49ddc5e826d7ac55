package io.budmetrics.sql;

import static io.budmetrics.expr.Expr.Function.IF_NULL;
import static io.budmetrics.expr.Expr.Function.IS_NOT_NULL;
import static io.budmetrics.expr.Expr.Function.IS_NULL;
import static io.budmetrics.expr.Expr.Function.NOT;
import static io.budmetrics.expr.Expr.Operator.AND;
import static io.budmetrics.expr.Expr.Operator.OR;
import static io.budmetrics.expr.Expr.binary;
import static io.budmetrics.expr.Expr.call;
import static io.budmetrics.expr.Expr.number;

import io.budmetrics.expr.Expr;
import io.budmetrics.expr.Expr.Operator;
import io.budmetrics.metric.Side;
import io.budmetrics.query.Dimension;
import io.budmetrics.query.Filter;
import io.budmetrics.query.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes filters as conditions. A negation is carried inwards to the comparisons, where a missing value then makes it true;
 * above them nothing tells a missing outcome from a false one, so all others stay plain comparisons of columns.
 */
final class ConditionSql {
    private static final int LONGEST_LINE = 100;

    private final ExprRenderer renderer;
    private final List<SqlParameter> parameters;
    /** How often a field has given its name to a parameter. */
    private final Map<String, Integer> uses = new HashMap<>();

    ConditionSql(ExprRenderer renderer, List<SqlParameter> parameters) {
        this.renderer = renderer;
        this.parameters = parameters;
    }

    /** Appends each filter after an AND on a line of its own. */
    void append(StringBuilder out, List<Filter> filters) {
        for (Filter filter : filters) {
            Text text = text(filter, false);
            for (Text part : text.or() || text.joined() == 0 ? List.of(text) : text.parts()) {
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

        int joined() {
            return parts.size();
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

    private Text text(Filter filter, boolean negated) {
        if (filter instanceof Filter.Not not) {
            return text(not.filter(), !negated);
        }
        if (filter instanceof Filter.All all) {
            return joined(negated, texts(all.filters(), negated));
        }
        if (filter instanceof Filter.Any any) {
            return joined(!negated, texts(any.filters(), negated));
        }
        return text(comparison(filter, negated));
    }

    private Text text(Expr expr) {
        if (expr instanceof Expr.Binary binary && (binary.operator() == AND || binary.operator() == OR)) {
            return joined(binary.operator() == OR, List.of(text(binary.left()), text(binary.right())));
        }
        return Text.leaf(renderer.renderInline(expr));
    }

    private List<Text> texts(List<Filter> filters, boolean negated) {
        return filters.stream().map(filter -> text(filter, negated)).toList();
    }

    private static Text joined(boolean or, List<Text> parts) {
        List<Text> flat = new ArrayList<>();
        for (Text part : parts) {
            flat.addAll(part.joined() > 1 && part.or() == or ? part.parts() : List.of(part));
        }
        return new Text(or, flat, "");
    }

    private Expr comparison(Filter filter, boolean negated) {
        if (filter instanceof Filter.In in) {
            return in(in, negated);
        }
        if (filter instanceof Filter.Missing missing) {
            return missing(missing.dimension(), negated);
        }
        if (filter instanceof Filter.Unmeasured unmeasured) {
            return unmeasured(unmeasured.quantity(), negated);
        }
        if (filter instanceof Filter.Bound bound) {
            return bound(bound, negated);
        }
        throw new IllegalArgumentException("no such filter: " + filter);
    }

    private Expr in(Filter.In in, boolean negated) {
        Expr column = in.dimension().value();
        SqlParameter parameter = parameter(in);
        boolean one = in.values().size() == 1;
        if (!negated) {
            return binary(column, one ? Operator.EQUAL : Operator.IN, placed(parameter));
        }
        Expr differs = binary(column, one ? Operator.NOT_EQUAL : Operator.NOT_IN, placed(parameter));
        return in.dimension().column().nullable() ? call(IF_NULL, differs, number(1)) : differs;
    }

    private static Expr missing(Dimension<?> dimension, boolean negated) {
        Expr column = dimension.value();
        if (dimension.type() != String.class) {
            return call(negated ? IS_NOT_NULL : IS_NULL, column);
        }
        // an empty text says nothing either
        Expr empty = call(Expr.Function.EMPTY, column);
        return negated ? call(Expr.Function.NOT_EMPTY, column) : call(IF_NULL, empty, number(1));
    }

    private static Expr unmeasured(Quantity<?> quantity, boolean negated) {
        Expr measured = quantity.measured().orElseGet(() -> call(IS_NOT_NULL, quantity.value()));
        if (negated) {
            return measured;
        }
        return quantity.measured().isEmpty()
                ? call(IS_NULL, quantity.value())
                : call(IF_NULL, call(NOT, measured), number(1));
    }

    private Expr bound(Filter.Bound bound, boolean negated) {
        Quantity<?> quantity = bound.quantity();
        Operator operator = operator(bound.side());
        Expr placed = placed(parameter(quantity.name(), bound.bound()));
        Expr compared = binary(quantity.value(), operator, placed);
        boolean low = operator == Operator.AT_MOST || operator == Operator.BELOW;
        Expr notNegative = binary(quantity.value(), Operator.AT_LEAST, number(0));
        // what is above a bound is not negative
        Optional<Expr> measured = quantity.measured().filter(condition -> low || !condition.equals(notNegative));
        if (!negated) {
            return measured.map(condition -> binary(condition, AND, compared)).orElse(compared);
        }
        // no comparison with what is no number is true, nor is its opposite
        boolean opposite = measured.isEmpty() && quantity.type() != Double.class;
        Expr not = opposite
                ? binary(quantity.value(), opposite(operator), placed)
                : call(
                        NOT,
                        measured.map(condition -> binary(condition, AND, compared))
                                .orElse(compared));
        return call(IF_NULL, not, number(1));
    }

    static Operator operator(Side side) {
        return switch (side) {
            case AT_LEAST -> Operator.AT_LEAST;
            case ABOVE -> Operator.ABOVE;
            case AT_MOST -> Operator.AT_MOST;
            case BELOW -> Operator.BELOW;
        };
    }

    private static Operator opposite(Operator operator) {
        return switch (operator) {
            case AT_LEAST -> Operator.BELOW;
            case ABOVE -> Operator.AT_MOST;
            case AT_MOST -> Operator.ABOVE;
            case BELOW -> Operator.AT_LEAST;
            default -> throw new IllegalArgumentException("no side: " + operator);
        };
    }

    private static Expr placed(SqlParameter parameter) {
        return new Expr.Placeholder(parameter.name(), parameter.type());
    }

    private SqlParameter parameter(Filter.In in) {
        List<?> values = in.values();
        if (values.size() == 1) {
            return parameter(in.dimension().name(), values.get(0));
        }
        String name = unused(in.dimension().name());
        Class<?> type = in.dimension().type();
        return added(
                type == UUID.class
                        ? SqlParameter.ofUuids(
                                name, values.stream().map(UUID.class::cast).toList())
                        : type == String.class
                                ? SqlParameter.ofTexts(
                                        name,
                                        values.stream().map(String.class::cast).toList())
                                : type == Boolean.class
                                        ? SqlParameter.ofFlags(
                                                name,
                                                values.stream()
                                                        .map(Boolean.class::cast)
                                                        .toList())
                                        : SqlParameter.ofWholes(
                                                name,
                                                values.stream()
                                                        .map(value -> ((Integer) value).longValue())
                                                        .toList()));
    }

    private SqlParameter parameter(String field, Object value) {
        String name = unused(field);
        if (value instanceof UUID uuid) {
            return added(SqlParameter.of(name, uuid));
        }
        if (value instanceof String text) {
            return added(SqlParameter.of(name, text));
        }
        if (value instanceof Boolean flag) {
            return added(SqlParameter.of(name, flag));
        }
        if (value instanceof Duration duration) {
            return added(SqlParameter.of(name, duration.toNanos() / 1000));
        }
        if (value instanceof BigDecimal amount) {
            return added(SqlParameter.of(name, amount));
        }
        if (value instanceof Double real) {
            return added(SqlParameter.of(name, real.doubleValue()));
        }
        return added(SqlParameter.of(name, ((Number) value).longValue()));
    }

    private SqlParameter added(SqlParameter parameter) {
        parameters.add(parameter);
        return parameter;
    }

    /** The name of the field, from its second use on with a number. */
    private String unused(String field) {
        int use = uses.merge(field, 1, Integer::sum);
        return use == 1 ? field : field + "_" + use;
    }
}
