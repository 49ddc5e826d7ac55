package io.budmetrics.internal.sql;

import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.Expr.Operator;
import io.budmetrics.schema.Layout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parentheses stand where the text would mean something else without them. */
class ExprRendererTest {
    private static final ExprRenderer RENDERER = new ExprRenderer(Layout.inferenceFact());

    @ParameterizedTest
    @CsvSource({
        "MINUS, MINUS, a - b - c, a - (b - c)",
        "DIVIDE, MULTIPLY, a * b / c, a / (b * c)",
        "MINUS, DIVIDE, a / b - c, a - b / c",
        "DIVIDE, MINUS, (a - b) / c, a / (b - c)",
        "AND, AND, a AND b AND c, a AND b AND c",
        "OR, OR, a OR b OR c, a OR b OR c",
        "AND, OR, (a OR b) AND c, a AND (b OR c)",
        "OR, AND, a AND b OR c, a OR b AND c",
    })
    void operatorsBindAsTheyWereMeant(Operator outer, Operator inner, String left, String right) {
        Expr a = name("a");
        Expr b = name("b");
        Expr c = name("c");

        assertThat(RENDERER.render(binary(binary(a, inner, b), outer, c))).isEqualTo(left);
        assertThat(RENDERER.render(binary(a, outer, binary(b, inner, c)))).isEqualTo(right);
    }
}
