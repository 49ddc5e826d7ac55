package io.budmetrics.metric;

import static io.budmetrics.metric.Parameters.micros;
import static io.budmetrics.metric.Parameters.requireLimit;

import io.budmetrics.error.BudMetricsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a good request keeps, all of them, for {@link Metrics#goodput} and {@link Metrics#sloAttainment}.
 * {@link MlPerf} has presets. Immutable, compared by value.
 *
 * <p>A request that failed is bad. Blocked requests do not count; with a limit on the first token or on the time per token,
 * requests marked as not streamed do not count either. Of the others a request is bad as soon as one limit is known to be
 * missed, good when all are known to be kept, and outside the denominator where neither is known. Below two output
 * tokens the limit on the time per token is kept, since there is no time between tokens.
 *
 * @param label its name; empty to be named after the limits
 * @param ttft the longest time to first token
 * @param tpot the longest mean time per output token
 * @param latency the longest end-to-end latency
 * @param success whether it must be known that the request succeeded
 */
public record ServiceLevel(
        Optional<String> label,
        Optional<Duration> ttft,
        Optional<Duration> tpot,
        Optional<Duration> latency,
        boolean success) {
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_]{0,39}");
    private static final Builder START = new Builder(null, null, null, null, false);

    public ServiceLevel {
        Objects.requireNonNull(label, "label is null");
        Objects.requireNonNull(ttft, "ttft is null");
        Objects.requireNonNull(tpot, "tpot is null");
        Objects.requireNonNull(latency, "latency is null");
        if (label.isPresent() && !LABEL.matcher(label.get()).matches()) {
            throw BudMetricsException.invalidQuery(
                    "name of a service level is not an identifier; give at most 40 lower-case letters, digits and underscores");
        }
        ttft.ifPresent(limit -> requireLimit("ttft", limit));
        tpot.ifPresent(limit -> requireLimit("tpot", limit));
        latency.ifPresent(limit -> requireLimit("latency", limit));
        if (ttft.isEmpty() && tpot.isEmpty() && latency.isEmpty() && !success) {
            throw BudMetricsException.invalidQuery(
                    "a service level has no limit; give at least one of ttft, tpot, latency and success");
        }
    }

    /**
     * Starts a service level, which needs at least one limit.
     *
     * @return a builder without limits
     */
    public static Builder builder() {
        return START;
    }

    /** Such as <code>chat</code> or <code>ttft_450ms_tpot_40ms</code>. */
    String key() {
        return label.orElseGet(this::limits);
    }

    /** The limits as a generated name, for an alias: the caller's name is in no statement. */
    String limits() {
        List<String> limits = new ArrayList<>();
        ttft.ifPresent(limit -> limits.add("ttft_" + Parameters.text(limit)));
        tpot.ifPresent(limit -> limits.add("tpot_" + Parameters.text(limit)));
        latency.ifPresent(limit -> limits.add("latency_" + Parameters.text(limit)));
        if (success) {
            limits.add("success");
        }
        return String.join("_", limits);
    }

    boolean streamedOnly() {
        return ttft.isPresent() || tpot.isPresent();
    }

    Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        label.ifPresent(value -> parameters.put("name", value));
        ttft.ifPresent(limit -> parameters.put("ttft_us", micros(limit)));
        tpot.ifPresent(limit -> parameters.put("tpot_us", micros(limit)));
        latency.ifPresent(limit -> parameters.put("latency_us", micros(limit)));
        if (success) {
            parameters.put("success", true);
        }
        return parameters;
    }

    static ServiceLevel of(Parameters parameters) {
        return new ServiceLevel(
                parameters.text("name"),
                parameters.duration("ttft_us"),
                parameters.duration("tpot_us"),
                parameters.duration("latency_us"),
                parameters.flag("success"));
    }

    /** Builds a {@link ServiceLevel}. A value: every call returns a new builder and leaves the old one as it was. */
    public static final class Builder {
        private final @Nullable String label;
        private final @Nullable Duration ttft;
        private final @Nullable Duration tpot;
        private final @Nullable Duration latency;
        private final boolean success;

        private Builder(
                @Nullable String label,
                @Nullable Duration ttft,
                @Nullable Duration tpot,
                @Nullable Duration latency,
                boolean success) {
            this.label = label;
            this.ttft = ttft;
            this.tpot = tpot;
            this.latency = latency;
            this.success = success;
        }

        /**
         * Names the service level in the names of its metrics, which otherwise list the limits.
         *
         * @param name lower-case letters, digits and underscores, at most 40
         * @return a new builder
         */
        public Builder named(String name) {
            return new Builder(Objects.requireNonNull(name, "name is null"), ttft, tpot, latency, success);
        }

        /**
         * Limits the time to first token.
         *
         * @param limit a microsecond to a day, in whole microseconds
         * @return a new builder
         */
        public Builder ttft(Duration limit) {
            return new Builder(label, Objects.requireNonNull(limit, "limit is null"), tpot, latency, success);
        }

        /**
         * Limits the mean time per output token.
         *
         * @param limit a microsecond to a day, in whole microseconds
         * @return a new builder
         */
        public Builder tpot(Duration limit) {
            return new Builder(label, ttft, Objects.requireNonNull(limit, "limit is null"), latency, success);
        }

        /**
         * Limits the end-to-end latency.
         *
         * @param limit a microsecond to a day, in whole microseconds
         * @return a new builder
         */
        public Builder latency(Duration limit) {
            return new Builder(label, ttft, tpot, Objects.requireNonNull(limit, "limit is null"), success);
        }

        /**
         * Requires that the request is known to have succeeded; one that failed is bad in any case.
         *
         * @return a new builder
         */
        public Builder success() {
            return new Builder(label, ttft, tpot, latency, true);
        }

        /**
         * Builds the service level.
         *
         * @return the service level
         * @throws BudMetricsException INVALID_QUERY when it has no limit, a limit outside its range, or a bad name
         */
        public ServiceLevel build() {
            return new ServiceLevel(
                    Optional.ofNullable(label),
                    Optional.ofNullable(ttft),
                    Optional.ofNullable(tpot),
                    Optional.ofNullable(latency),
                    success);
        }
    }
}
