package io.budmetrics.metric;

/** Why a headline value is absent. */
public enum Absence {
    /** No request arrived. */
    NO_TRAFFIC,
    /** Requests arrived, none of them measured. */
    NOT_MEASURED,
    /** Measured, but the formula has no result, such as a quotient over a sum of zero. */
    UNDEFINED,
    /** Measured, but fewer requests than the minimum sample that the question demands. */
    TOO_FEW
}
