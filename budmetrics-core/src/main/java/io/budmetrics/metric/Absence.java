package io.budmetrics.metric;

/** Why a cell has no value. */
public enum Absence {
    /** No request arrived. */
    NO_TRAFFIC,
    /** Requests arrived, none of them measured. */
    NOT_MEASURED,
    /** Measured, but the formula has no answer, such as a quotient over a sum of zero. */
    UNDEFINED,
    /** Fewer samples than the question demands. */
    TOO_FEW
}
