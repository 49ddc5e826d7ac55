package io.budmetrics;

import static io.budmetrics.filter.Dimension.MODEL;
import static io.budmetrics.metric.Metrics.LATENCY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.budmetrics.analytics.AnalyticsAnswer;
import io.budmetrics.analytics.AnalyticsBuilder;
import io.budmetrics.analytics.AnalyticsQuestion;
import io.budmetrics.analytics.AnalyticsQuestion.MovingAverage;
import io.budmetrics.analytics.AnalyticsQuestion.TopN;
import io.budmetrics.analytics.AnswerBuilder;
import io.budmetrics.analytics.Bucket;
import io.budmetrics.analytics.BucketRows;
import io.budmetrics.analytics.Group;
import io.budmetrics.analytics.Row;
import io.budmetrics.analytics.Row.Delta;
import io.budmetrics.analytics.RowColumns;
import io.budmetrics.analytics.Series;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.filter.Dimension;
import io.budmetrics.filter.Filter;
import io.budmetrics.filter.Filter.Side;
import io.budmetrics.filter.Quantity;
import io.budmetrics.filter.TrafficSource;
import io.budmetrics.metric.AverageConcurrency;
import io.budmetrics.metric.CacheUse;
import io.budmetrics.metric.Concurrency;
import io.budmetrics.metric.Confidence;
import io.budmetrics.metric.Cost;
import io.budmetrics.metric.Derived;
import io.budmetrics.metric.DerivedMetric;
import io.budmetrics.metric.Distribution;
import io.budmetrics.metric.DistributionMetric;
import io.budmetrics.metric.Having;
import io.budmetrics.metric.Metric;
import io.budmetrics.metric.MetricValue;
import io.budmetrics.metric.Metrics;
import io.budmetrics.metric.QuantityTotal;
import io.budmetrics.metric.Rate;
import io.budmetrics.metric.ServiceLevel;
import io.budmetrics.metric.UniqueUsers;
import io.budmetrics.metric.UnitCost;
import io.budmetrics.question.SqlContext;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import io.budmetrics.schema.Layout;
import io.budmetrics.schema.LayoutBuilder;
import io.budmetrics.schema.StoredColumn;
import io.budmetrics.sql.Columns;
import io.budmetrics.sql.SqlParameter;
import io.budmetrics.sql.SqlStatement;
import io.budmetrics.time.Comparison;
import io.budmetrics.time.Frequency;
import io.budmetrics.time.TimeRange;
import java.lang.reflect.Array;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever passes null by mistake reads which argument it was, and not much later. */
class NullArgumentsTest {
    private static final UUID ID = new UUID(0, 1);
    private static final Instant MOMENT = Instant.parse("2026-01-07T09:00:00Z");
    private static final Distribution VALUE = Distribution.of(1, 1, 1, 1, 1, Map.of(0.95, 1.0, 0.99, 1.0));
    private static final AnalyticsQuestion QUESTION = QueryBuilder.analytics()
            .metrics(LATENCY)
            .between(MOMENT, MOMENT.plusSeconds(60))
            .groupBy(MODEL)
            .build();
    private static final AnalyticsAnswer ANSWER = AnalyticsAnswer.builder(QUESTION)
            .row(MOMENT, Group.of(MODEL, ID), 1)
            .build();
    private static final SqlContext COMPILER = SqlContext.of(Layout.inferenceFact());

    /** One of each kind. */
    private static final List<Filter> FILTERS = List.of(
            MODEL.is(ID),
            MODEL.isMissing(),
            Quantity.PAGES.above(1L),
            Quantity.PAGES.isMissing(),
            MODEL.isPresent(),
            MODEL.is(ID).and(MODEL.isPresent()),
            MODEL.is(ID).or(MODEL.isPresent()));

    private static final Filter.Visitor<String> VISITOR = new Filter.Visitor<>() {
        @Override
        public String visit(Filter.In filter) {
            return filter.toString();
        }

        @Override
        public String visit(Filter.Missing filter) {
            return filter.toString();
        }

        @Override
        public String visit(Filter.Bound filter) {
            return filter.toString();
        }

        @Override
        public String visit(Filter.Unmeasured filter) {
            return filter.toString();
        }

        @Override
        public String visit(Filter.Not filter) {
            return filter.toString();
        }

        @Override
        public String visit(Filter.All filter) {
            return filter.toString();
        }

        @Override
        public String visit(Filter.Any filter) {
            return filter.toString();
        }
    };

    /** A valid argument of each type. */
    private static final Map<Class<?>, Object> VALID = valid();

    private static Map<Class<?>, Object> valid() {
        Map<Class<?>, Object> valid = new HashMap<>();
        valid.put(boolean.class, true);
        valid.put(int.class, 1);
        valid.put(long.class, 1L);
        valid.put(long[].class, new long[] {1});
        valid.put(double.class, 0.5);
        valid.put(double[].class, new double[] {0.5});
        valid.put(Object.class, ID);
        valid.put(String.class, "a");
        valid.put(UUID.class, ID);
        valid.put(BigDecimal.class, BigDecimal.ONE);
        valid.put(Instant.class, MOMENT);
        valid.put(Duration.class, Duration.ofHours(1));
        valid.put(ZoneId.class, ZoneOffset.UTC);
        valid.put(Optional.class, Optional.empty());
        valid.put(OptionalDouble.class, OptionalDouble.empty());
        valid.put(OptionalLong.class, OptionalLong.empty());
        valid.put(List.class, List.of());
        valid.put(Collection.class, List.of(ID));
        valid.put(Map.class, Map.of());
        valid.put(Function.class, Function.identity());
        valid.put(Throwable.class, new IllegalStateException());
        valid.put(ErrorCode.class, ErrorCode.INVALID_QUERY);
        valid.put(Metric.class, LATENCY);
        valid.put(MetricValue.class, VALUE);
        valid.put(Dimension.class, MODEL);
        valid.put(Quantity.class, Quantity.LATENCY);
        valid.put(Filter.class, MODEL.is(ID));
        valid.put(Filter.Visitor.class, VISITOR);
        valid.put(Having.class, LATENCY.below(1));
        valid.put(Side.class, Side.BELOW);
        valid.put(DayOfWeek.class, DayOfWeek.MONDAY);
        valid.put(Confidence.class, Confidence.NINETY_FIVE_PERCENT);
        valid.put(Frequency.class, Frequency.DAY);
        valid.put(Frequency.Unit.class, Frequency.Unit.DAY);
        valid.put(TopN.class, TopN.of(1, LATENCY));
        valid.put(TrafficSource.class, TrafficSource.ALL);
        valid.put(AnalyticsQuestion.class, QUESTION);
        valid.put(Columns.class, new RowColumns());
        valid.put(Group.class, Group.of(MODEL, ID));
        valid.put(Bucket.class, ANSWER.rows().get(0).bucket());
        valid.put(java.time.Period.class, java.time.Period.ofDays(1));
        valid.put(Comparison.class, Comparison.previousRange());
        valid.put(Consumer.class, (Consumer<Object>) builder -> {});
        valid.put(Series.class, ANSWER.series().get(0));
        valid.put(SqlContext.class, COMPILER);
        valid.put(TimeRange.class, TimeRange.between(MOMENT, MOMENT.plusSeconds(60)));
        valid.put(Layout.class, Layout.inferenceFact());
        valid.put(LayoutBuilder.class, Layout.table("log"));
        valid.put(StoredColumn.class, StoredColumn.of("price"));
        valid.put(Column.class, InferenceFact.COST);
        valid.put(DistributionMetric.class, LATENCY);
        valid.put(DerivedMetric.class, Metrics.sum("a", LATENCY, LATENCY));
        valid.put(MovingAverage.class, new MovingAverage(Metrics.COST, 2));
        valid.put(Derived.class, Metrics.sum("a", LATENCY, LATENCY).value(VALUE, VALUE, 1));
        valid.put(CacheUse.class, CacheUse.of(1, 1, 1, OptionalDouble.empty()));
        valid.put(ServiceLevel.class, ServiceLevel.builder().success().build());
        return valid;
    }

    static List<Executable> executables() {
        List<Executable> executables = new ArrayList<>();
        for (Class<?> type : List.of(
                AnalyticsBuilder.class,
                AnalyticsQuestion.class,
                Dimension.class,
                Quantity.class,
                Having.class,
                Filter.class,
                Filter.In.class,
                Filter.Missing.class,
                Filter.Bound.class,
                Filter.Unmeasured.class,
                Filter.Not.class,
                Filter.All.class,
                Filter.Any.class,
                Frequency.class,
                TopN.class,
                Comparison.class,
                MovingAverage.class,
                AnalyticsAnswer.class,
                AnswerBuilder.class,
                Delta.class,
                Group.class,
                Bucket.class,
                BucketRows.class,
                Row.class,
                Series.class,
                Metrics.class,
                DerivedMetric.class,
                DistributionMetric.class,
                Distribution.class,
                AverageConcurrency.class,
                CacheUse.class,
                Concurrency.class,
                Cost.class,
                Rate.class,
                QuantityTotal.class,
                UniqueUsers.class,
                UnitCost.class,
                Layout.class,
                LayoutBuilder.class,
                StoredColumn.class,
                SqlContext.class,
                SqlParameter.class,
                SqlStatement.class)) {
            Stream.concat(Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                    .filter(executable -> Modifier.isPublic(executable.getModifiers()) && !executable.isSynthetic())
                    .filter(executable -> !nullables(executable).isEmpty())
                    .forEach(executables::add);
        }
        return executables;
    }

    /** The arguments that must not be null. */
    private static List<Integer> nullables(Executable executable) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < executable.getParameterCount(); i++) {
            if (!executable.getParameterTypes()[i].isPrimitive()
                    && !executable.getAnnotatedParameterTypes()[i].isAnnotationPresent(Nullable.class)
                    && !UNCHECKED.contains(executable.getName())) {
                positions.add(i);
            }
        }
        return positions;
    }

    /** Of every object, or between the compiler and the catalogue. */
    private static final List<String> UNCHECKED =
            List.of("equals", "read", "headline", "parse", "fields", "forStatement");

    @ParameterizedTest
    @MethodSource("executables")
    void aNullIsCalledByItsName(Executable executable) {
        for (int position : nullables(executable)) {
            assertRefused(executable, position, null);
            Class<?> type = executable.getParameterTypes()[position];
            if (type.isArray() && !type.getComponentType().isPrimitive()) {
                assertRefused(executable, position, Array.newInstance(type.getComponentType(), 1));
            }
        }
    }

    private static void assertRefused(Executable executable, int position, @Nullable Object wrong) {
        @Nullable
        Object[] arguments = Arrays.stream(executable.getParameterTypes())
                .map(NullArgumentsTest::argument)
                .toArray();
        arguments[position] = wrong;

        Throwable thrown = catchThrowable(() -> invoke(executable, arguments));

        assertThat(thrown).as("%s without argument %s", executable, position).isNotNull();
        if (!(thrown instanceof BudMetricsException)) {
            assertThat(thrown)
                    .as("%s without argument %s", executable, position)
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageMatching(".* is null");
        }
    }

    private static Object argument(Class<?> type) {
        if (type.isArray() && !type.getComponentType().isPrimitive()) {
            Object array = Array.newInstance(type.getComponentType(), 1);
            Array.set(array, 0, argument(type.getComponentType()));
            return array;
        }
        return Objects.requireNonNull(VALID.get(type), () -> "no valid " + type);
    }

    private static void invoke(Executable executable, @Nullable Object[] arguments) throws Throwable {
        try {
            if (executable instanceof Method method) {
                method.invoke(Modifier.isStatic(method.getModifiers()) ? null : instance(method), arguments);
            } else {
                ((java.lang.reflect.Constructor<?>) executable).newInstance(arguments);
            }
        } catch (InvocationTargetException thrown) {
            throw thrown.getTargetException();
        }
    }

    private static Object instance(Method method) {
        Map<Class<?>, Object> instances = Map.of(
                AnalyticsBuilder.class,
                QueryBuilder.analytics(),
                AnswerBuilder.class,
                AnalyticsAnswer.builder(QUESTION).row(MOMENT, Group.of(MODEL, ID), 1),
                Row.class,
                ANSWER.rows().get(0),
                DistributionMetric.class,
                LATENCY,
                SqlContext.class,
                COMPILER,
                SqlStatement.class,
                QUESTION.statement(COMPILER));
        Object instance = FILTERS.stream()
                .filter(filter -> filter.getClass() == method.getDeclaringClass())
                .findFirst()
                .map(filter -> (Object) filter)
                .orElse(instances.get(method.getDeclaringClass()));
        return instance == null ? argument(method.getDeclaringClass()) : instance;
    }
}
