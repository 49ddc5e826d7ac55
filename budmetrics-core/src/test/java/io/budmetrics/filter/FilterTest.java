package io.budmetrics.filter;

import static io.budmetrics.filter.Dimension.CACHED;
import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.filter.Dimension.PROJECT;
import static io.budmetrics.filter.Dimension.STATUS_CODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.budmetrics.QueryBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.internal.access.Internals;
import io.budmetrics.internal.metric.Aggregate;
import io.budmetrics.metric.Metrics;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Conditions as values. */
class FilterTest {
    private static final UUID A = new UUID(1, 2);
    private static final UUID B = new UUID(3, 4);
    private static final Filter FAST = Quantity.LATENCY.below(Duration.ofSeconds(1));

    private static AnalyticsQuestion where(Filter... filters) {
        return QueryBuilder.analytics()
                .metrics(Metrics.REQUEST_COUNT)
                .since(Instant.EPOCH)
                .where(filters)
                .build();
    }

    @Test
    void equals_equivalentFilters() {
        Filter a = MODEL.is(A);
        Filter b = PROJECT.is(B);
        Filter c = CACHED.is(true);

        assertThat(MODEL.eq(A)).isEqualTo(a);
        assertThat(MODEL.anyOf(A, B)).isEqualTo(MODEL.in(A, B)).isEqualTo(MODEL.anyOf(List.of(A, B)));
        assertThat(a.not().not()).isEqualTo(a);
        assertThat(a.and(b).and(c)).isEqualTo(a.and(b, c)).isEqualTo(a.and(b.and(c)));
        assertThat(a.or(b).or(c)).isEqualTo(a.or(b, c)).isEqualTo(a.or(b.or(c)));
        assertThat(Quantity.COST.above(new BigDecimal("0.10"))).isEqualTo(Quantity.COST.above(new BigDecimal("0.1")));
        assertThat(where(a.and(b), c)).isEqualTo(where(a, b, c));
        assertThat(a.and(b).or(c)).isNotEqualTo(a.and(b.or(c)));
    }

    @Test
    void toString_hidesValues() {
        Filter filter = MODEL.in(A, B).or(FAST.and(STATUS_CODE.isMissing()), Quantity.COST.isPresent());

        assertThat(filter)
                .hasToString("(model in 2 values or (response_time below a bound and status_code is missing) or"
                        + " not (price is missing))");
    }

    @Test
    void invalidFilters_refusedWithAdvice() {
        List<ThrowingCallable> nonsense = List.of(
                () -> Quantity.LATENCY.below(Duration.ofSeconds(-1)),
                () -> Quantity.LATENCY.above(Duration.ofNanos(1)),
                () -> Quantity.LATENCY.above(Duration.ofDays(1_000_000)),
                () -> Quantity.OUTPUT_TOKENS.atLeast(-1L),
                () -> Quantity.COST.above(new BigDecimal("0.1234567890123")),
                () -> Quantity.COST.above(new BigDecimal("1e30")),
                () -> Quantity.LATITUDE.above(Double.NaN),
                () -> new Filter.Bound(Quantity.LATENCY, Side.BELOW, 5L),
                () -> new Filter.In(STATUS_CODE, List.of("500")),
                () -> new Filter.In(CACHED, List.of(1)),
                () -> new Filter.All(List.of(FAST)),
                () -> new Filter.Any(List.of()),
                () -> new Filter.Not(FAST.not()),
                () -> FAST.and(),
                () -> FAST.or(),
                () -> STATUS_CODE.in(List.of()),
                () -> where(MODEL.is(A).and(MODEL.is(B))));
        for (ThrowingCallable filter : nonsense) {
            assertThatExceptionOfType(BudMetricsException.class)
                    .isThrownBy(filter)
                    .withMessageContaining(";")
                    .withMessageNotContaining("null");
        }
    }

    @Test
    void depthConditionsAndValues_areLimited() {
        Filter deep = FAST;
        for (int i = 0; i < 9; i++) {
            deep = deep.or(CACHED.is(true)).and(CACHED.is(true));
        }
        Filter deepest = deep;
        assertThat(where(deepest.or(FAST))).isNotNull();
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> deepest.or(FAST).and(FAST).or(FAST))
                .withMessageContaining("filters are nested 21 deep; at most 20");

        Filter[] many = Stream.generate(() -> FAST).limit(199).toArray(Filter[]::new);
        assertThat(FAST.or(many)).isNotNull();
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> FAST.or(FAST).or(many))
                .withMessageContaining("filters have 201 conditions; at most 200");
        Filter large = STATUS_CODE.in(IntStream.range(0, 10_000).boxed().toList());
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> large.or(large, large, large, large, FAST))
                .withMessageContaining("filters have 50001 values; at most 50000");
        assertThatExceptionOfType(BudMetricsException.class)
                .isThrownBy(() -> where(many[0], FAST.or(many)))
                .withMessageContaining("filters have 201 conditions");
    }

    @Test
    void aliasesAndParameterNames_areUnique() {
        List<String> taken = new ArrayList<>(
                InferenceFact.columns().stream().map(Column::name).toList());
        Metrics.all()
                .forEach(metric -> taken.addAll(Internals.of(metric).aggregates().stream()
                        .map(Aggregate::alias)
                        .toList()));
        taken.addAll(List.of("bucket", "request_count", "is_others", "part", "group_rank", "slot", "started", "ended"));
        List<String> fields = Stream.concat(
                        Dimension.all().stream().map(Dimension::name),
                        Quantity.all().stream().map(Quantity::name))
                .toList();

        assertThat(Dimension.all())
                .extracting(dimension -> Internals.of(dimension).alias())
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(taken);
        assertThat(fields)
                .doesNotHaveDuplicates()
                .allMatch(name -> !name.matches(".*_[0-9]+"))
                .doesNotContain("all", "any", "not", "from", "to", "before_from", "bucket_start", "look_back_from");
    }

    @Test
    void everyField_isInTheGuide() throws Exception {
        String guide = Files.readString(Path.of("../docs/questions.md"));

        assertThat(Stream.concat(
                        Dimension.all().stream().map(Dimension::name),
                        Quantity.all().stream().map(Quantity::name)))
                .allMatch(name -> guide.contains("`" + name + "`"));
    }
}
