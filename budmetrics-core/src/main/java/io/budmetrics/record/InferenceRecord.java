package io.budmetrics.record;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.error.BudMetricsException;
import io.budmetrics.internal.access.HasInternals;
import io.budmetrics.internal.record.RecordColumn;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.immutables.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * One inference, as it is written to the table <code>InferenceFact</code>. Every column but <code>ingested_at</code>
 * has an accessor of its name, in camel case. The id and the time of arrival are required; whatever else was not
 * measured or is not known stays empty, and is then absent from answers instead of counting as 0. Immutable.
 *
 * <p>A record that cannot be true is refused when it is built, with the column's name and the number that was given:
 * a negative or too great number, a first token after the last, a forward before the arrival, a cost finer than 12
 * decimals, a time outside the years 1970 to 2105, a status code outside 100 to 599, a place that is not on earth.
 * Texts are stored verbatim; refused is only one with half a surrogate pair, since it has no UTF-8, and one of more than
 * 268,435,456 characters. An empty text is a text, not an absent one. How cache and reasoning tokens relate to input and
 * output tokens is not checked, since providers count them differently.
 *
 * <p>Project, arrival time and id together are the inference: records that agree in the three are one inference, of which
 * the last one written counts. The same id with another arrival time or project is another inference, so a second
 * delivery must repeat them.
 *
 * <p>Times are cut to the microsecond, towards the past, when the record is built; so is a {@link Duration}. In the builder,
 * null is the same as not given: an optional column stays empty, and a required one is missing.
 *
 * <p>Jackson 2 and 3 write a record as an object with a field for each column that has a value, under the column's name, and
 * read back an equal record: ids, times, addresses and costs are texts, so that they stay exact.
 */
@Value.Immutable
@RecordStyle
public abstract class InferenceRecord
        extends HasInternals<List<RecordColumn<InferenceRecord, InferenceRecord.Builder>>> {
    /** For the generated subclass. */
    InferenceRecord() {
        super(InferenceColumns.ALL);
    }

    /**
     * An empty builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that holds the values of this record.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return new Builder().from(this);
    }

    // Identity

    /**
     * Identity of the inference.
     *
     * @return the id
     */
    public abstract UUID inferenceId();

    /**
     * The project that owns the endpoint.
     *
     * @return the id; empty: not attributed
     */
    public abstract Optional<UUID> projectId();

    /**
     * The endpoint that was called.
     *
     * @return the id; empty: not attributed
     */
    public abstract Optional<UUID> endpointId();

    /**
     * The model that answered.
     *
     * @return the id; empty: no model was reached or known
     */
    public abstract Optional<UUID> modelId();

    /**
     * The API key of the caller.
     *
     * @return the id; empty: no key or not known
     */
    public abstract Optional<UUID> apiKeyId();

    /**
     * The project that owns the API key: the user project.
     *
     * @return the id; empty: no key or not known
     */
    public abstract Optional<UUID> apiKeyProjectId();

    /**
     * The end user, as the caller names them.
     *
     * @return the text, verbatim; empty: not given
     */
    public abstract Optional<String> userId();

    // Time

    /**
     * When the request arrived: event time.
     *
     * @return the instant, to the microsecond
     */
    public abstract Instant requestArrivalTime();

    /**
     * When the request was forwarded to the model; not before the arrival.
     *
     * @return the instant, to the microsecond; empty: not forwarded or not measured
     */
    public abstract Optional<Instant> requestForwardTime();

    /**
     * When the gateway read the request, by its own clock.
     *
     * @return the instant, to the microsecond; empty: not measured
     */
    public abstract Optional<Instant> requestTimestamp();

    /**
     * When the gateway had sent the response, by its own clock.
     *
     * @return the instant, to the microsecond; empty: not measured
     */
    public abstract Optional<Instant> responseTimestamp();

    // Outcome and cost

    /**
     * Whether the request succeeded.
     *
     * @return true or false; empty: not known
     */
    public abstract Optional<Boolean> isSuccess();

    /**
     * HTTP status that the caller got.
     *
     * @return 100 to 599; empty: not known
     */
    public abstract OptionalInt statusCode();

    /**
     * Price billed to the caller.
     *
     * @return currency of the installation, 0 to 999,999.999999999999, at most 12 decimals; empty: not priced
     */
    public abstract Optional<BigDecimal> cost();

    /**
     * What the provider charges.
     *
     * @return currency of the installation, 0 to 999,999.999999999999, at most 12 decimals; empty: not known
     */
    public abstract Optional<BigDecimal> inferenceCost();

    /**
     * Analysis of the response, as JSON.
     *
     * @return the text, verbatim; empty: not analysed
     */
    public abstract Optional<String> responseAnalysis();

    // Error

    /**
     * Code of the error, as the gateway names it.
     *
     * @return the text, verbatim; empty: no error or not known
     */
    public abstract Optional<String> errorCode();

    /**
     * Kind of the error.
     *
     * @return the text, verbatim; empty: no error or not known
     */
    public abstract Optional<String> errorType();

    /**
     * Text of the error.
     *
     * @return the text, verbatim; empty: no error or not known
     */
    public abstract Optional<String> errorMessage();

    // Model

    /**
     * The call to the model that gave the answer, when it has an identity of its own.
     *
     * @return the id; empty: none
     */
    public abstract Optional<UUID> modelInferenceId();

    /**
     * Name of the model.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> modelName();

    /**
     * Who runs the model.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> modelProvider();

    /**
     * Version of the model.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> modelVersion();

    /**
     * Kind of the endpoint, such as chat or embedding.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> endpointType();

    // Performance

    /**
     * Input tokens, as the provider counts them.
     *
     * @return tokens, 0 to 4,294,967,295; empty: not measured
     */
    public abstract OptionalLong inputTokens();

    /**
     * Output tokens, as the provider counts them.
     *
     * @return tokens, 0 to 4,294,967,295; empty: not measured
     */
    public abstract OptionalLong outputTokens();

    /**
     * Input tokens read from the prompt cache; some providers count them in the input tokens, others beside them.
     *
     * @return tokens, 0 to 4,294,967,295; empty: not measured
     */
    public abstract OptionalLong cacheReadTokens();

    /**
     * Input tokens written to the prompt cache; some providers count them in the input tokens, others beside them.
     *
     * @return tokens, 0 to 4,294,967,295; empty: not measured
     */
    public abstract OptionalLong cacheWriteTokens();

    /**
     * Tokens spent on reasoning; some providers count them in the output tokens, others beside them.
     *
     * @return tokens, 0 to 4,294,967,295; empty: not measured
     */
    public abstract OptionalLong reasoningTokens();

    /**
     * End-to-end latency, from arrival to the last byte.
     *
     * @return microseconds, 0 to 31,622,400,000,000 (366 days); empty: not measured
     */
    public abstract OptionalLong responseTimeUs();

    /**
     * Time to first token, from arrival; not above the latency.
     *
     * @return microseconds, 0 to 31,622,400,000,000 (366 days); empty: not measured or not streamed
     */
    public abstract OptionalLong ttftUs();

    /**
     * Whether the response cache answered.
     *
     * @return true or false; empty: not known
     */
    public abstract Optional<Boolean> cached();

    /**
     * Whether the answer was streamed.
     *
     * @return true or false; empty: not known
     */
    public abstract Optional<Boolean> streamed();

    /**
     * Why the model stopped, such as stop, length, tool_call or content_filter.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> finishReason();

    // Content

    /**
     * System prompt.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> systemPrompt();

    /**
     * Messages sent to the model, as JSON.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> inputMessages();

    /**
     * What the model answered, as JSON.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> output();

    /**
     * Request to the provider, verbatim.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> rawRequest();

    /**
     * Response of the provider, verbatim.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> rawResponse();

    /**
     * Request to the gateway, verbatim.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> gatewayRequest();

    /**
     * Response of the gateway, verbatim.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> gatewayResponse();

    /**
     * What the guardrails found, as JSON.
     *
     * @return the text, verbatim; empty: not scanned
     */
    public abstract Optional<String> guardrailScanSummary();

    /**
     * When the model provider dates the answer.
     *
     * @return the instant, to the microsecond; empty: not known
     */
    public abstract Optional<Instant> modelInferenceTimestamp();

    // Chat

    /**
     * Identity of the chat inference.
     *
     * @return the id; empty: not a chat
     */
    public abstract Optional<UUID> chatInferenceId();

    /**
     * The episode: inferences that belong together.
     *
     * @return the id; empty: none
     */
    public abstract Optional<UUID> episodeId();

    /**
     * Name of the function.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> functionName();

    /**
     * Variant of the function.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> variantName();

    /**
     * Time spent in the function, model calls included.
     *
     * @return microseconds, 0 to 31,622,400,000,000 (366 days); empty: not measured
     */
    public abstract OptionalLong processingTimeUs();

    /**
     * Input of the function, as JSON.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> chatInput();

    /**
     * Output of the function, as JSON.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> chatOutput();

    /**
     * Tags of the caller, as JSON.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> tags();

    /**
     * Parameters of the model call, as JSON.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> inferenceParams();

    /**
     * Extra body fields, as JSON.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> extraBody();

    /**
     * Tools offered, as JSON.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> toolParams();

    // Geography

    /**
     * Country of the caller, ISO 3166 alpha-2.
     *
     * @return the text, verbatim; empty: not located
     */
    public abstract Optional<String> countryCode();

    /**
     * Name of the country.
     *
     * @return the text, verbatim; empty: not located
     */
    public abstract Optional<String> countryName();

    /**
     * Region of the caller.
     *
     * @return the text, verbatim; empty: not located
     */
    public abstract Optional<String> region();

    /**
     * City of the caller.
     *
     * @return the text, verbatim; empty: not located
     */
    public abstract Optional<String> city();

    /**
     * Time zone of the caller, IANA name.
     *
     * @return the text, verbatim; empty: not located
     */
    public abstract Optional<String> timezone();

    /**
     * Latitude of the caller.
     *
     * @return degrees, -90 to 90; empty: not located
     */
    public abstract OptionalDouble latitude();

    /**
     * Longitude of the caller.
     *
     * @return degrees, -180 to 180; empty: not located
     */
    public abstract OptionalDouble longitude();

    /**
     * Autonomous system of the caller.
     *
     * @return 0 to 4,294,967,295; empty: not located
     */
    public abstract OptionalLong asn();

    /**
     * Network operator of the caller.
     *
     * @return the text, verbatim; empty: not located
     */
    public abstract Optional<String> isp();

    // Client

    /**
     * Address the request came from; IPv4 as IPv4-mapped IPv6.
     *
     * @return the address, without a scope; empty: not kept
     */
    public abstract Optional<InetAddress> requestIp();

    /**
     * Address of the client as the gateway sees it behind proxies; IPv4 as IPv4-mapped IPv6.
     *
     * @return the address, without a scope; empty: not kept
     */
    public abstract Optional<InetAddress> clientIp();

    /**
     * User agent, verbatim.
     *
     * @return the text, verbatim; empty: not given
     */
    public abstract Optional<String> userAgent();

    /**
     * Kind of device.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> deviceType();

    /**
     * Browser or client library.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> browserName();

    /**
     * Version of the browser.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> browserVersion();

    /**
     * Operating system.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> osName();

    /**
     * Version of the operating system.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> osVersion();

    /**
     * Whether the client is a bot.
     *
     * @return true or false; empty: not known
     */
    public abstract Optional<Boolean> isBot();

    // Request

    /**
     * HTTP method.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> method();

    /**
     * Path of the URL.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> path();

    /**
     * Query string of the URL.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> queryParams();

    /**
     * HTTP version.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> protocolVersion();

    /**
     * Size of the request body.
     *
     * @return bytes, 0 to 4,294,967,295; empty: not measured
     */
    public abstract OptionalLong bodySize();

    /**
     * Size of the response body.
     *
     * @return bytes, 0 to 4,294,967,295; empty: not measured
     */
    public abstract OptionalLong responseSize();

    // Gateway

    /**
     * Time the gateway itself took.
     *
     * @return microseconds, 0 to 31,622,400,000,000 (366 days); empty: not measured
     */
    public abstract OptionalLong gatewayProcessingUs();

    /**
     * Time from reading the request to the end of the response, at the gateway.
     *
     * @return microseconds, 0 to 31,622,400,000,000 (366 days); empty: not measured
     */
    public abstract OptionalLong totalDurationUs();

    /**
     * How the request was routed.
     *
     * @return the text, verbatim; empty: not known
     */
    public abstract Optional<String> routingDecision();

    /**
     * Addresses of the proxies on the way.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> proxyChain();

    /**
     * Whether the gateway refused the request.
     *
     * @return true or false; empty: not known
     */
    public abstract Optional<Boolean> isBlocked();

    /**
     * Why it was refused.
     *
     * @return the text, verbatim; empty: not blocked
     */
    public abstract Optional<String> blockReason();

    /**
     * The rule that refused it, as the gateway names it.
     *
     * @return the text, verbatim; empty: not blocked
     */
    public abstract Optional<String> blockRuleId();

    /**
     * Headers of the request, as JSON.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> requestHeaders();

    /**
     * Headers of the response, as JSON.
     *
     * @return the text, verbatim; empty: not kept
     */
    public abstract Optional<String> responseHeaders();

    /**
     * Tags of the gateway, as JSON.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> gatewayTags();

    // Blocking event

    /**
     * Identity of the blocking event.
     *
     * @return the id; empty: not blocked
     */
    public abstract Optional<UUID> blockingEventId();

    /**
     * The rule that fired.
     *
     * @return the id; empty: not blocked
     */
    public abstract Optional<UUID> ruleId();

    /**
     * Kind of the rule.
     *
     * @return the text, verbatim; empty: not blocked
     */
    public abstract Optional<String> ruleType();

    /**
     * Name of the rule.
     *
     * @return the text, verbatim; empty: not blocked
     */
    public abstract Optional<String> ruleName();

    /**
     * Priority of the rule.
     *
     * @return any number; empty: not blocked
     */
    public abstract OptionalInt rulePriority();

    /**
     * What the rule did.
     *
     * @return the text, verbatim; empty: not blocked
     */
    public abstract Optional<String> actionTaken();

    /**
     * Why, in full.
     *
     * @return the text, verbatim; empty: not blocked
     */
    public abstract Optional<String> blockReasonDetail();

    /**
     * When the rule fired.
     *
     * @return the instant, to the microsecond; empty: not blocked
     */
    public abstract Optional<Instant> blockedAt();

    // Prompt

    /**
     * The prompt that was used; null or empty for plain inference.
     *
     * @return the text, verbatim; empty: plain inference
     */
    public abstract Optional<String> promptId();

    /**
     * The prompt, as the client names it.
     *
     * @return the text, verbatim; empty: plain inference
     */
    public abstract Optional<String> clientPromptId();

    /**
     * Version of the prompt.
     *
     * @return the text, verbatim; empty: plain inference
     */
    public abstract Optional<String> promptVersion();

    /**
     * Identity of that version.
     *
     * @return the id; empty: plain inference
     */
    public abstract Optional<UUID> promptVersionId();

    /**
     * Variables of the prompt, as JSON.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> promptVariables();

    /**
     * Identity of the response object.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> responseId();

    /**
     * Status of the response object.
     *
     * @return the text, verbatim; empty: none
     */
    public abstract Optional<String> responseStatus();

    // Modality

    /**
     * Length of the audio.
     *
     * @return microseconds, 0 to 31,622,400,000,000 (366 days); empty: no audio
     */
    public abstract OptionalLong audioDurationUs();

    /**
     * Language that was asked for.
     *
     * @return the text, verbatim; empty: no audio
     */
    public abstract Optional<String> audioLanguage();

    /**
     * Language that was heard.
     *
     * @return the text, verbatim; empty: no audio
     */
    public abstract Optional<String> audioDetectedLanguage();

    /**
     * Voice of the speech.
     *
     * @return the text, verbatim; empty: no audio
     */
    public abstract Optional<String> audioVoice();

    /**
     * Format of the audio or its transcript.
     *
     * @return the text, verbatim; empty: no audio
     */
    public abstract Optional<String> audioResponseFormat();

    /**
     * Characters spoken.
     *
     * @return characters, 0 to 4,294,967,295; empty: no speech
     */
    public abstract OptionalLong ttsCharacterCount();

    /**
     * Images in the answer.
     *
     * @return images, 0 to 65,535; empty: no images
     */
    public abstract OptionalInt imagesGenerated();

    /**
     * Size of the images.
     *
     * @return the text, verbatim; empty: no images
     */
    public abstract Optional<String> imageSize();

    /**
     * Quality of the images.
     *
     * @return the text, verbatim; empty: no images
     */
    public abstract Optional<String> imageQuality();

    /**
     * Style of the images.
     *
     * @return the text, verbatim; empty: no images
     */
    public abstract Optional<String> imageStyle();

    /**
     * Texts that were embedded.
     *
     * @return texts, 0 to 4,294,967,295; empty: no embedding
     */
    public abstract OptionalLong embeddingInputCount();

    /**
     * Dimensions of each embedding.
     *
     * @return dimensions, 0 to 4,294,967,295; empty: no embedding
     */
    public abstract OptionalLong embeddingDimensions();

    /**
     * Encoding of the embeddings.
     *
     * @return the text, verbatim; empty: no embedding
     */
    public abstract Optional<String> embeddingEncodingFormat();

    /**
     * Pages of the document.
     *
     * @return pages, 0 to 65,535; empty: no document
     */
    public abstract OptionalInt documentPageCount();

    /** In JSON, a field for each column that has a value; ids, times, addresses and costs are texts. */
    @JsonValue
    Map<String, Object> toJson() {
        return RecordJson.write(this);
    }

    /** Takes any JSON value, so that errors name the fields of a record. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static InferenceRecord fromJson(Object json) {
        return RecordJson.read(json);
    }

    /** Rejects what is impossible, and writes times to the microsecond. */
    @Value.Check
    InferenceRecord checked() {
        InferenceColumns.check(this);
        return InferenceColumns.normalized(this);
    }

    /** The time of arrival; no id and no text. */
    @Override
    public String toString() {
        return "InferenceRecord[" + requestArrivalTime() + "]";
    }

    /**
     * Collects the values of an {@link InferenceRecord}. The last value given to a column counts. Not safe for use by
     * several threads at a time.
     */
    public static final class Builder extends ImmutableInferenceRecord.Builder {
        Builder() {}

        /**
         * The end-to-end latency, cut to the microsecond.
         *
         * @param responseTime from arrival to the last byte
         * @return this builder
         * @throws ArithmeticException when it is longer than 290,000 years
         */
        @CanIgnoreReturnValue
        public Builder responseTime(@Nullable Duration responseTime) {
            return responseTimeUs(InferenceColumns.micros(responseTime));
        }

        /**
         * The time to first token, cut to the microsecond.
         *
         * @param ttft from arrival to the first token
         * @return this builder
         * @throws ArithmeticException when it is longer than 290,000 years
         */
        @CanIgnoreReturnValue
        public Builder ttft(@Nullable Duration ttft) {
            return ttftUs(InferenceColumns.micros(ttft));
        }

        /**
         * The record.
         *
         * @return the values given so far
         * @throws BudMetricsException INVALID_RECORD when the id or the time of arrival is missing, or a value cannot be
         *     true; the message names the column
         */
        @Override
        public InferenceRecord build() {
            return super.build();
        }
    }
}
