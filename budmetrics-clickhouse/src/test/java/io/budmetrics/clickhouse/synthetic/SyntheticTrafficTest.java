package io.budmetrics.clickhouse.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.record.InferenceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticTrafficTest {
    private static final Instant UNTIL = Instant.parse("2026-11-02T00:00:00Z");

    private static SyntheticTraffic traffic(long records, int batchSize, long seed) {
        return SyntheticTraffic.builder()
                .records(records)
                .days(28)
                .until(UNTIL)
                .batchSize(batchSize)
                .seed(seed)
                .build();
    }

    private static List<InferenceRecord> rows(SyntheticTraffic traffic) {
        return traffic.stream().flatMap(List::stream).toList();
    }

    @Test
    void theSameSettingsGiveTheSameRecordsWhateverTheBatches() {
        List<InferenceRecord> rows = rows(traffic(5_000, 5_000, 7));
        assertThat(rows(traffic(5_000, 5_000, 7))).isEqualTo(rows);
        assertThat(rows(traffic(5_000, 333, 7))).isEqualTo(rows);
        assertThat(rows(traffic(5_000, 5_000, 8))).doesNotContainAnyElementsOf(rows);
        SyntheticTraffic twice = traffic(100, 100, 7);
        assertThat(rows(twice)).isEqualTo(rows(twice));
    }

    @Test
    void namesAreThoseThatPeopleUse() {
        SyntheticTraffic traffic = traffic(0, 1, 1);
        assertThat(traffic.projects().stream().map(traffic.names()::get))
                .contains("storefront", "playground")
                .doesNotHaveDuplicates();
        assertThat(traffic.names().values())
                .contains("lyra-pro", "storefront/lyra-flash", "storefront-app-2", "storefront-app-1-key-1")
                .doesNotHaveDuplicates();
    }

    @Test
    void batchesHaveTheirSizeAndTheNumberIsExact() {
        assertThat(traffic(2_500, 1_000, 1).stream().map(List::size)).containsExactly(1_000, 1_000, 500);
        assertThat(traffic(0, 10, 1)).isEmpty();
        Iterator<List<InferenceRecord>> none = traffic(0, 10, 1).iterator();
        assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void arrivalsAscendWithinTheRangeToTheMicrosecond() {
        SyntheticTraffic traffic = traffic(20_000, 20_000, 3);
        List<Instant> arrivals =
                rows(traffic).stream().map(InferenceRecord::requestArrivalTime).toList();
        assertThat(arrivals).isSorted();
        assertThat(arrivals.get(0)).isAfterOrEqualTo(traffic.from());
        assertThat(arrivals.get(arrivals.size() - 1)).isBefore(traffic.until());
        assertThat(arrivals.stream().filter(time -> !time.equals(time.truncatedTo(ChronoUnit.MILLIS))))
                .hasSizeGreaterThan(19_000);
        assertThat(Duration.between(arrivals.get(0), arrivals.get(19_999))).isGreaterThan(Duration.ofDays(27));
    }

    @Test
    void aRangeOfOneMicrosecondAndOneOfAHundredYearsWork() {
        Instant from = Instant.parse("1999-01-01T00:00:00Z");
        assertThat(rows(SyntheticTraffic.builder()
                        .records(50)
                        .between(from, from.plusNanos(1_000))
                        .build()))
                .hasSize(50)
                .allMatch(row -> row.requestArrivalTime().equals(from));
        assertThat(rows(SyntheticTraffic.builder()
                        .records(50)
                        .between(from, Instant.parse("2099-01-01T00:00:00Z"))
                        .build()))
                .hasSize(50);
    }

    @Test
    void idsAreUniqueAndAnEndpointHasOneModelAndOneProject() {
        SyntheticTraffic traffic = traffic(50_000, 50_000, 5);
        Set<UUID> ids = new HashSet<>();
        Map<UUID, UUID> modelOf = new HashMap<>();
        Map<UUID, UUID> projectOf = new HashMap<>();
        for (InferenceRecord row : rows(traffic)) {
            assertThat(ids.add(row.inferenceId())).isTrue();
            if (row.endpointId().isPresent()) {
                UUID endpoint = row.endpointId().get();
                UUID project = row.projectId().orElseThrow();
                assertThat(projectOf.merge(endpoint, project, (a, b) -> a)).isEqualTo(project);
                row.modelId().ifPresent(model -> assertThat(modelOf.merge(endpoint, model, (a, b) -> a))
                        .isEqualTo(model));
                assertThat(traffic.names()).containsKeys(endpoint, project);
            }
        }
        assertThat(modelOf).hasSize(18);
        assertThat(new HashSet<>(projectOf.values()))
                .containsExactlyInAnyOrderElementsOf(traffic.projects())
                .hasSize(8);
        assertThat(new HashSet<>(modelOf.values())).containsExactlyInAnyOrderElementsOf(traffic.models());
    }

    @Test
    void theTrafficLooksLikeTraffic() {
        List<InferenceRecord> rows = rows(traffic(200_000, 200_000, 11));
        assertThat(share(rows, row -> row.isSuccess().equals(Optional.of(true))))
                .isBetween(0.94, 0.985);
        assertThat(share(rows, row -> row.isSuccess().isEmpty())).isBetween(0.003, 0.009);
        assertThat(share(rows, row -> row.cached().equals(Optional.of(true)))).isBetween(0.05, 0.12);
        assertThat(share(rows, row -> row.streamed().equals(Optional.of(true)))).isBetween(0.3, 0.65);
        assertThat(share(rows, row -> row.promptId().isPresent())).isBetween(0.1, 0.25);
        assertThat(share(rows, row -> row.projectId().isEmpty())).isBetween(0.001, 0.003);
        assertThat(share(rows, row -> row.apiKeyId().isEmpty())).isCloseTo(0.03, within(0.005));
        assertThat(share(rows, row -> row.isBlocked().equals(Optional.of(true))))
                .isCloseTo(0.004, within(0.001));
        assertThat(rows.stream()
                        .map(InferenceRecord::errorType)
                        .flatMap(Optional::stream)
                        .distinct())
                .contains("rate_limit", "timeout", "server_error", "content_filter", "blocked");
        assertThat(rows.stream()
                        .map(InferenceRecord::countryCode)
                        .flatMap(Optional::stream)
                        .distinct())
                .hasSizeGreaterThan(5);

        double[] latencies = rows.stream()
                .map(InferenceRecord::responseTimeUs)
                .filter(OptionalLong::isPresent)
                .mapToDouble(OptionalLong::getAsLong)
                .sorted()
                .toArray();
        double median = latencies[latencies.length / 2];
        assertThat(median).isBetween(300_000.0, 6_000_000.0);
        assertThat(latencies[latencies.length * 99 / 100]).as("heavy tail").isGreaterThan(5 * median);

        // more output takes longer, at one model
        UUID model = rows.stream()
                .map(InferenceRecord::modelId)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
        assertThat(meanLatency(rows, model, 400, 10_000)).isGreaterThan(2 * meanLatency(rows, model, 1, 100));

        // the largest project has many times the traffic of the smallest
        Map<UUID, Integer> byProject = new HashMap<>();
        rows.forEach(row -> row.projectId().ifPresent(id -> byProject.merge(id, 1, Integer::sum)));
        List<Integer> sizes = byProject.values().stream().sorted().toList();
        assertThat(sizes.get(sizes.size() - 1)).isGreaterThan(8 * sizes.get(0));

        // weekends are quieter, and so are nights
        int[] days = new int[8];
        int[] hours = new int[24];
        for (InferenceRecord row : rows) {
            days[row.requestArrivalTime().atZone(ZoneOffset.UTC).getDayOfWeek().getValue()]++;
            hours[row.requestArrivalTime().atZone(ZoneOffset.UTC).getHour()]++;
        }
        assertThat(days[7]).isLessThan(days[3]);
        assertThat(hours[15]).isGreaterThan(2 * hours[4]);
    }

    private static double share(List<InferenceRecord> rows, Predicate<InferenceRecord> predicate) {
        return (double) rows.stream().filter(predicate).count() / rows.size();
    }

    private static double meanLatency(List<InferenceRecord> rows, UUID model, long least, long greatest) {
        return rows.stream()
                .filter(row -> row.modelId().equals(Optional.of(model))
                        && row.cached().equals(Optional.of(false))
                        && row.outputTokens().orElse(0) >= least
                        && row.outputTokens().orElse(0) <= greatest
                        && row.responseTimeUs().isPresent())
                .mapToLong(row -> row.responseTimeUs().orElseThrow())
                .average()
                .orElseThrow();
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> SyntheticTraffic.builder().build())
                .isInstanceOf(BudMetricsException.class)
                .hasMessageContaining("until is missing");
        assertThatThrownBy(() -> traffic(-1, 1, 1)).hasMessageContaining("records is -1; give 0 or more");
        assertThatThrownBy(() -> traffic(1, 0, 1)).hasMessageContaining("batchSize is 0; give 1 or more");
        SyntheticTraffic.Builder noDays =
                SyntheticTraffic.builder().until(UNTIL).days(0);
        assertThatThrownBy(noDays::build).hasMessageContaining("days is 0; give 1 or more");
        SyntheticTraffic.Builder empty = SyntheticTraffic.builder().between(UNTIL, UNTIL);
        assertThatThrownBy(empty::build).hasMessageContaining("is not after");
        SyntheticTraffic.Builder early = SyntheticTraffic.builder().until(Instant.EPOCH.plusSeconds(5));
        assertThatThrownBy(early::build).hasMessageContaining("1970 to 2105");
    }

    @Test
    void randomNumbersAreThoseOfSplitMix64() {
        // the published test vector of the algorithm
        Randomness random = new Randomness(1_234_567);
        assertThat(random.nextLong()).isEqualTo(6_457_827_717_110_365_317L);
        assertThat(random.nextLong()).isEqualTo(3_203_168_211_198_807_973L);
        assertThat(random.nextLong()).isEqualTo(Long.parseUnsignedLong("9817491932198370423"));

        double sum = 0;
        double squares = 0;
        int beyond = 0;
        for (int i = 0; i < 200_000; i++) {
            double x = random.gaussian();
            sum += x;
            squares += x * x;
            beyond += Math.abs(x) > 2 ? 1 : 0;
        }
        assertThat(sum / 200_000).isCloseTo(0, within(0.01));
        assertThat(squares / 200_000).isCloseTo(1, within(0.02));
        assertThat(beyond / 200_000.0).isCloseTo(0.0455, within(0.003));
    }

    private static SyntheticTraffic.Builder shaped(SyntheticTraffic.Profile profile) {
        return SyntheticTraffic.builder()
                .records(20_000)
                .days(30)
                .until(UNTIL)
                .batchSize(1_000)
                .seed(3)
                .profile(profile);
    }

    private static double shareOfLargest(List<InferenceRecord> rows) {
        Map<Optional<UUID>, Long> counts =
                rows.stream().collect(Collectors.groupingBy(InferenceRecord::projectId, Collectors.counting()));
        return counts.values().stream().mapToLong(Long::longValue).max().orElseThrow() / (double) rows.size();
    }

    @ParameterizedTest
    @EnumSource(SyntheticTraffic.Profile.class)
    void everyProfileIsTheSameEachTimeAndFillsItsRange(SyntheticTraffic.Profile profile) {
        SyntheticTraffic traffic = shaped(profile).days(7).build();
        List<InferenceRecord> rows = rows(traffic);
        assertThat(rows)
                .hasSize(20_000)
                .isEqualTo(rows(shaped(profile).days(7).batchSize(777).build()));
        assertThat(rows).isSortedAccordingTo(Comparator.comparing(InferenceRecord::requestArrivalTime));
        assertThat(rows.stream().map(InferenceRecord::inferenceId)).doesNotHaveDuplicates();
        assertThat(traffic.projects())
                .hasSize(profile == SyntheticTraffic.Profile.MANY_TENANTS ? 400 : 8)
                .doesNotHaveDuplicates()
                .containsAll(
                        rows.stream().flatMap(row -> row.projectId().stream()).collect(Collectors.toSet()));
    }

    @Test
    void profilesDifferInWhoCallsWhen() {
        List<InferenceRecord> giant =
                rows(shaped(SyntheticTraffic.Profile.ONE_GIANT).build());
        List<InferenceRecord> many =
                rows(shaped(SyntheticTraffic.Profile.MANY_TENANTS).build());
        assertThat(shareOfLargest(giant)).isBetween(0.9, 0.98);
        assertThat(shareOfLargest(many)).isLessThan(0.1);

        assertThat(busiestDay(rows(shaped(SyntheticTraffic.Profile.STEADY).build())))
                .isLessThan(800);
        assertThat(busiestDay(rows(shaped(SyntheticTraffic.Profile.LAUNCH_DAY).build())))
                .isGreaterThan(3_000);
        // the largest project lives an hour ahead of UTC
        SyntheticTraffic nights = shaped(SyntheticTraffic.Profile.BATCH_NIGHTS).build();
        Optional<UUID> largest = Optional.of(nights.projects().get(0));
        List<Integer> hours = rows(nights).stream()
                .filter(row -> row.projectId().equals(largest))
                .map(row -> (row.requestArrivalTime().atZone(ZoneOffset.UTC).getHour() + 1) % 24)
                .toList();
        long atNight = hours.stream().filter(hour -> hour >= 21 || hour < 6).count();
        assertThat(atNight / (double) hours.size()).isGreaterThan(0.75);
    }

    private static long busiestDay(List<InferenceRecord> rows) {
        return rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.requestArrivalTime().truncatedTo(ChronoUnit.DAYS), Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
    }

    @Test
    void duplicatesAreSecondDeliveriesOfExactlySoMany() {
        List<InferenceRecord> rows = rows(shaped(SyntheticTraffic.Profile.MIXED)
                .duplicates(0.1)
                .nulls(0.2)
                .clockSkew(0.3)
                .build());
        assertThat(rows).hasSize(20_000);
        assertThat(new HashSet<>(rows)).hasSize(18_000);
        assertThat(rows.stream().map(InferenceRecord::inferenceId).distinct()).hasSize(18_000);
        assertThat(rows)
                .isEqualTo(rows(shaped(SyntheticTraffic.Profile.MIXED)
                        .duplicates(0.1)
                        .nulls(0.2)
                        .clockSkew(0.3)
                        .batchSize(777)
                        .build()));
        assertThat(rows(shaped(SyntheticTraffic.Profile.MIXED).duplicates(0.5).build()).stream()
                        .distinct())
                .hasSize(10_000);
    }

    @Test
    void valuesAreMissingAndClocksAreWrongAsOftenAsAsked() {
        List<InferenceRecord> usual =
                rows(shaped(SyntheticTraffic.Profile.MIXED).build());
        List<InferenceRecord> thin =
                rows(shaped(SyntheticTraffic.Profile.MIXED).nulls(0.25).build());
        double kept = thin.stream().filter(row -> row.isSuccess().isPresent()).count()
                / (double) usual.stream()
                        .filter(row -> row.isSuccess().isPresent())
                        .count();
        assertThat(kept).isCloseTo(0.75, within(0.02));

        List<InferenceRecord> skewed =
                rows(shaped(SyntheticTraffic.Profile.MIXED).clockSkew(0.25).build());
        int wrong = 0;
        for (int i = 0; i < usual.size(); i++) {
            Duration off = Duration.between(
                    usual.get(i).requestArrivalTime(), skewed.get(i).requestArrivalTime());
            assertThat(off.abs()).isLessThanOrEqualTo(SyntheticDeliveries.GREATEST_SKEW);
            assertThat(skewed.get(i).inferenceId()).isEqualTo(usual.get(i).inferenceId());
            wrong += off.isZero() ? 0 : 1;
        }
        assertThat(wrong / (double) usual.size()).isCloseTo(0.25, within(0.02));
    }

    @Test
    void sharesHaveLimits() {
        SyntheticTraffic.Builder builder = shaped(SyntheticTraffic.Profile.MIXED);
        assertThatThrownBy(() -> builder.duplicates(0.6).build())
                .hasMessageContaining("duplicates is 0.6; give 0 to 0.5");
        assertThatThrownBy(() -> builder.duplicates(0).nulls(-0.1).build())
                .hasMessageContaining("nulls is -0.1; give 0 to");
        assertThatThrownBy(() -> builder.nulls(0).clockSkew(Double.NaN).build())
                .hasMessageContaining("clockSkew is NaN; give 0 to");
    }
}
