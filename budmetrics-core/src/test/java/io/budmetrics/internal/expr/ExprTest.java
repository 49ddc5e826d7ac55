package io.budmetrics.internal.expr;

import static io.budmetrics.internal.expr.Expr.binary;
import static io.budmetrics.internal.expr.Expr.call;
import static io.budmetrics.internal.expr.Expr.name;
import static io.budmetrics.internal.expr.Expr.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.internal.expr.Expr.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Traversal and substitution of expressions. */
class ExprTest {
    private static final Expr A = name("a");
    private static final Expr B = name("b");
    private static final Expr C = name("c");

    @Test
    void transform_substitutesInEveryKindOfNode() {
        Expr expr = call(
                SqlFunction.IF,
                Expr.all(A, B, binary(A, Operator.ABOVE, number(1))),
                new Expr.Cast(A, "UInt8", false),
                Expr.nothing());

        Expr transformed = expr.transform(part -> part.equals(A) ? C : part);

        assertThat(transformed)
                .isEqualTo(call(
                        SqlFunction.IF,
                        Expr.all(C, B, binary(C, Operator.ABOVE, number(1))),
                        new Expr.Cast(C, "UInt8", false),
                        Expr.nothing()));
        assertThat(transformed.names()).containsExactly("b", "c");
    }

    @Test
    void transform_withoutSubstitution_returnsTheSameObject() {
        Expr expr = Expr.all(A, B);

        assertThat(expr.transform(part -> part)).isSameAs(expr);
    }

    @Test
    void subjects_leaveOutWhatIfNullExplains() {
        Expr expr = Expr.all(call(SqlFunction.IF_NULL, A, number(1)), B);

        assertThat(expr.subjects()).containsExactly("b");
        assertThat(expr.names()).containsExactly("a", "b");
    }

    @Test
    void logical_flattensOperandsOfItsOwnKind() {
        assertThat(binary(binary(A, Operator.AND, B), Operator.AND, C)).isEqualTo(Expr.all(A, B, C));
        assertThat(binary(binary(A, Operator.OR, B), Operator.AND, C).parts()).hasSize(2);
        assertThat(Expr.join(Operator.OR, List.of(A))).isEqualTo(A);
    }

    @Test
    void operators_belongToOneKindOfNode() {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new Expr.Binary(Operator.AND, A, B));
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Expr.Logical(Operator.PLUS, List.of(A, B)));
    }
}
