package io.budmetrics.metric;

import io.budmetrics.metric.Metric.Additivity;
import java.math.BigDecimal;

/** What the catalogue says of a metric beside how it is computed. */
record Definition(
        String name,
        String title,
        String headlineName,
        String unit,
        String formula,
        String nullRule,
        Additivity additivity,
        String standard,
        Scale scale,
        Kind kind) {
    /** What number the headline value is. */
    enum Kind {
        /** A count, or a sum of counts. */
        WHOLE,
        /** An amount with the decimals of the column. */
        AMOUNT,
        /** An amount over something, with 24 decimals. */
        QUOTIENT,
        /** A floating-point number. */
        REAL
    }

    /**
     * What a ranking has, of a headline value of one.
     *
     * @param factor so much
     * @param ofTime how often it is multiplied by the microseconds of the range
     */
    record Scale(BigDecimal factor, int ofTime) {
        static final Scale ONE = new Scale(BigDecimal.ONE, 0);
        static final Scale PER_SECOND = new Scale(new BigDecimal("0.000001"), 1);
        static final Scale OF_TIME = new Scale(BigDecimal.ONE, 1);

        static Scale of(String factor) {
            return new Scale(new BigDecimal(factor), 0);
        }

        /** Of one value over another; all factors are powers of ten. */
        Scale over(Scale other) {
            return new Scale(factor.divide(other.factor), ofTime - other.ofTime);
        }

        boolean sameAs(Scale other) {
            return factor.compareTo(other.factor) == 0 && ofTime == other.ofTime;
        }
    }

    Definition(
            String name,
            String title,
            String headlineName,
            String unit,
            String formula,
            String nullRule,
            Additivity additivity,
            String standard) {
        this(name, title, headlineName, unit, formula, nullRule, additivity, standard, Scale.ONE, Kind.REAL);
    }

    Definition ranked(Scale newScale) {
        return new Definition(name, title, headlineName, unit, formula, nullRule, additivity, standard, newScale, kind);
    }

    Definition of(Kind newKind) {
        return new Definition(name, title, headlineName, unit, formula, nullRule, additivity, standard, scale, newKind);
    }
}
