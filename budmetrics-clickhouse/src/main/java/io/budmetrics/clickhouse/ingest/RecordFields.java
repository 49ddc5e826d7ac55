package io.budmetrics.clickhouse.ingest;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of each column of a record: how it is checked, and how it is written in the Native format. */
final class RecordFields {
    /** The years of which the engine's time functions are sure. */
    static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    static final Instant LATEST = Instant.parse("2105-12-31T23:59:59.999999Z");

    private static final long MAX_UINT32 = 0xFFFF_FFFFL;
    private static final int MAX_UINT16 = 0xFFFF;
    /** 366 days: longer is a broken clock, and would spoil sums. */
    private static final long MAX_DURATION_US = 366L * 86_400 * 1_000_000;

    private static final int COST_SCALE = 12;
    private static final BigDecimal COST_LIMIT = new BigDecimal(1_000_000);
    private static final int SHOWN_DIGITS = 40;

    /** Of UTF-8 no more than the server takes in one text, which is 1 GiB. */
    private static final int MAX_CHARACTERS = 1 << 28;

    /** The object itself and the values it refers to, when most are given. */
    private static final long RECORD_BYTES = 2_000;

    /** Every column in the order of the table, save ingested_at, which the server fills. */
    static final List<Field> ALL = List.of(
            new Id(InferenceFact.INFERENCE_ID, InferenceRecord::inferenceId),
            new NullableId(InferenceFact.PROJECT_ID, InferenceRecord::projectId),
            new NullableId(InferenceFact.ENDPOINT_ID, InferenceRecord::endpointId),
            new NullableId(InferenceFact.MODEL_ID, InferenceRecord::modelId),
            new NullableId(InferenceFact.API_KEY_ID, InferenceRecord::apiKeyId),
            new NullableId(InferenceFact.API_KEY_PROJECT_ID, InferenceRecord::apiKeyProjectId),
            new Text(InferenceFact.USER_ID, InferenceRecord::userId),
            new Time(InferenceFact.REQUEST_ARRIVAL_TIME, InferenceRecord::requestArrivalTime),
            new NullableTime(InferenceFact.REQUEST_FORWARD_TIME, InferenceRecord::requestForwardTime),
            new NullableTime(InferenceFact.REQUEST_TIMESTAMP, InferenceRecord::requestTimestamp),
            new NullableTime(InferenceFact.RESPONSE_TIMESTAMP, InferenceRecord::responseTimestamp),
            new Flag(InferenceFact.IS_SUCCESS, InferenceRecord::isSuccess),
            new Small(InferenceFact.STATUS_CODE, InferenceRecord::statusCode),
            new Money(InferenceFact.COST, InferenceRecord::cost),
            new Money(InferenceFact.INFERENCE_COST, InferenceRecord::inferenceCost),
            new Text(InferenceFact.RESPONSE_ANALYSIS, InferenceRecord::responseAnalysis),
            new Word(InferenceFact.ERROR_CODE, InferenceRecord::errorCode),
            new Word(InferenceFact.ERROR_TYPE, InferenceRecord::errorType),
            new Text(InferenceFact.ERROR_MESSAGE, InferenceRecord::errorMessage),
            new NullableId(InferenceFact.MODEL_INFERENCE_ID, InferenceRecord::modelInferenceId),
            new Word(InferenceFact.MODEL_NAME, InferenceRecord::modelName),
            new Word(InferenceFact.MODEL_PROVIDER, InferenceRecord::modelProvider),
            new Word(InferenceFact.MODEL_VERSION, InferenceRecord::modelVersion),
            new Word(InferenceFact.ENDPOINT_TYPE, InferenceRecord::endpointType),
            new Count(InferenceFact.INPUT_TOKENS, InferenceRecord::inputTokens),
            new Count(InferenceFact.OUTPUT_TOKENS, InferenceRecord::outputTokens),
            new Count(InferenceFact.CACHE_READ_TOKENS, InferenceRecord::cacheReadTokens),
            new Count(InferenceFact.CACHE_WRITE_TOKENS, InferenceRecord::cacheWriteTokens),
            new Count(InferenceFact.REASONING_TOKENS, InferenceRecord::reasoningTokens),
            new Span(InferenceFact.RESPONSE_TIME_US, InferenceRecord::responseTimeUs),
            new Span(InferenceFact.TTFT_US, InferenceRecord::ttftUs),
            new Flag(InferenceFact.CACHED, InferenceRecord::cached),
            new Flag(InferenceFact.STREAMED, InferenceRecord::streamed),
            new Word(InferenceFact.FINISH_REASON, InferenceRecord::finishReason),
            new Text(InferenceFact.SYSTEM_PROMPT, InferenceRecord::systemPrompt),
            new Text(InferenceFact.INPUT_MESSAGES, InferenceRecord::inputMessages),
            new Text(InferenceFact.OUTPUT, InferenceRecord::output),
            new Text(InferenceFact.RAW_REQUEST, InferenceRecord::rawRequest),
            new Text(InferenceFact.RAW_RESPONSE, InferenceRecord::rawResponse),
            new Text(InferenceFact.GATEWAY_REQUEST, InferenceRecord::gatewayRequest),
            new Text(InferenceFact.GATEWAY_RESPONSE, InferenceRecord::gatewayResponse),
            new Text(InferenceFact.GUARDRAIL_SCAN_SUMMARY, InferenceRecord::guardrailScanSummary),
            new NullableTime(InferenceFact.MODEL_INFERENCE_TIMESTAMP, InferenceRecord::modelInferenceTimestamp),
            new NullableId(InferenceFact.CHAT_INFERENCE_ID, InferenceRecord::chatInferenceId),
            new NullableId(InferenceFact.EPISODE_ID, InferenceRecord::episodeId),
            new Word(InferenceFact.FUNCTION_NAME, InferenceRecord::functionName),
            new Word(InferenceFact.VARIANT_NAME, InferenceRecord::variantName),
            new Span(InferenceFact.PROCESSING_TIME_US, InferenceRecord::processingTimeUs),
            new Text(InferenceFact.CHAT_INPUT, InferenceRecord::chatInput),
            new Text(InferenceFact.CHAT_OUTPUT, InferenceRecord::chatOutput),
            new Text(InferenceFact.TAGS, InferenceRecord::tags),
            new Text(InferenceFact.INFERENCE_PARAMS, InferenceRecord::inferenceParams),
            new Text(InferenceFact.EXTRA_BODY, InferenceRecord::extraBody),
            new Text(InferenceFact.TOOL_PARAMS, InferenceRecord::toolParams),
            new Word(InferenceFact.COUNTRY_CODE, InferenceRecord::countryCode),
            new Word(InferenceFact.COUNTRY_NAME, InferenceRecord::countryName),
            new Word(InferenceFact.REGION, InferenceRecord::region),
            new Word(InferenceFact.CITY, InferenceRecord::city),
            new Word(InferenceFact.TIMEZONE, InferenceRecord::timezone),
            new Real(InferenceFact.LATITUDE, InferenceRecord::latitude),
            new Real(InferenceFact.LONGITUDE, InferenceRecord::longitude),
            new Count(InferenceFact.ASN, InferenceRecord::asn),
            new Word(InferenceFact.ISP, InferenceRecord::isp),
            new Address(InferenceFact.REQUEST_IP, InferenceRecord::requestIp),
            new Address(InferenceFact.CLIENT_IP, InferenceRecord::clientIp),
            new Word(InferenceFact.USER_AGENT, InferenceRecord::userAgent),
            new Word(InferenceFact.DEVICE_TYPE, InferenceRecord::deviceType),
            new Word(InferenceFact.BROWSER_NAME, InferenceRecord::browserName),
            new Word(InferenceFact.BROWSER_VERSION, InferenceRecord::browserVersion),
            new Word(InferenceFact.OS_NAME, InferenceRecord::osName),
            new Word(InferenceFact.OS_VERSION, InferenceRecord::osVersion),
            new Flag(InferenceFact.IS_BOT, InferenceRecord::isBot),
            new Word(InferenceFact.METHOD, InferenceRecord::method),
            new Word(InferenceFact.PATH, InferenceRecord::path),
            new Text(InferenceFact.QUERY_PARAMS, InferenceRecord::queryParams),
            new Word(InferenceFact.PROTOCOL_VERSION, InferenceRecord::protocolVersion),
            new Count(InferenceFact.BODY_SIZE, InferenceRecord::bodySize),
            new Count(InferenceFact.RESPONSE_SIZE, InferenceRecord::responseSize),
            new Span(InferenceFact.GATEWAY_PROCESSING_US, InferenceRecord::gatewayProcessingUs),
            new Span(InferenceFact.TOTAL_DURATION_US, InferenceRecord::totalDurationUs),
            new Word(InferenceFact.ROUTING_DECISION, InferenceRecord::routingDecision),
            new Text(InferenceFact.PROXY_CHAIN, InferenceRecord::proxyChain),
            new Flag(InferenceFact.IS_BLOCKED, InferenceRecord::isBlocked),
            new Word(InferenceFact.BLOCK_REASON, InferenceRecord::blockReason),
            new Text(InferenceFact.BLOCK_RULE_ID, InferenceRecord::blockRuleId),
            new Text(InferenceFact.REQUEST_HEADERS, InferenceRecord::requestHeaders),
            new Text(InferenceFact.RESPONSE_HEADERS, InferenceRecord::responseHeaders),
            new Text(InferenceFact.GATEWAY_TAGS, InferenceRecord::gatewayTags),
            new NullableId(InferenceFact.BLOCKING_EVENT_ID, InferenceRecord::blockingEventId),
            new NullableId(InferenceFact.RULE_ID, InferenceRecord::ruleId),
            new Word(InferenceFact.RULE_TYPE, InferenceRecord::ruleType),
            new Word(InferenceFact.RULE_NAME, InferenceRecord::ruleName),
            new Signed(InferenceFact.RULE_PRIORITY, InferenceRecord::rulePriority),
            new Word(InferenceFact.ACTION_TAKEN, InferenceRecord::actionTaken),
            new Text(InferenceFact.BLOCK_REASON_DETAIL, InferenceRecord::blockReasonDetail),
            new NullableTime(InferenceFact.BLOCKED_AT, InferenceRecord::blockedAt),
            new Text(InferenceFact.PROMPT_ID, InferenceRecord::promptId),
            new Text(InferenceFact.CLIENT_PROMPT_ID, InferenceRecord::clientPromptId),
            new Word(InferenceFact.PROMPT_VERSION, InferenceRecord::promptVersion),
            new NullableId(InferenceFact.PROMPT_VERSION_ID, InferenceRecord::promptVersionId),
            new Text(InferenceFact.PROMPT_VARIABLES, InferenceRecord::promptVariables),
            new Text(InferenceFact.RESPONSE_ID, InferenceRecord::responseId),
            new Word(InferenceFact.RESPONSE_STATUS, InferenceRecord::responseStatus),
            new Span(InferenceFact.AUDIO_DURATION_US, InferenceRecord::audioDurationUs),
            new Word(InferenceFact.AUDIO_LANGUAGE, InferenceRecord::audioLanguage),
            new Word(InferenceFact.AUDIO_DETECTED_LANGUAGE, InferenceRecord::audioDetectedLanguage),
            new Word(InferenceFact.AUDIO_VOICE, InferenceRecord::audioVoice),
            new Word(InferenceFact.AUDIO_RESPONSE_FORMAT, InferenceRecord::audioResponseFormat),
            new Count(InferenceFact.TTS_CHARACTER_COUNT, InferenceRecord::ttsCharacterCount),
            new Small(InferenceFact.IMAGES_GENERATED, InferenceRecord::imagesGenerated),
            new Word(InferenceFact.IMAGE_SIZE, InferenceRecord::imageSize),
            new Word(InferenceFact.IMAGE_QUALITY, InferenceRecord::imageQuality),
            new Word(InferenceFact.IMAGE_STYLE, InferenceRecord::imageStyle),
            new Count(InferenceFact.EMBEDDING_INPUT_COUNT, InferenceRecord::embeddingInputCount),
            new Count(InferenceFact.EMBEDDING_DIMENSIONS, InferenceRecord::embeddingDimensions),
            new Word(InferenceFact.EMBEDDING_ENCODING_FORMAT, InferenceRecord::embeddingEncodingFormat),
            new Small(InferenceFact.DOCUMENT_PAGE_COUNT, InferenceRecord::documentPageCount));

    private RecordFields() {}

    /** One column. */
    interface Field {
        /** The column it is written to. */
        Column column();

        /** Throws when the value cannot be true. */
        void check(InferenceRecord row);

        /** Appends the value to its column. */
        void append(InferenceRecord row, ColumnBuffer out);

        /** The value: a text, UUID, Instant, Boolean, BigDecimal of any number, or InetAddress; null where it is absent. */
        @Nullable
        Object of(InferenceRecord row);

        /** Characters of a text. */
        default long length(InferenceRecord row) {
            return 0;
        }
    }

    /** About how many bytes a record takes in memory, at most. */
    static long footprint(InferenceRecord row) {
        long characters = 0;
        for (Field field : ALL) {
            characters += field.length(row);
        }
        return RECORD_BYTES + Character.BYTES * characters;
    }

    /** Throws when the record cannot be true. */
    static void check(InferenceRecord row) {
        for (Field field : ALL) {
            field.check(row);
        }
        Optional<Instant> forwarded = row.requestForwardTime();
        if (forwarded.isPresent() && forwarded.get().isBefore(row.requestArrivalTime())) {
            throw refused(
                    InferenceFact.REQUEST_FORWARD_TIME,
                    "must not be before " + InferenceFact.REQUEST_ARRIVAL_TIME.name() + " " + row.requestArrivalTime(),
                    forwarded.get().toString());
        }
        OptionalLong response = row.responseTimeUs();
        OptionalLong ttft = row.ttftUs();
        if (response.isPresent() && ttft.isPresent() && ttft.getAsLong() > response.getAsLong()) {
            throw refused(
                    InferenceFact.TTFT_US,
                    "must not be above " + InferenceFact.RESPONSE_TIME_US.name() + " " + response.getAsLong(),
                    Long.toString(ttft.getAsLong()));
        }
        OptionalInt status = row.statusCode();
        if (status.isPresent() && (status.getAsInt() < 100 || status.getAsInt() > 599)) {
            throw refused(
                    InferenceFact.STATUS_CODE, "must be between 100 and 599", Integer.toString(status.getAsInt()));
        }
        checkDegrees(InferenceFact.LATITUDE, row.latitude(), 90);
        checkDegrees(InferenceFact.LONGITUDE, row.longitude(), 180);
    }

    /** The record itself when its times are whole microseconds, else one whose times are. */
    static InferenceRecord cutToMicroseconds(InferenceRecord row) {
        if (whole(row.requestArrivalTime())
                && whole(row.requestForwardTime())
                && whole(row.requestTimestamp())
                && whole(row.responseTimestamp())
                && whole(row.modelInferenceTimestamp())
                && whole(row.blockedAt())) {
            return row;
        }
        return row.toBuilder()
                .requestArrivalTime(cut(row.requestArrivalTime()))
                .requestForwardTime(row.requestForwardTime().map(RecordFields::cut))
                .requestTimestamp(row.requestTimestamp().map(RecordFields::cut))
                .responseTimestamp(row.responseTimestamp().map(RecordFields::cut))
                .modelInferenceTimestamp(row.modelInferenceTimestamp().map(RecordFields::cut))
                .blockedAt(row.blockedAt().map(RecordFields::cut))
                .build();
    }

    /** The error for a record without a required column. */
    static BudMetricsException missing(IllegalStateException cause) {
        String text = String.valueOf(cause.getMessage());
        StringBuilder names = new StringBuilder();
        if (text.contains("inferenceId")) {
            names.append(InferenceFact.INFERENCE_ID.name());
        }
        if (text.contains("requestArrivalTime")) {
            names.append(names.length() == 0 ? "" : " and ").append(InferenceFact.REQUEST_ARRIVAL_TIME.name());
        }
        return BudMetricsException.of(ErrorCode.INVALID_RECORD, "the record lacks " + names, cause);
    }

    private static boolean whole(Optional<Instant> time) {
        return time.isEmpty() || whole(time.get());
    }

    private static boolean whole(Instant time) {
        return time.equals(cut(time));
    }

    private static Instant cut(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    private static BudMetricsException refused(Column column, String rule, String given) {
        return BudMetricsException.of(ErrorCode.INVALID_RECORD, column.name() + " " + rule + ", but was " + given);
    }

    private static void checkDegrees(Column column, OptionalDouble value, int limit) {
        // written so that NaN is refused too
        if (value.isPresent() && !(Math.abs(value.getAsDouble()) <= limit)) {
            throw refused(column, "must be between -" + limit + " and " + limit, Double.toString(value.getAsDouble()));
        }
    }

    private static void checkRange(Column column, long value, long least, long greatest) {
        if (value < least || value > greatest) {
            throw refused(column, "must be between " + least + " and " + greatest, Long.toString(value));
        }
    }

    private static void checkTime(Column column, Instant value) {
        if (value.isBefore(EARLIEST) || value.truncatedTo(ChronoUnit.MICROS).isAfter(LATEST)) {
            throw refused(column, "must be in the years 1970 to 2105", value.toString());
        }
    }

    private static void checkMoney(Column column, BigDecimal value) {
        String rule = "must be from 0 to below 1000000 with at most 12 decimals";
        // the comparison comes first: it is cheap for any exponent, where setting a scale is not
        if (value.signum() < 0
                || value.compareTo(COST_LIMIT) >= 0
                || (value.scale() > COST_SCALE && value.stripTrailingZeros().scale() > COST_SCALE)) {
            String given = value.toString();
            throw refused(
                    column, rule, given.length() <= SHOWN_DIGITS ? given : given.substring(0, SHOWN_DIGITS) + "...");
        }
    }

    private static void checkText(Column column, String value) {
        int length = value.length();
        if (length > MAX_CHARACTERS) {
            throw refused(column, "must have at most " + MAX_CHARACTERS + " characters", Integer.toString(length));
        }
        for (int i = 0; i < length; i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                if (!Character.isHighSurrogate(value.charAt(i))
                        || i + 1 == length
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    throw refused(column, "must be valid Unicode", "half a surrogate pair at position " + i);
                }
                i++;
            }
        }
    }

    private static @Nullable BigDecimal whole(OptionalLong value) {
        return value.isPresent() ? BigDecimal.valueOf(value.getAsLong()) : null;
    }

    private static @Nullable BigDecimal whole(OptionalInt value) {
        return value.isPresent() ? BigDecimal.valueOf(value.getAsInt()) : null;
    }

    private static @Nullable BigDecimal real(OptionalDouble value) {
        return value.isPresent() ? BigDecimal.valueOf(value.getAsDouble()) : null;
    }

    private record Id(Column column, Function<InferenceRecord, UUID> value) implements Field {
        @Override
        public void check(InferenceRecord row) {}

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            out.value().uuid(value.apply(row));
        }

        @Override
        public Object of(InferenceRecord row) {
            return value.apply(row);
        }
    }

    private record Time(Column column, Function<InferenceRecord, Instant> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            checkTime(column, value.apply(row));
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            out.value().time(value.apply(row));
        }

        @Override
        public Object of(InferenceRecord row) {
            return value.apply(row);
        }
    }

    private record NullableId(Column column, Function<InferenceRecord, Optional<UUID>> value) implements Field {
        @Override
        public void check(InferenceRecord row) {}

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            Optional<UUID> given = value.apply(row);
            if (given.isPresent()) {
                out.present().uuid(given.get());
            } else {
                out.absent(2 * Long.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return value.apply(row).orElse(null);
        }
    }

    private record NullableTime(Column column, Function<InferenceRecord, Optional<Instant>> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            Optional<Instant> given = value.apply(row);
            if (given.isPresent()) {
                checkTime(column, given.get());
            }
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            Optional<Instant> given = value.apply(row);
            if (given.isPresent()) {
                out.present().time(given.get());
            } else {
                out.absent(Long.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return value.apply(row).orElse(null);
        }
    }

    private record Count(Column column, Function<InferenceRecord, OptionalLong> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            OptionalLong given = value.apply(row);
            if (given.isPresent()) {
                checkRange(column, given.getAsLong(), 0, MAX_UINT32);
            }
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            OptionalLong given = value.apply(row);
            if (given.isPresent()) {
                out.present().int32((int) given.getAsLong());
            } else {
                out.absent(Integer.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return whole(value.apply(row));
        }
    }

    private record Span(Column column, Function<InferenceRecord, OptionalLong> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            OptionalLong given = value.apply(row);
            if (given.isPresent()) {
                checkRange(column, given.getAsLong(), 0, MAX_DURATION_US);
            }
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            OptionalLong given = value.apply(row);
            if (given.isPresent()) {
                out.present().int64(given.getAsLong());
            } else {
                out.absent(Long.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return whole(value.apply(row));
        }
    }

    private record Small(Column column, Function<InferenceRecord, OptionalInt> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            OptionalInt given = value.apply(row);
            if (given.isPresent()) {
                checkRange(column, given.getAsInt(), 0, MAX_UINT16);
            }
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            OptionalInt given = value.apply(row);
            if (given.isPresent()) {
                out.present().int16(given.getAsInt());
            } else {
                out.absent(Short.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return whole(value.apply(row));
        }
    }

    private record Signed(Column column, Function<InferenceRecord, OptionalInt> value) implements Field {
        @Override
        public void check(InferenceRecord row) {}

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            OptionalInt given = value.apply(row);
            if (given.isPresent()) {
                out.present().int32(given.getAsInt());
            } else {
                out.absent(Integer.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return whole(value.apply(row));
        }
    }

    private record Money(Column column, Function<InferenceRecord, Optional<BigDecimal>> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            Optional<BigDecimal> given = value.apply(row);
            if (given.isPresent()) {
                checkMoney(column, given.get());
            }
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            Optional<BigDecimal> given = value.apply(row);
            if (given.isPresent()) {
                out.present()
                        .int64(given.get().setScale(COST_SCALE).unscaledValue().longValueExact());
            } else {
                out.absent(Long.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return value.apply(row).orElse(null);
        }
    }

    private record Flag(Column column, Function<InferenceRecord, Optional<Boolean>> value) implements Field {
        @Override
        public void check(InferenceRecord row) {}

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            Optional<Boolean> given = value.apply(row);
            if (given.isPresent()) {
                out.present().int8(given.get() ? 1 : 0);
            } else {
                out.absent(1);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return value.apply(row).orElse(null);
        }
    }

    private record Address(Column column, Function<InferenceRecord, Optional<InetAddress>> value) implements Field {
        @Override
        public void check(InferenceRecord row) {}

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            Optional<InetAddress> given = value.apply(row);
            if (given.isPresent()) {
                out.present().address(given.get());
            } else {
                out.absent(2 * Long.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return value.apply(row).orElse(null);
        }
    }

    private record Real(Column column, Function<InferenceRecord, OptionalDouble> value) implements Field {
        @Override
        public void check(InferenceRecord row) {}

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            OptionalDouble given = value.apply(row);
            if (given.isPresent()) {
                out.present().int64(Double.doubleToLongBits(given.getAsDouble()));
            } else {
                out.absent(Long.BYTES);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return real(value.apply(row));
        }
    }

    private record Text(Column column, Function<InferenceRecord, Optional<String>> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            Optional<String> given = value.apply(row);
            if (given.isPresent()) {
                checkText(column, given.get());
            }
        }

        @Override
        public long length(InferenceRecord row) {
            return value.apply(row).map(String::length).orElse(0);
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            Optional<String> given = value.apply(row);
            if (given.isPresent()) {
                out.present().text(given.get());
            } else {
                out.absent(1);
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return value.apply(row).orElse(null);
        }
    }

    /** A text with few values, which go into a dictionary. */
    private record Word(Column column, Function<InferenceRecord, Optional<String>> value) implements Field {
        @Override
        public void check(InferenceRecord row) {
            Optional<String> given = value.apply(row);
            if (given.isPresent()) {
                checkText(column, given.get());
            }
        }

        @Override
        public long length(InferenceRecord row) {
            return value.apply(row).map(String::length).orElse(0);
        }

        @Override
        public void append(InferenceRecord row, ColumnBuffer out) {
            Optional<String> given = value.apply(row);
            if (given.isPresent()) {
                out.word(given.get());
            } else {
                out.noWord();
            }
        }

        @Override
        public @Nullable Object of(InferenceRecord row) {
            return value.apply(row).orElse(null);
        }
    }
}
