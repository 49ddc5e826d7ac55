package io.budmetrics.filter;

import java.util.Locale;

/** The side of a bound on which a number must lie. */
public enum Side {
    /** Greater or equal. */
    AT_LEAST,
    /** Greater. */
    ABOVE,
    /** Less or equal. */
    AT_MOST,
    /** Less. */
    BELOW;

    /**
     * Returns the name in JSON.
     *
     * @return such as <code>at_least</code>
     */
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
