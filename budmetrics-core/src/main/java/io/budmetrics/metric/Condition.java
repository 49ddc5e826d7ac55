package io.budmetrics.metric;

import io.budmetrics.expr.Expr;
import java.util.Map;

/** What holds of a request or does not: a filter of the package <code>query</code>, which alone implements it. */
public interface Condition {
    /**
     * The condition over logical columns. Where it is null it does not hold.
     *
     * @return an expression; values travel beside the text
     */
    Expr condition();

    /**
     * The condition as it stands in the JSON of a question.
     *
     * @return JSON values by name
     */
    Map<String, Object> json();
}
