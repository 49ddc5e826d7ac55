package io.budmetrics.clickhouse.synthetic;

import java.util.UUID;

/**
 * Random numbers that are the same on every JVM: SplitMix64, and transformations of plain arithmetic and StrictMath
 * only. The JDK's own generators do not promise their algorithm. Not safe for use by several threads at a time.
 */
final class Randomness {
    private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    Randomness(long seed) {
        state = seed;
    }

    long nextLong() {
        state += GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    /** Above 0 and below 1. */
    double unit() {
        return ((nextLong() >>> 12) + 0.5) * 0x1p-52;
    }

    boolean chance(double probability) {
        return unit() < probability;
    }

    /** From 0 to bound - 1. */
    int below(int bound) {
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }

    double between(double least, double greatest) {
        return least + (greatest - least) * unit();
    }

    /** A position, each as often as its weight says. */
    int pick(Weights weights) {
        return weights.at(unit());
    }

    /** The position in a rising list of cumulative weights. */
    int pick(double[] cumulative) {
        double x = unit() * cumulative[cumulative.length - 1];
        int i = 0;
        while (i < cumulative.length - 1 && x >= cumulative[i]) {
            i++;
        }
        return i;
    }

    double logNormal(double median, double sigma) {
        return median * StrictMath.exp(sigma * gaussian());
    }

    /** At least scale; the smaller the shape, the heavier the tail. */
    double pareto(double scale, double shape) {
        return scale * StrictMath.exp(-StrictMath.log(unit()) / shape);
    }

    UUID uuid() {
        return new UUID(
                (nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L, (nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | (1L << 63));
    }

    /** A version 7 id: the milliseconds stand first. */
    UUID uuidAt(long epochMicros) {
        long random = nextLong();
        return new UUID(
                ((epochMicros / 1_000) << 16) | 0x7000L | (random >>> 52),
                (nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | (1L << 63));
    }

    /** The inverse of the normal distribution by Acklam's rational approximation, good to 9 digits. */
    double gaussian() {
        double p = unit();
        if (p < 0.02425) {
            return tail(p);
        }
        if (p > 1 - 0.02425) {
            return -tail(1 - p);
        }
        double q = p - 0.5;
        double r = q * q;
        return (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
                                        - 30.66479806614716)
                                * r
                        + 2.506628277459239)
                * q
                / (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
                                        - 13.28068155288572)
                                * r
                        + 1);
    }

    private static double tail(double p) {
        double q = Math.sqrt(-2 * StrictMath.log(p));
        return (((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734)
                                                * q
                                        + 4.374664141464968)
                                * q
                        + 2.938163982698783)
                / ((((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416)
                                * q
                        + 1);
    }
}
