package io.budmetrics.clickhouse.synthetic;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.ingest.InferenceWriter;
import io.budmetrics.clickhouse.ingest.LayoutWriter;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.record.InferenceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Synthetic traffic for demonstrations and tests: the same settings always give the same records, on every JVM. The
 * batch size only cuts the stream, it changes no record.
 *
 * <p>Unless a {@link Profile} says otherwise, eight projects of very different size share eight models of five
 * providers through 18 endpoints; each endpoint has one project and one model. Traffic follows the hours and weekdays
 * of each project's own zone, with bursts, and with incidents in which one provider fails more often. Arrivals
 * ascend, to the microsecond. Token counts are log-normal; latency is queueing plus prefill of the input plus
 * decoding of the output at the model's own speed, with a heavy tail, and queueing grows with the load.
 *
 * <p>What is left empty, as in real traffic. Of what a model answered: tokens and latency of 1 % each, the streamed and
 * the cached flag of 2 % each, success of 0.6 %, cost of 1.5 %, and the first token of most that was not streamed. Of
 * failures: cost, output tokens and the streamed flag of all, latency of half. Of everything: project and endpoint of
 * 0.2 %, API keys of 3 %, users of 10 %, places of 10 %. What the response cache answered was never forwarded and cost
 * nothing. Texts of requests and responses, headers, and modality columns but those of embeddings are always empty.
 *
 * <p>Names, prices and their currency are invented.
 *
 * <p>Immutable and safe for use by several threads; an iterator is not. Every iterator starts from the first record.
 */
public final class SyntheticTraffic implements Iterable<List<InferenceRecord>> {
    private final long records;
    private final Instant from;
    private final Instant until;
    private final int batchSize;
    private final long seed;
    private final Profile profile;
    private final double duplicates;
    private final double nulls;
    private final double clockSkew;
    private final SyntheticWorld world;

    private SyntheticTraffic(Builder builder, Instant from, Instant until) {
        this.records = builder.records;
        this.from = from;
        this.until = until;
        this.batchSize = builder.batchSize;
        this.seed = builder.seed;
        this.profile = builder.profile;
        this.duplicates = builder.duplicates;
        this.nulls = builder.nulls;
        this.clockSkew = builder.clockSkew;
        this.world = new SyntheticWorld(seed, profile);
    }

    /** Who calls when. */
    public enum Profile {
        /** Eight projects with rhythms of their own, with bursts and incidents: a bit of everything. */
        MIXED,
        /** The same projects, around the clock and without bursts or incidents. */
        STEADY,
        /** As MIXED; and after two thirds of the range the largest project has a day with 30 times its traffic. */
        LAUNCH_DAY,
        /** The same projects, which work at night. */
        BATCH_NIGHTS,
        /** 400 projects, the largest of which is 50 times as large as the smallest. */
        MANY_TENANTS,
        /** Nineteen of twenty requests are of one project. */
        ONE_GIANT
    }

    /**
     * A builder with 10,000 records, 30 days, batches of 10,000 and seed 1; the time must be given.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How many records there are in all.
     *
     * @return 0 or more
     */
    public long records() {
        return records;
    }

    /**
     * Where the range of the arrivals begins.
     *
     * @return the instant, inclusive
     */
    public Instant from() {
        return from;
    }

    /**
     * Where the range of the arrivals ends.
     *
     * @return the instant, exclusive
     */
    public Instant until() {
        return until;
    }

    /**
     * The projects, the largest first.
     *
     * @return their ids
     */
    public List<UUID> projects() {
        return world.projects.stream().map(SyntheticWorld.Project::id).toList();
    }

    /**
     * The models.
     *
     * @return their ids
     */
    public List<UUID> models() {
        return world.models.stream().map(SyntheticWorld.Model::id).toList();
    }

    /**
     * Names for people: of projects, models, endpoints, user projects and API keys.
     *
     * @return names by id, in that order
     */
    public Map<UUID, String> names() {
        return world.names;
    }

    /**
     * The records in batches, by ascending arrival time.
     *
     * @return an iterator that makes each batch when it is asked for; the batches are immutable
     */
    @Override
    public Iterator<List<InferenceRecord>> iterator() {
        long repeated = SyntheticDeliveries.repeated(records, duplicates);
        Iterator<List<InferenceRecord>> made =
                new SyntheticStream(world, profile, records - repeated, from, until, batchSize, seed);
        return duplicates == 0 && nulls == 0 && clockSkew == 0
                ? made
                : new SyntheticDeliveries(made, records, repeated, batchSize, nulls, clockSkew, from, until, seed);
    }

    /**
     * The same as {@link #iterator}, as a stream.
     *
     * @return a sequential stream of batches
     */
    public Stream<List<InferenceRecord>> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /**
     * Writes every record. Two batches are written at a time, while the next one is made.
     *
     * @param writer where to
     * @param progress is told after each batch how many records are written by now
     * @return how many records were written
     * @throws BudMetricsException as the writer throws it; the batches before are written
     */
    @CanIgnoreReturnValue
    public long writeTo(InferenceWriter writer, LongConsumer progress) {
        return writeTo(writer, Instant.MIN, progress);
    }

    /**
     * Writes what an earlier call with the same settings left out. Batches at the beginning that it has written are made,
     * which is much faster than writing them, and skipped.
     *
     * @param writer where to
     * @param after the latest arrival that is stored. The last batches before it are written again, and count once, since
     *     two are written at a time, clocks can be skewed, and records come again
     * @param progress is told after each batch how many records are written by now, those skipped included
     * @return how many records were written, those skipped included
     * @throws BudMetricsException as the writer throws it; the batches before are written
     */
    @CanIgnoreReturnValue
    public long writeTo(InferenceWriter writer, Instant after, LongConsumer progress) {
        return load(writer::write, after, progress);
    }

    /**
     * Writes every record, or what an earlier call with the same settings left out, to the tables of a layout.
     *
     * @param writer where to
     * @param after the latest arrival that is stored; {@link Instant#MIN} for none
     * @param progress is told after each batch how many records are written by now, those skipped included
     * @return how many records were written, those skipped included
     * @throws BudMetricsException INVALID_CONFIGURATION when something is stored already and the layout counts each row, so that the
     *     batches that are written again would count twice; as the writer throws it
     */
    @CanIgnoreReturnValue
    public long writeTo(LayoutWriter writer, Instant after, LongConsumer progress) {
        if (!after.equals(Instant.MIN) && !writer.repeatable()) {
            throw BudMetricsException.invalidConfiguration(
                    "the layout counts each row of its table, so traffic that was cut off cannot go on there;"
                            + " empty the table and write all of it");
        }
        return load(writer::write, after, progress);
    }

    private long load(ToLongFunction<List<InferenceRecord>> writer, Instant after, LongConsumer progress) {
        Instant settled =
                after.equals(Instant.MIN) ? after : after.minus(SyntheticDeliveries.GREATEST_SKEW.multipliedBy(2));
        try (SyntheticLoad load = new SyntheticLoad(writer, progress)) {
            return load.write(this, settled);
        }
    }

    /** Collects the settings of a {@link SyntheticTraffic}. Not safe for use by several threads at a time. */
    public static final class Builder {
        private long records = 10_000;
        private @Nullable Instant from;
        private @Nullable Instant until;
        private int days = 30;
        private int batchSize = 10_000;
        private long seed = 1;
        private Profile profile = Profile.MIXED;
        private double duplicates;
        private double nulls;
        private double clockSkew;

        private Builder() {}

        /**
         * How many records to make.
         *
         * @param newRecords 0 or more
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder records(long newRecords) {
            records = newRecords;
            return this;
        }

        /**
         * The range of the arrivals, cut to the microsecond.
         *
         * @param newFrom inclusive
         * @param newUntil exclusive
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder between(Instant newFrom, Instant newUntil) {
            from = Objects.requireNonNull(newFrom, "from is null");
            until = Objects.requireNonNull(newUntil, "until is null");
            return this;
        }

        /**
         * The end of the range; it begins {@link #days} before.
         *
         * @param newUntil exclusive, cut to the microsecond
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder until(Instant newUntil) {
            from = null;
            until = Objects.requireNonNull(newUntil, "until is null");
            return this;
        }

        /**
         * The length of the range when only its end is given.
         *
         * @param newDays days of 24 hours, 1 or more
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder days(int newDays) {
            days = newDays;
            return this;
        }

        /**
         * How many records a batch holds; the last one may hold fewer.
         *
         * @param newBatchSize 1 or more
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder batchSize(int newBatchSize) {
            batchSize = newBatchSize;
            return this;
        }

        /**
         * What the records, and all ids in them, are made from.
         *
         * @param newSeed any number
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /**
         * Who calls when.
         *
         * @param newProfile {@link Profile#MIXED} by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder profile(Profile newProfile) {
            profile = Objects.requireNonNull(newProfile, "profile is null");
            return this;
        }

        /**
         * How many of the records are a second delivery of one before, equal to it.
         *
         * @param share 0 to 0.5; 0 by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder duplicates(double share) {
            duplicates = share;
            return this;
        }

        /**
         * How often each measurement, cost, flag, model, user and place is missing, over what is missing anyway.
         *
         * @param share 0 to 1, for each on its own; 0 by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder nulls(double share) {
            nulls = share;
            return this;
        }

        /**
         * How many of the records were stamped by a clock that is up to ten minutes wrong; arrivals do not ascend then.
         *
         * @param share 0 to 1; 0 by default
         * @return this builder
         */
        @CanIgnoreReturnValue
        public Builder clockSkew(double share) {
            clockSkew = share;
            return this;
        }

        /**
         * The traffic.
         *
         * @return traffic of these settings
         * @throws BudMetricsException INVALID_CONFIGURATION when a number is out of range, the end is missing or not after the
         *     beginning, or the range leaves the years 1970 to 2105
         */
        public SyntheticTraffic build() {
            require(records >= 0, "records is " + records + "; give 0 or more");
            require(batchSize >= 1, "batchSize is " + batchSize + "; give 1 or more");
            require(days >= 1, "days is " + days + "; give 1 or more");
            if (until == null) {
                throw BudMetricsException.invalidConfiguration(
                        "until is missing; give the time at which the traffic ends");
            }
            Instant end = until.truncatedTo(ChronoUnit.MICROS);
            Instant begin = from == null ? end.minus(Duration.ofDays(days)) : from.truncatedTo(ChronoUnit.MICROS);
            require(begin.isBefore(end), "until " + end + " is not after from " + begin);
            require(
                    !begin.isBefore(EARLIEST) && !end.isAfter(LATEST),
                    "the traffic must lie in the years 1970 to 2105, but was from " + begin + " until " + end);
            requireShare("duplicates", duplicates, 0.5);
            requireShare("nulls", nulls, 1);
            requireShare("clockSkew", clockSkew, 1);
            return new SyntheticTraffic(this, begin, end);
        }

        private static final Instant EARLIEST = Instant.EPOCH;
        private static final Instant LATEST = Instant.parse("2105-12-31T23:59:59.999999Z");

        private static void requireShare(String name, double share, double most) {
            require(share >= 0 && share <= most, name + " is " + share + "; give 0 to " + most);
        }

        private static void require(boolean holds, String message) {
            if (!holds) {
                throw BudMetricsException.invalidConfiguration(message);
            }
        }
    }
}
