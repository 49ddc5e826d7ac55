package io.budmetrics.internal.sql;

import io.budmetrics.filter.Filter;
import java.util.List;
import java.util.Objects;

/**
 * Which requests of a range a statement is about: the question's filters, then the scope of its context, then the kind of
 * traffic. Only {@link StatementDraft#conditions} makes them, so none is without the scope.
 */
public final class Conditions {
    private final List<Filter> scope;
    /** Each condition behind an AND on a line of its own, for depth 0. */
    private final String text;

    Conditions(List<Filter> scope, String text) {
        this.scope = Objects.requireNonNull(scope);
        this.text = text;
    }

    List<Filter> scope() {
        return scope;
    }

    /** About how long they are, most of them on a line of their own. */
    int length(int depth) {
        return text.length() + 4 * depth * (2 + text.length() / 64);
    }

    void append(StringBuilder out, int depth) {
        Lines.append(out, text, depth);
    }
}
