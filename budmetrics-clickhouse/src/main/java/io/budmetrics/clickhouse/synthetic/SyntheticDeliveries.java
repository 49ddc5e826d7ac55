package io.budmetrics.clickhouse.synthetic;

import io.budmetrics.record.InferenceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Synthetic traffic as careless collectors deliver it: some records a second time, some without what was not measured,
 * some by a clock that is wrong. Not safe for use by several threads at a time.
 */
final class SyntheticDeliveries implements Iterator<List<InferenceRecord>> {
    /** How wrong a clock can be, in both directions. */
    static final Duration GREATEST_SKEW = Duration.ofMinutes(10);

    /** About how many records lie between the two deliveries of one. */
    private static final double DISTANCE = 64;

    private final Iterator<List<InferenceRecord>> made;
    private final long records;
    private final long repeated;
    private final int batchSize;
    private final double nulls;
    private final double clockSkew;
    private final Instant from;
    private final Instant until;
    private final Randomness random;
    private final Deque<InferenceRecord> again = new ArrayDeque<>();

    private Iterator<InferenceRecord> batch = List.<InferenceRecord>of().iterator();
    private long owed;
    private long delivered;

    /** How many of so many deliveries are repeated ones. */
    static long repeated(long records, double duplicates) {
        return (long) (records * duplicates);
    }

    SyntheticDeliveries(
            Iterator<List<InferenceRecord>> made,
            long records,
            long repeated,
            int batchSize,
            double nulls,
            double clockSkew,
            Instant from,
            Instant until,
            long seed) {
        this.made = made;
        this.records = records;
        this.repeated = repeated;
        this.batchSize = batchSize;
        this.nulls = nulls;
        this.clockSkew = clockSkew;
        this.from = from;
        this.until = until;
        random = new Randomness(seed ^ 0x0DD5_0F_DE11_7E51L);
    }

    @Override
    public boolean hasNext() {
        return delivered < records;
    }

    @Override
    public List<InferenceRecord> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + records + " records are delivered");
        }
        List<InferenceRecord> next = new ArrayList<>((int) Math.min(batchSize, records - delivered));
        while (next.size() < batchSize && delivered < records) {
            next.add(delivery());
            delivered++;
        }
        return List.copyOf(next);
    }

    private InferenceRecord delivery() {
        boolean fresh = batch.hasNext() || made.hasNext();
        if (!again.isEmpty() && (!fresh || random.chance(again.size() / DISTANCE))) {
            return again.removeFirst();
        }
        if (!batch.hasNext()) {
            batch = made.next().iterator();
        }
        InferenceRecord record = skewed(thinned(batch.next()));
        // spread evenly over those that are delivered for the first time, so that their number is exact
        owed += repeated;
        if (owed >= records - repeated) {
            owed -= records - repeated;
            again.addLast(record);
        }
        return record;
    }

    /** Without some of the values that a collector may have failed to take. */
    private InferenceRecord thinned(InferenceRecord record) {
        if (nulls == 0) {
            return record;
        }
        InferenceRecord.Builder builder = record.toBuilder();
        if (random.chance(nulls)) {
            builder.inputTokens(OptionalLong.empty());
        }
        if (random.chance(nulls)) {
            builder.outputTokens(OptionalLong.empty());
        }
        if (random.chance(nulls)) {
            builder.responseTimeUs(OptionalLong.empty());
        }
        if (random.chance(nulls)) {
            builder.ttftUs(OptionalLong.empty());
        }
        if (random.chance(nulls)) {
            builder.cost(Optional.empty()).inferenceCost(Optional.empty());
        }
        if (random.chance(nulls)) {
            builder.isSuccess(Optional.empty());
        }
        if (random.chance(nulls)) {
            builder.cached(Optional.empty());
        }
        if (random.chance(nulls)) {
            builder.requestForwardTime(Optional.empty());
        }
        if (random.chance(nulls)) {
            builder.modelId(Optional.empty()).modelName(Optional.empty()).modelProvider(Optional.empty());
        }
        if (random.chance(nulls)) {
            builder.userId(Optional.empty());
        }
        if (random.chance(nulls)) {
            builder.countryCode(Optional.empty())
                    .countryName(Optional.empty())
                    .region(Optional.empty())
                    .city(Optional.empty())
                    .latitude(OptionalDouble.empty())
                    .longitude(OptionalDouble.empty());
        }
        return builder.build();
    }

    /** As a machine stamps it whose clock is wrong; within the range, so that nothing leaves it. */
    private InferenceRecord skewed(InferenceRecord record) {
        if (clockSkew == 0 || !random.chance(clockSkew)) {
            return record;
        }
        long skew = (long) (random.between(-1, 1) * GREATEST_SKEW.toMillis() * 1_000);
        Instant arrival = record.requestArrivalTime().plus(skew, ChronoUnit.MICROS);
        if (arrival.isBefore(from) || !arrival.isBefore(until)) {
            return record;
        }
        return record.toBuilder()
                .requestArrivalTime(arrival)
                .requestForwardTime(record.requestForwardTime().map(time -> time.plus(skew, ChronoUnit.MICROS)))
                .requestTimestamp(record.requestTimestamp().map(time -> time.plus(skew, ChronoUnit.MICROS)))
                .responseTimestamp(record.responseTimestamp().map(time -> time.plus(skew, ChronoUnit.MICROS)))
                .build();
    }
}
