package io.budmetrics.analytics;

import io.budmetrics.SeededQuestions;
import io.budmetrics.filter.Dimension;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.expr.Expr;
import io.budmetrics.internal.expr.SqlFunction;
import io.budmetrics.internal.expr.ValueType;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Metric;
import io.budmetrics.time.BucketAxis;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A result that a server could send for a question. The same seed gives the same result. */
final class SeededColumns {
    /** Counts, and what they are parts of, in the order of their making. */
    private static final Map<String, String> PARTS = new LinkedHashMap<>();

    /** Sums, and what counts their samples. */
    private static final Map<String, String> SUMS = new LinkedHashMap<>();

    static {
        PARTS.put("success_count", "success_known");
        PARTS.put("failure_count", "success_known");
        PARTS.put("blocked_count", "blocked_known");
        PARTS.put("cache_hits", "cache_known");
        PARTS.put("cache_hits_measured", "cache_hits");
        for (String tokens : List.of("input_token", "output_token", "total_token", "reasoning_token", "cost")) {
            SUMS.put(tokens + "_sum", tokens + "_known");
        }
        for (String own : List.of("own_own_money", "own_streamed_time", "own_all_time")) {
            SUMS.put(own + "_sum", own + "_known");
        }
        SUMS.put("user_estimate", "user_known");
        SUMS.put("throughput_tokens", "throughput_measured");
        SUMS.put("throughput_time", "throughput_measured");
        SUMS.put("cache_hits_time", "cache_hits_measured");
    }

    private final AnalyticsQuestion question;
    private final BucketAxis axis;
    private final Random random;
    private final List<String> names = new ArrayList<>();
    private final List<Aggregate> aggregates = new ArrayList<>();
    private final boolean inFlight;

    private SeededColumns(AnalyticsQuestion question, long seed) {
        this.question = question;
        this.axis = BucketAxis.of(question.range(), question.frequency());
        this.random = new Random(seed);
        question.groupBy()
                .forEach(dimension -> names.add(Internals.of(dimension).alias()));
        names.add("bucket");
        names.add("request_count");
        names.add("is_others");
        names.add("part");
        names.add("totals");
        names.add("compared");
        for (Metric<?> metric : question.metrics()) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                if (!names.contains(aggregate.alias())) {
                    names.add(aggregate.alias());
                    aggregates.add(aggregate);
                }
            }
        }
        inFlight = aggregates.stream().anyMatch(SeededColumns::inFlight);
    }

    static RowColumns of(AnalyticsQuestion question, long seed) {
        return new SeededColumns(question, seed).columns();
    }

    private static boolean inFlight(Aggregate aggregate) {
        return aggregate.population() == Aggregate.Population.IN_FLIGHT;
    }

    private RowColumns columns() {
        RowColumns columns = new RowColumns(names.toArray(String[]::new));
        Set<List<@Nullable Object>> keys = new LinkedHashSet<>();
        int wanted = question.groupBy().isEmpty()
                ? 1
                : random.nextInt(
                        1 + Math.min(5, question.top().map(top -> top.size()).orElse(5)));
        // a flag has few values
        for (int attempt = 0; attempt < 2 * wanted; attempt++) {
            if (keys.size() < wanted) {
                keys.add(key());
            }
        }
        for (List<@Nullable Object> key : keys) {
            rows(columns, key, false);
        }
        if (question.top().isPresent() && random.nextBoolean()) {
            List<@Nullable Object> none = new ArrayList<>();
            question.groupBy().forEach(dimension -> none.add(null));
            rows(columns, none, true);
        }
        if (question.withTotals() && !question.groupBy().isEmpty()) {
            List<@Nullable Object> none = new ArrayList<>();
            question.groupBy().forEach(dimension -> none.add(null));
            rows(columns, none, true, 2);
        }
        return columns;
    }

    private List<@Nullable Object> key() {
        List<@Nullable Object> key = new ArrayList<>();
        for (Dimension<?> dimension : question.groupBy()) {
            if (random.nextInt(4) == 0) {
                key.add(null);
            } else if (dimension.type() == UUID.class) {
                key.add(new UUID(0, random.nextInt(100)));
            } else if (!dimension.classes().isEmpty()) {
                key.add(random.nextInt(dimension.classes().size()));
            } else if (Internals.of(dimension).storedType() == ValueType.INTEGER || dimension.type() == Long.class) {
                key.add(random.nextInt(100, 600));
            } else if (dimension.type() == Boolean.class) {
                key.add(random.nextInt(2));
            } else {
                key.add(SeededQuestions.PROMPTS.get(random.nextInt(SeededQuestions.PROMPTS.size())));
            }
        }
        return key;
    }

    private void rows(RowColumns columns, List<@Nullable Object> key, boolean others) {
        rows(columns, key, others, 0);
    }

    private void rows(RowColumns columns, List<@Nullable Object> key, boolean others, int totals) {
        rows(columns, key, others, totals, axis, 0);
        question.compared()
                .ifPresent(other ->
                        rows(columns, key, others, totals, BucketAxis.of(other.range(), other.frequency()), 1));
    }

    private void rows(
            RowColumns columns,
            List<@Nullable Object> key,
            boolean others,
            int totals,
            BucketAxis ofSide,
            int compared) {
        for (int bucket = question.withDelta() ? -1 : 0; bucket < ofSide.count(); bucket++) {
            long start = ofSide.start(bucket);
            if (random.nextInt(3) > 0) {
                columns.row(row(key, others, start, 0, totals, compared, arrived()));
            }
            if (inFlight && random.nextInt(3) > 0) {
                columns.row(row(key, others, start, 1, totals, compared, running()));
            }
        }
        // a result without it would not be one of the statement; nor would the reader mind
        if (question.withTotals() && random.nextInt(10) > 0) {
            columns.row(row(key, others, 0, 0, totals + 1, compared, arrived()));
            if (inFlight) {
                columns.row(row(key, others, 0, 1, totals + 1, compared, running()));
            }
        }
    }

    private Map<String, Object> running() {
        return Map.of("concurrency_peak", random.nextLong(1, 100));
    }

    private @Nullable Object[] row(
            List<@Nullable Object> key,
            boolean others,
            long start,
            int part,
            int totals,
            int compared,
            Map<String, ?> numbers) {
        List<@Nullable Object> row = new ArrayList<>(key);
        row.add(start);
        row.add(numbers.get("request_count"));
        row.add(others ? 1 : 0);
        row.add(part);
        row.add(totals);
        row.add(compared);
        for (Aggregate aggregate : aggregates) {
            row.add(numbers.get(aggregate.alias()));
        }
        return row.toArray();
    }

    /** Counts that are parts of each other, and any sums. */
    private Map<String, Object> arrived() {
        long requests = 1 + random.nextLong(1_000);
        Map<String, Object> numbers = new HashMap<>();
        numbers.put("request_count", requests);
        for (Metric<?> metric : question.metrics()) {
            for (Aggregate aggregate : Internals.of(metric).aggregates()) {
                if (!inFlight(aggregate)) {
                    numbers.computeIfAbsent(aggregate.alias(), alias -> number(metric, aggregate, requests));
                }
            }
        }
        PARTS.forEach((alias, whole) ->
                numbers.computeIfPresent(alias, (name, any) -> part(numbers.getOrDefault(whole, requests))));
        // where nothing is known, its sum is zero
        SUMS.forEach((alias, known) -> {
            if (Objects.equals(numbers.get(known), 0L)) {
                numbers.computeIfPresent(alias, (name, any) -> 0L);
            }
        });
        for (Metric<?> metric : question.metrics()) {
            if (metric instanceof DistributionMetric sample
                    && Objects.equals(numbers.get(metric.name() + "_measured"), 0L)) {
                numbers.put(sample.name() + "_quantiles", new double[0]);
            }
        }
        return numbers;
    }

    private Object number(Metric<?> metric, Aggregate aggregate, long requests) {
        if (aggregate.array() && metric instanceof DistributionMetric sample) {
            return random.doubles(
                            (aggregate.alias().endsWith("_bounds") ? 2L : 1L)
                                    * sample.percentiles().size(),
                            0,
                            1e9)
                    .toArray();
        }
        String alias = aggregate.alias();
        if ((alias.startsWith("cost") || alias.contains("money")) && alias.endsWith("_sum")) {
            return new BigDecimal(new BigInteger(random.nextInt(1, 110), random), 12);
        }
        boolean count = aggregate.expression() instanceof Expr.Call call
                && (call.function() == SqlFunction.COUNT || call.function() == SqlFunction.COUNT_IF);
        // up to four counts are added up, and their sum is one of requests
        return count ? part(requests / 4) : random.nextLong(1L << random.nextInt(1, 53));
    }

    private long part(@Nullable Object whole) {
        long most = whole instanceof Long number ? number : 0;
        return random.nextInt(4) == 0 ? 0 : random.nextLong(most + 1);
    }
}
