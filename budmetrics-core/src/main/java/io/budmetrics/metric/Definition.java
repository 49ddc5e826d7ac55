package io.budmetrics.metric;

/** What the catalogue says of a metric beside how it is computed. */
record Definition(
        String name,
        String title,
        String headlineName,
        String unit,
        String formula,
        String nullRule,
        Additivity additivity,
        String standard) {
    Definition named(String newName) {
        return new Definition(newName, title, headlineName, unit, formula, nullRule, additivity, standard);
    }
}
