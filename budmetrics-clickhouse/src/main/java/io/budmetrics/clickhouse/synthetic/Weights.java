package io.budmetrics.clickhouse.synthetic;

/** How often each of several things happens. Immutable. */
final class Weights {
    private final double[] cumulative;

    private Weights(double[] cumulative) {
        this.cumulative = cumulative;
    }

    static Weights of(double... weights) {
        double[] sums = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            sums[i] = sum;
        }
        return new Weights(sums);
    }

    /** The position that a number from 0 to 1 falls on. */
    int at(double unit) {
        double x = unit * cumulative[cumulative.length - 1];
        int i = 0;
        while (i < cumulative.length - 1 && x >= cumulative[i]) {
            i++;
        }
        return i;
    }
}
