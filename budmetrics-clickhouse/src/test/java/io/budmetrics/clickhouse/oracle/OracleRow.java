package io.budmetrics.clickhouse.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One delivered inference, as plain values. Times are microseconds since 1970.
 *
 * @param inferenceId identity
 * @param project project or null
 * @param endpoint endpoint or null
 * @param model model or null
 * @param apiKey API key or null
 * @param apiKeyProject project of the API key or null
 * @param prompt prompt id, null or empty for plain inference
 * @param arrival when the request arrived
 * @param forward when it was forwarded or null
 * @param success whether it succeeded; null when unknown
 * @param cached whether the cache answered; null when unknown
 * @param streamed whether it was streamed; null when unknown
 * @param inputTokens input tokens or null
 * @param outputTokens output tokens or null
 * @param responseUs latency in microseconds or null
 * @param ttftUs time to first token in microseconds or null
 * @param cost price or null
 * @param user user or null
 * @param blocked whether the gateway refused it; null when unknown
 * @param cacheRead input tokens read from the prompt cache or null
 * @param cacheWrite input tokens written to the prompt cache or null
 * @param reasoning reasoning tokens or null
 * @param ingested when the row was delivered: of two deliveries of one inference the newer counts
 * @param more what else is known, by the name of its column: texts, whole numbers, flags, amounts
 */
record OracleRow(
        UUID inferenceId,
        @Nullable UUID project,
        @Nullable UUID endpoint,
        @Nullable UUID model,
        @Nullable UUID apiKey,
        @Nullable UUID apiKeyProject,
        @Nullable String prompt,
        long arrival,
        @Nullable Long forward,
        @Nullable Boolean success,
        @Nullable Boolean cached,
        @Nullable Boolean streamed,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long responseUs,
        @Nullable Long ttftUs,
        @Nullable BigDecimal cost,
        @Nullable String user,
        @Nullable Boolean blocked,
        @Nullable Long cacheRead,
        @Nullable Long cacheWrite,
        @Nullable Long reasoning,
        long ingested,
        Map<String, Object> more) {

    /** Microseconds since 1970 of a moment, rounded up. */
    static long micros(Instant moment) {
        return Math.addExact(Math.multiplyExact(moment.getEpochSecond(), 1_000_000L), (moment.getNano() + 999) / 1000);
    }

    /** The moment of microseconds since 1970. */
    static Instant moment(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
    }

    /** A row of which only identity and arrival are known; the rest follows by the {@code with} methods. */
    static OracleRow at(long serial, String arrival) {
        long micros = micros(Instant.parse(arrival));
        return new OracleRow(
                new UUID(0x1f00L, serial),
                null,
                null,
                null,
                null,
                null,
                null,
                micros,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                1_000_000L + serial,
                Map.of());
    }

    OracleRow withProject(@Nullable UUID value) {
        return new OracleRow(
                inferenceId,
                value,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withEndpoint(@Nullable UUID value) {
        return new OracleRow(
                inferenceId,
                project,
                value,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withModel(@Nullable UUID value) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                value,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withApiKey(@Nullable UUID key, @Nullable UUID project) {
        return new OracleRow(
                inferenceId,
                this.project,
                endpoint,
                model,
                key,
                project,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withPrompt(@Nullable String value) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                value,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withForwardAfter(long micros) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                arrival + micros,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withFlags(@Nullable Boolean newSuccess, @Nullable Boolean newCached, @Nullable Boolean newStreamed) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                newSuccess,
                newCached,
                newStreamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withTokens(@Nullable Long input, @Nullable Long output) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                input,
                output,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withTimes(@Nullable Long newResponseUs, @Nullable Long newTtftUs) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                newResponseUs,
                newTtftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withCost(@Nullable BigDecimal value) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                value,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withUser(@Nullable String value) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                value,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withBlocked(@Nullable Boolean value) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                value,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }

    OracleRow withOtherTokens(@Nullable Long read, @Nullable Long write, @Nullable Long thought) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                read,
                write,
                thought,
                ingested,
                more);
    }

    OracleRow with(String column, Object value) {
        Map<String, Object> both = new HashMap<>(more);
        both.put(column, value);
        return withMore(both);
    }

    OracleRow withMore(Map<String, Object> newMore) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                newMore);
    }

    OracleRow withIngested(long value) {
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival,
                forward,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                value,
                more);
    }

    /** The same request at another time. */
    OracleRow movedBy(long micros) {
        Long moved = forward == null ? null : (Long) (forward + micros);
        return new OracleRow(
                inferenceId,
                project,
                endpoint,
                model,
                apiKey,
                apiKeyProject,
                prompt,
                arrival + micros,
                moved,
                success,
                cached,
                streamed,
                inputTokens,
                outputTokens,
                responseUs,
                ttftUs,
                cost,
                user,
                blocked,
                cacheRead,
                cacheWrite,
                reasoning,
                ingested,
                more);
    }
}
