package io.budmetrics.record;

import io.budmetrics.internal.record.RecordColumn;
import io.budmetrics.internal.record.ValueKind;
import io.budmetrics.record.InferenceRecord.Builder;
import io.budmetrics.schema.Column;
import io.budmetrics.schema.InferenceFact;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a record, one line each, and the rules between columns. A new column is a line here and an accessor in
 * {@link InferenceRecord}: how it is checked, written and told in JSON follows from its kind.
 */
// with the long name of the builder most columns would take five lines
@SuppressWarnings("BadImport")
final class InferenceColumns {
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;
    private static final int MAX_UINT16 = 0xFFFF;
    /** 366 days: longer is a broken clock, and would spoil sums. */
    private static final long MAX_DURATION_US = 366L * 86_400 * 1_000_000;

    private static final int COST_SCALE = 12;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** Every column in the order of the table, save ingested_at, which the server fills. */
    static final List<RecordColumn<InferenceRecord, Builder>> ALL = List.of(
            RecordColumn.required(
                    InferenceFact.INFERENCE_ID, ValueKind.ID, InferenceRecord::inferenceId, Builder::inferenceId),
            id(InferenceFact.PROJECT_ID, InferenceRecord::projectId, Builder::projectId),
            id(InferenceFact.ENDPOINT_ID, InferenceRecord::endpointId, Builder::endpointId),
            id(InferenceFact.MODEL_ID, InferenceRecord::modelId, Builder::modelId),
            id(InferenceFact.API_KEY_ID, InferenceRecord::apiKeyId, Builder::apiKeyId),
            id(InferenceFact.API_KEY_PROJECT_ID, InferenceRecord::apiKeyProjectId, Builder::apiKeyProjectId),
            text(InferenceFact.USER_ID, InferenceRecord::userId, Builder::userId),
            RecordColumn.required(
                    InferenceFact.REQUEST_ARRIVAL_TIME,
                    ValueKind.TIME,
                    InferenceRecord::requestArrivalTime,
                    Builder::requestArrivalTime),
            time(InferenceFact.REQUEST_FORWARD_TIME, InferenceRecord::requestForwardTime, Builder::requestForwardTime),
            time(InferenceFact.REQUEST_TIMESTAMP, InferenceRecord::requestTimestamp, Builder::requestTimestamp),
            time(InferenceFact.RESPONSE_TIMESTAMP, InferenceRecord::responseTimestamp, Builder::responseTimestamp),
            flag(InferenceFact.IS_SUCCESS, InferenceRecord::isSuccess, Builder::isSuccess),
            small(InferenceFact.STATUS_CODE, 100, 599, InferenceRecord::statusCode, Builder::statusCode),
            money(InferenceFact.COST, InferenceRecord::cost, Builder::cost),
            money(InferenceFact.INFERENCE_COST, InferenceRecord::inferenceCost, Builder::inferenceCost),
            text(InferenceFact.RESPONSE_ANALYSIS, InferenceRecord::responseAnalysis, Builder::responseAnalysis),
            text(InferenceFact.ERROR_CODE, InferenceRecord::errorCode, Builder::errorCode),
            text(InferenceFact.ERROR_TYPE, InferenceRecord::errorType, Builder::errorType),
            text(InferenceFact.ERROR_MESSAGE, InferenceRecord::errorMessage, Builder::errorMessage),
            id(InferenceFact.MODEL_INFERENCE_ID, InferenceRecord::modelInferenceId, Builder::modelInferenceId),
            text(InferenceFact.MODEL_NAME, InferenceRecord::modelName, Builder::modelName),
            text(InferenceFact.MODEL_PROVIDER, InferenceRecord::modelProvider, Builder::modelProvider),
            text(InferenceFact.MODEL_VERSION, InferenceRecord::modelVersion, Builder::modelVersion),
            text(InferenceFact.ENDPOINT_TYPE, InferenceRecord::endpointType, Builder::endpointType),
            count(InferenceFact.INPUT_TOKENS, InferenceRecord::inputTokens, Builder::inputTokens),
            count(InferenceFact.OUTPUT_TOKENS, InferenceRecord::outputTokens, Builder::outputTokens),
            count(InferenceFact.CACHE_READ_TOKENS, InferenceRecord::cacheReadTokens, Builder::cacheReadTokens),
            count(InferenceFact.CACHE_WRITE_TOKENS, InferenceRecord::cacheWriteTokens, Builder::cacheWriteTokens),
            count(InferenceFact.REASONING_TOKENS, InferenceRecord::reasoningTokens, Builder::reasoningTokens),
            span(InferenceFact.RESPONSE_TIME_US, InferenceRecord::responseTimeUs, Builder::responseTimeUs),
            span(InferenceFact.TTFT_US, InferenceRecord::ttftUs, Builder::ttftUs),
            flag(InferenceFact.CACHED, InferenceRecord::cached, Builder::cached),
            flag(InferenceFact.STREAMED, InferenceRecord::streamed, Builder::streamed),
            text(InferenceFact.FINISH_REASON, InferenceRecord::finishReason, Builder::finishReason),
            text(InferenceFact.SYSTEM_PROMPT, InferenceRecord::systemPrompt, Builder::systemPrompt),
            text(InferenceFact.INPUT_MESSAGES, InferenceRecord::inputMessages, Builder::inputMessages),
            text(InferenceFact.OUTPUT, InferenceRecord::output, Builder::output),
            text(InferenceFact.RAW_REQUEST, InferenceRecord::rawRequest, Builder::rawRequest),
            text(InferenceFact.RAW_RESPONSE, InferenceRecord::rawResponse, Builder::rawResponse),
            text(InferenceFact.GATEWAY_REQUEST, InferenceRecord::gatewayRequest, Builder::gatewayRequest),
            text(InferenceFact.GATEWAY_RESPONSE, InferenceRecord::gatewayResponse, Builder::gatewayResponse),
            text(
                    InferenceFact.GUARDRAIL_SCAN_SUMMARY,
                    InferenceRecord::guardrailScanSummary,
                    Builder::guardrailScanSummary),
            time(
                    InferenceFact.MODEL_INFERENCE_TIMESTAMP,
                    InferenceRecord::modelInferenceTimestamp,
                    Builder::modelInferenceTimestamp),
            id(InferenceFact.CHAT_INFERENCE_ID, InferenceRecord::chatInferenceId, Builder::chatInferenceId),
            id(InferenceFact.EPISODE_ID, InferenceRecord::episodeId, Builder::episodeId),
            text(InferenceFact.FUNCTION_NAME, InferenceRecord::functionName, Builder::functionName),
            text(InferenceFact.VARIANT_NAME, InferenceRecord::variantName, Builder::variantName),
            span(InferenceFact.PROCESSING_TIME_US, InferenceRecord::processingTimeUs, Builder::processingTimeUs),
            text(InferenceFact.CHAT_INPUT, InferenceRecord::chatInput, Builder::chatInput),
            text(InferenceFact.CHAT_OUTPUT, InferenceRecord::chatOutput, Builder::chatOutput),
            text(InferenceFact.TAGS, InferenceRecord::tags, Builder::tags),
            text(InferenceFact.INFERENCE_PARAMS, InferenceRecord::inferenceParams, Builder::inferenceParams),
            text(InferenceFact.EXTRA_BODY, InferenceRecord::extraBody, Builder::extraBody),
            text(InferenceFact.TOOL_PARAMS, InferenceRecord::toolParams, Builder::toolParams),
            text(InferenceFact.COUNTRY_CODE, InferenceRecord::countryCode, Builder::countryCode),
            text(InferenceFact.COUNTRY_NAME, InferenceRecord::countryName, Builder::countryName),
            text(InferenceFact.REGION, InferenceRecord::region, Builder::region),
            text(InferenceFact.CITY, InferenceRecord::city, Builder::city),
            text(InferenceFact.TIMEZONE, InferenceRecord::timezone, Builder::timezone),
            degrees(InferenceFact.LATITUDE, 90, InferenceRecord::latitude, Builder::latitude),
            degrees(InferenceFact.LONGITUDE, 180, InferenceRecord::longitude, Builder::longitude),
            count(InferenceFact.ASN, InferenceRecord::asn, Builder::asn),
            text(InferenceFact.ISP, InferenceRecord::isp, Builder::isp),
            address(InferenceFact.REQUEST_IP, InferenceRecord::requestIp, Builder::requestIp),
            address(InferenceFact.CLIENT_IP, InferenceRecord::clientIp, Builder::clientIp),
            text(InferenceFact.USER_AGENT, InferenceRecord::userAgent, Builder::userAgent),
            text(InferenceFact.DEVICE_TYPE, InferenceRecord::deviceType, Builder::deviceType),
            text(InferenceFact.BROWSER_NAME, InferenceRecord::browserName, Builder::browserName),
            text(InferenceFact.BROWSER_VERSION, InferenceRecord::browserVersion, Builder::browserVersion),
            text(InferenceFact.OS_NAME, InferenceRecord::osName, Builder::osName),
            text(InferenceFact.OS_VERSION, InferenceRecord::osVersion, Builder::osVersion),
            flag(InferenceFact.IS_BOT, InferenceRecord::isBot, Builder::isBot),
            text(InferenceFact.METHOD, InferenceRecord::method, Builder::method),
            text(InferenceFact.PATH, InferenceRecord::path, Builder::path),
            text(InferenceFact.QUERY_PARAMS, InferenceRecord::queryParams, Builder::queryParams),
            text(InferenceFact.PROTOCOL_VERSION, InferenceRecord::protocolVersion, Builder::protocolVersion),
            count(InferenceFact.BODY_SIZE, InferenceRecord::bodySize, Builder::bodySize),
            count(InferenceFact.RESPONSE_SIZE, InferenceRecord::responseSize, Builder::responseSize),
            span(
                    InferenceFact.GATEWAY_PROCESSING_US,
                    InferenceRecord::gatewayProcessingUs,
                    Builder::gatewayProcessingUs),
            span(InferenceFact.TOTAL_DURATION_US, InferenceRecord::totalDurationUs, Builder::totalDurationUs),
            text(InferenceFact.ROUTING_DECISION, InferenceRecord::routingDecision, Builder::routingDecision),
            text(InferenceFact.PROXY_CHAIN, InferenceRecord::proxyChain, Builder::proxyChain),
            flag(InferenceFact.IS_BLOCKED, InferenceRecord::isBlocked, Builder::isBlocked),
            text(InferenceFact.BLOCK_REASON, InferenceRecord::blockReason, Builder::blockReason),
            text(InferenceFact.BLOCK_RULE_ID, InferenceRecord::blockRuleId, Builder::blockRuleId),
            text(InferenceFact.REQUEST_HEADERS, InferenceRecord::requestHeaders, Builder::requestHeaders),
            text(InferenceFact.RESPONSE_HEADERS, InferenceRecord::responseHeaders, Builder::responseHeaders),
            text(InferenceFact.GATEWAY_TAGS, InferenceRecord::gatewayTags, Builder::gatewayTags),
            id(InferenceFact.BLOCKING_EVENT_ID, InferenceRecord::blockingEventId, Builder::blockingEventId),
            id(InferenceFact.RULE_ID, InferenceRecord::ruleId, Builder::ruleId),
            text(InferenceFact.RULE_TYPE, InferenceRecord::ruleType, Builder::ruleType),
            text(InferenceFact.RULE_NAME, InferenceRecord::ruleName, Builder::ruleName),
            small(
                    InferenceFact.RULE_PRIORITY,
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE,
                    InferenceRecord::rulePriority,
                    Builder::rulePriority),
            text(InferenceFact.ACTION_TAKEN, InferenceRecord::actionTaken, Builder::actionTaken),
            text(InferenceFact.BLOCK_REASON_DETAIL, InferenceRecord::blockReasonDetail, Builder::blockReasonDetail),
            time(InferenceFact.BLOCKED_AT, InferenceRecord::blockedAt, Builder::blockedAt),
            text(InferenceFact.PROMPT_ID, InferenceRecord::promptId, Builder::promptId),
            text(InferenceFact.CLIENT_PROMPT_ID, InferenceRecord::clientPromptId, Builder::clientPromptId),
            text(InferenceFact.PROMPT_VERSION, InferenceRecord::promptVersion, Builder::promptVersion),
            id(InferenceFact.PROMPT_VERSION_ID, InferenceRecord::promptVersionId, Builder::promptVersionId),
            text(InferenceFact.PROMPT_VARIABLES, InferenceRecord::promptVariables, Builder::promptVariables),
            text(InferenceFact.RESPONSE_ID, InferenceRecord::responseId, Builder::responseId),
            text(InferenceFact.RESPONSE_STATUS, InferenceRecord::responseStatus, Builder::responseStatus),
            span(InferenceFact.AUDIO_DURATION_US, InferenceRecord::audioDurationUs, Builder::audioDurationUs),
            text(InferenceFact.AUDIO_LANGUAGE, InferenceRecord::audioLanguage, Builder::audioLanguage),
            text(
                    InferenceFact.AUDIO_DETECTED_LANGUAGE,
                    InferenceRecord::audioDetectedLanguage,
                    Builder::audioDetectedLanguage),
            text(InferenceFact.AUDIO_VOICE, InferenceRecord::audioVoice, Builder::audioVoice),
            text(
                    InferenceFact.AUDIO_RESPONSE_FORMAT,
                    InferenceRecord::audioResponseFormat,
                    Builder::audioResponseFormat),
            count(InferenceFact.TTS_CHARACTER_COUNT, InferenceRecord::ttsCharacterCount, Builder::ttsCharacterCount),
            small(
                    InferenceFact.IMAGES_GENERATED,
                    0,
                    MAX_UINT16,
                    InferenceRecord::imagesGenerated,
                    Builder::imagesGenerated),
            text(InferenceFact.IMAGE_SIZE, InferenceRecord::imageSize, Builder::imageSize),
            text(InferenceFact.IMAGE_QUALITY, InferenceRecord::imageQuality, Builder::imageQuality),
            text(InferenceFact.IMAGE_STYLE, InferenceRecord::imageStyle, Builder::imageStyle),
            count(
                    InferenceFact.EMBEDDING_INPUT_COUNT,
                    InferenceRecord::embeddingInputCount,
                    Builder::embeddingInputCount),
            count(
                    InferenceFact.EMBEDDING_DIMENSIONS,
                    InferenceRecord::embeddingDimensions,
                    Builder::embeddingDimensions),
            text(
                    InferenceFact.EMBEDDING_ENCODING_FORMAT,
                    InferenceRecord::embeddingEncodingFormat,
                    Builder::embeddingEncodingFormat),
            small(
                    InferenceFact.DOCUMENT_PAGE_COUNT,
                    0,
                    MAX_UINT16,
                    InferenceRecord::documentPageCount,
                    Builder::documentPageCount));

    private InferenceColumns() {}

    private static RecordColumn<InferenceRecord, Builder> id(
            Column column, Function<InferenceRecord, Optional<UUID>> get, BiConsumer<Builder, UUID> set) {
        return RecordColumn.optional(column, ValueKind.ID, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> time(
            Column column, Function<InferenceRecord, Optional<Instant>> get, BiConsumer<Builder, Instant> set) {
        return RecordColumn.optional(column, ValueKind.TIME, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> flag(
            Column column, Function<InferenceRecord, Optional<Boolean>> get, BiConsumer<Builder, Boolean> set) {
        return RecordColumn.optional(column, ValueKind.FLAG, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> money(
            Column column, Function<InferenceRecord, Optional<BigDecimal>> get, BiConsumer<Builder, BigDecimal> set) {
        return RecordColumn.optional(column, ValueKind.MONEY, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> text(
            Column column, Function<InferenceRecord, Optional<String>> get, BiConsumer<Builder, String> set) {
        return RecordColumn.optional(column, ValueKind.TEXT, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> address(
            Column column, Function<InferenceRecord, Optional<InetAddress>> get, BiConsumer<Builder, InetAddress> set) {
        return RecordColumn.optional(column, ValueKind.ADDRESS, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> count(
            Column column, Function<InferenceRecord, OptionalLong> get, ObjLongConsumer<Builder> set) {
        return RecordColumn.whole(column, 0, MAX_UINT32, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> span(
            Column column, Function<InferenceRecord, OptionalLong> get, ObjLongConsumer<Builder> set) {
        return RecordColumn.whole(column, 0, MAX_DURATION_US, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> small(
            Column column,
            int least,
            int greatest,
            Function<InferenceRecord, OptionalInt> get,
            ObjIntConsumer<Builder> set) {
        return RecordColumn.small(column, least, greatest, get, set);
    }

    private static RecordColumn<InferenceRecord, Builder> degrees(
            Column column, int limit, Function<InferenceRecord, OptionalDouble> get, ObjDoubleConsumer<Builder> set) {
        return RecordColumn.real(column, limit, get, set);
    }

    /** Throws when the record is impossible. */
    static void check(InferenceRecord row) {
        for (RecordColumn<InferenceRecord, Builder> column : ALL) {
            column.check(row);
        }
        Optional<Instant> forwarded = row.requestForwardTime();
        if (forwarded.isPresent() && forwarded.get().isBefore(row.requestArrivalTime())) {
            throw ValueKind.refused(
                    InferenceFact.REQUEST_FORWARD_TIME,
                    forwarded.get().toString(),
                    "a time that is not before " + InferenceFact.REQUEST_ARRIVAL_TIME.name() + ", which is "
                            + row.requestArrivalTime());
        }
        OptionalLong response = row.responseTimeUs();
        OptionalLong ttft = row.ttftUs();
        if (response.isPresent() && ttft.isPresent() && ttft.getAsLong() > response.getAsLong()) {
            throw ValueKind.refused(
                    InferenceFact.TTFT_US,
                    Long.toString(ttft.getAsLong()),
                    "at most " + InferenceFact.RESPONSE_TIME_US.name() + ", which is " + response.getAsLong());
        }
    }

    /**
     * The record itself when its times are whole microseconds and its costs have 0 to 12 decimals, else one in which they are
     * written so.
     */
    static InferenceRecord normalized(InferenceRecord row) {
        if (whole(row.requestArrivalTime())
                && whole(row.requestForwardTime())
                && whole(row.requestTimestamp())
                && whole(row.responseTimestamp())
                && whole(row.modelInferenceTimestamp())
                && whole(row.blockedAt())
                && plain(row.cost())
                && plain(row.inferenceCost())) {
            return row;
        }
        return row.toBuilder()
                .requestArrivalTime(cut(row.requestArrivalTime()))
                .requestForwardTime(row.requestForwardTime().map(InferenceColumns::cut))
                .requestTimestamp(row.requestTimestamp().map(InferenceColumns::cut))
                .responseTimestamp(row.responseTimestamp().map(InferenceColumns::cut))
                .modelInferenceTimestamp(row.modelInferenceTimestamp().map(InferenceColumns::cut))
                .blockedAt(row.blockedAt().map(InferenceColumns::cut))
                .cost(row.cost().map(InferenceColumns::plain))
                .inferenceCost(row.inferenceCost().map(InferenceColumns::plain))
                .build();
    }

    /** The duration in microseconds, cut; empty when there is none. */
    static OptionalLong micros(@Nullable Duration duration) {
        return duration == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.addExact(
                        Math.multiplyExact(duration.getSeconds(), MICROS_PER_SECOND),
                        duration.getNano() / NANOS_PER_MICRO));
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

    private static boolean plain(Optional<BigDecimal> cost) {
        return cost.isEmpty() || (cost.get().scale() >= 0 && cost.get().scale() <= COST_SCALE);
    }

    /** Without its zeros first: a zero can have two billion decimals, and setting their number would write them out. */
    private static BigDecimal plain(BigDecimal cost) {
        if (cost.scale() >= 0 && cost.scale() <= COST_SCALE) {
            return cost;
        }
        BigDecimal stripped = cost.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
