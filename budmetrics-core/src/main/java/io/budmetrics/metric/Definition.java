package io.budmetrics.metric;

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
        Scale scale) {
    /**
     * What a ranking has, of a headline value of one.
     *
     * @param factor so much, for each microsecond of the range when it is of time
     */
    record Scale(BigDecimal factor, boolean ofTime) {
        static final Scale ONE = new Scale(BigDecimal.ONE, false);
        static final Scale PER_SECOND = new Scale(new BigDecimal("0.000001"), true);
        static final Scale OF_TIME = new Scale(BigDecimal.ONE, true);

        static Scale of(String factor) {
            return new Scale(new BigDecimal(factor), false);
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
        this(name, title, headlineName, unit, formula, nullRule, additivity, standard, Scale.ONE);
    }

    Definition named(String newName) {
        return new Definition(newName, title, headlineName, unit, formula, nullRule, additivity, standard, scale);
    }

    Definition ranked(Scale newScale) {
        return new Definition(name, title, headlineName, unit, formula, nullRule, additivity, standard, newScale);
    }
}
