package io.budmetrics.clickhouse.synthetic;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.budmetrics.clickhouse.synthetic.Callers.Device;
import io.budmetrics.clickhouse.synthetic.Callers.Place;
import io.budmetrics.clickhouse.synthetic.SyntheticTraffic.Profile;
import io.budmetrics.clickhouse.synthetic.SyntheticWorld.Caller;
import io.budmetrics.clickhouse.synthetic.SyntheticWorld.Endpoint;
import io.budmetrics.clickhouse.synthetic.SyntheticWorld.Model;
import io.budmetrics.clickhouse.synthetic.SyntheticWorld.Project;
import io.budmetrics.clickhouse.synthetic.SyntheticWorld.Prompt;
import io.budmetrics.clickhouse.synthetic.SyntheticWorld.Workload;
import io.budmetrics.record.InferenceRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** One run through synthetic traffic. Not safe for use by several threads at a time. */
final class SyntheticStream implements Iterator<List<InferenceRecord>> {
    private static final long MINUTE_US = 60_000_000L;
    private static final long HOUR_US = 60 * MINUTE_US;
    private static final long DAY_US = 24 * HOUR_US;
    private static final int MOST_SLOTS = 200_000;
    private static final long MOST_US = 120_000_000L;
    private static final long CONTEXT_TOKENS = 128_000;
    private static final long OUTPUT_CAP = 8_192;
    private static final int PRICE_SCALE = 12;
    private static final double LAUNCH_STRENGTH = 30;

    /** 1970-01-01 was a Thursday. */
    private static final int FIRST_WEEKDAY = 3;

    private static final Weights DEVICES_OF_PEOPLE = Weights.of(34, 26, 32, 8);
    private static final Weights DEVICES_OF_PROGRAMS = Weights.of(55, 25, 20);
    private static final Weights CALLERS = Weights.of(60, 28, 12);
    private static final Weights PROMPTS = Weights.of(60, 30, 10);

    /** A time in which one project calls far more, or one provider fails far more. */
    private record Episode(long from, long until, int of, double strength) {
        boolean holds(long time) {
            return time >= from && time < until;
        }
    }

    private enum Failure {
        RATE_LIMIT("rate_limit", "429", 429, "too many requests"),
        TIMEOUT("timeout", "504", 504, "the model did not answer in time"),
        SERVER_ERROR("server_error", "500", 500, "the provider failed"),
        UNAVAILABLE("service_unavailable", "503", 503, "the provider is overloaded"),
        INVALID_REQUEST("invalid_request", "400", 400, "the request is not valid"),
        CONTEXT_LENGTH("context_length_exceeded", "400", 400, "the input is too long"),
        CONTENT_FILTER("content_filter", "400", 400, "the content was refused");

        private final String type;
        private final String code;
        private final int status;
        private final String message;

        Failure(String type, String code, int status, String message) {
            this.type = type;
            this.code = code;
            this.status = status;
            this.message = message;
        }
    }

    private static final Failure[] FAILURES = Failure.values();
    private static final Weights USUAL_FAILURES = Weights.of(26, 16, 20, 6, 16, 6, 10);
    private static final Weights BURST_FAILURES = Weights.of(86, 6, 4, 4, 0, 0, 0);
    private static final Weights INCIDENT_FAILURES = Weights.of(6, 30, 14, 50, 0, 0, 0);

    private final SyntheticWorld world;
    private final Randomness random;
    private final long records;
    private final int batchSize;
    private final long fromMicros;
    private final long untilMicros;
    private final long slotMicros;
    private final double[] cumulative;
    private final double usualLoad;
    private final List<Episode> bursts;
    private final List<Episode> incidents;

    private long made;
    private double rest = 1;
    private int slot;
    private int weighedSlot = -1;
    private final double[] slotProjects;

    SyntheticStream(
            SyntheticWorld world,
            Profile profile,
            long records,
            Instant from,
            Instant until,
            int batchSize,
            long seed) {
        this.world = world;
        this.records = records;
        this.batchSize = batchSize;
        random = new Randomness(seed);
        fromMicros = micros(from);
        untilMicros = micros(until);
        long range = untilMicros - fromMicros;
        slotMicros = Math.max(Math.min(MINUTE_US, range), range / MOST_SLOTS + 1);
        boolean calm = profile == Profile.STEADY;
        bursts = episodes(range, calm ? 0 : Math.max(1, Math.min(60, range / (5 * DAY_US))), 4, 3, 9);
        if (profile == Profile.LAUNCH_DAY) {
            long start = fromMicros + range / 3 * 2;
            bursts.add(new Episode(start, start + Math.min(DAY_US, range / 4), 0, LAUNCH_STRENGTH));
        }
        incidents = episodes(
                range,
                calm ? 0 : Math.max(1, Math.min(40, range / (10 * DAY_US))),
                SyntheticWorld.PROVIDERS.size() - 1,
                0.2,
                0.6);
        slotProjects = new double[world.projects.size()];
        int slots = Math.toIntExact((range + slotMicros - 1) / slotMicros);
        cumulative = new double[slots + 1];
        for (int i = 0; i < slots; i++) {
            long start = fromMicros + i * slotMicros;
            double share = (double) (Math.min(untilMicros, start + slotMicros) - start) / slotMicros;
            cumulative[i + 1] = cumulative[i] + share * weigh(start);
        }
        usualLoad = cumulative[slots] * slotMicros / range;
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
    }

    private List<Episode> episodes(long range, long count, int of, double weakest, double strongest) {
        List<Episode> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long length = (long) Math.min(range / 8.0, random.between(20, 100) * MINUTE_US);
            long start = fromMicros + (long) (random.unit() * (range - length));
            list.add(new Episode(start, start + length, random.below(of), random.between(weakest, strongest)));
        }
        return list;
    }

    /** Fills the cumulative weights of the projects at a time, and gives their sum. */
    @CanIgnoreReturnValue
    private double weigh(long time) {
        double sum = 0;
        for (int i = 0; i < slotProjects.length; i++) {
            Project project = world.projects.get(i);
            long local = time + project.zoneHours() * HOUR_US + FIRST_WEEKDAY * DAY_US;
            double hourOfWeek = Math.floorMod(local, 7 * DAY_US) / (double) HOUR_US;
            double weight = project.weight() * project.rhythm().at(hourOfWeek);
            for (Episode burst : bursts) {
                if (burst.of() == i && burst.holds(time)) {
                    weight += project.weight() * burst.strength();
                }
            }
            sum += weight;
            slotProjects[i] = sum;
        }
        return sum;
    }

    @Override
    public boolean hasNext() {
        return made < records;
    }

    @Override
    public List<InferenceRecord> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + records + " records are made");
        }
        int size = (int) Math.min(batchSize, records - made);
        InferenceRecord[] batch = new InferenceRecord[size];
        for (int i = 0; i < size; i++) {
            batch[i] = record(nextArrival());
        }
        return List.of(batch);
    }

    /** The next of the sorted arrivals: uniform order statistics, stretched by the intensity. */
    private long nextArrival() {
        rest *= StrictMath.exp(StrictMath.log(random.unit()) / (records - made));
        made++;
        double x = (1 - rest) * cumulative[cumulative.length - 1];
        while (slot < cumulative.length - 2 && x >= cumulative[slot + 1]) {
            slot++;
        }
        long start = fromMicros + slot * slotMicros;
        long width = Math.min(slotMicros, untilMicros - start);
        double part = (x - cumulative[slot]) / (cumulative[slot + 1] - cumulative[slot]);
        return start + Math.max(0, Math.min(width - 1, (long) (part * width)));
    }

    private InferenceRecord record(long arrival) {
        if (weighedSlot != slot) {
            weigh(fromMicros + slot * slotMicros);
            weighedSlot = slot;
        }
        int projectIndex = random.pick(slotProjects);
        Project project = world.projects.get(projectIndex);
        double load = slotProjects[slotProjects.length - 1] / usualLoad;
        Endpoint endpoint = project.endpoints().get(random.pick(project.endpointWeights()));

        InferenceRecord.Builder row = InferenceRecord.builder()
                .inferenceId(random.uuidAt(arrival))
                .requestArrivalTime(instant(arrival))
                .endpointType(endpoint.workload().endpointType);
        // what the gateway could not attribute has neither project nor endpoint
        if (!random.chance(0.002)) {
            row.projectId(project.id()).endpointId(endpoint.id());
        }
        caller(row, project);
        request(row, endpoint.workload());
        if (random.chance(0.004)) {
            blocked(row, arrival);
            return row.build();
        }
        Model model = endpoint.model();
        row.modelId(model.id())
                .modelName(model.name())
                .modelProvider(SyntheticWorld.PROVIDERS.get(model.provider()))
                .modelVersion(model.version());
        prompt(row, project);
        long input = tokens(endpoint.workload().inputMedian, endpoint.workload().inputSigma, CONTEXT_TOKENS);
        row.bodySize(input * 4 + random.below(400));

        if (random.chance(project.cachedShare())) {
            answeredByCache(row, endpoint.workload(), input);
            return row.build();
        }
        if (!random.chance(0.02)) {
            row.cached(false);
        }
        long queue = Math.min(MOST_US / 2, (long) random.logNormal(1_800 * (0.5 + load * load), 0.8));
        if (random.chance(0.004)) {
            queue += (long) Math.min(20_000_000, random.pareto(150_000, 1.3));
        }
        row.requestForwardTime(instant(arrival + queue));

        boolean burst = during(bursts, projectIndex, arrival) > 0;
        double incident = during(incidents, model.provider(), arrival);
        if (random.chance(model.failureShare() + incident + (burst ? 0.06 : 0))) {
            failed(row, queue, input, burst, incident > 0);
        } else {
            answered(row, model, endpoint.workload(), queue, input, load);
        }
        return row.build();
    }

    private static double during(List<Episode> episodes, int of, long time) {
        for (Episode episode : episodes) {
            if (episode.of() == of && episode.holds(time)) {
                return episode.strength();
            }
        }
        return 0;
    }

    private long tokens(double median, double sigma, long greatest) {
        return Math.max(1, Math.min(greatest, Math.round(random.logNormal(median, sigma))));
    }

    private void caller(InferenceRecord.Builder row, Project project) {
        Caller caller = project.callers().get(random.pick(CALLERS));
        if (!random.chance(0.03)) {
            row.apiKeyProjectId(caller.projectId())
                    .apiKeyId(caller.keys().get(random.below(caller.keys().size())));
        }
        if (!random.chance(0.1)) {
            double x = random.unit();
            row.userId(project.users().get((int) (x * x * x * project.users().size())));
        }
        Device device = project.people()
                ? Callers.PEOPLE.get(random.pick(DEVICES_OF_PEOPLE))
                : Callers.PROGRAMS.get(random.pick(DEVICES_OF_PROGRAMS));
        row.deviceType(device.type())
                .browserName(device.browser())
                .browserVersion(device.browserVersion())
                .osName(device.os())
                .osVersion(device.osVersion())
                .userAgent(device.agent())
                .isBot(false);
        Place place = Callers.PLACES.get(random.pick(project.placeWeights()));
        if (!random.chance(0.1)) {
            row.clientIp(world.addresses.get(random.below(world.addresses.size())))
                    .countryCode(place.code())
                    .countryName(place.country())
                    .region(place.region())
                    .city(place.city())
                    .timezone(place.zone())
                    .latitude(place.latitude())
                    .longitude(place.longitude())
                    .asn(place.asn())
                    .isp(place.isp());
        }
    }

    private void request(InferenceRecord.Builder row, Workload workload) {
        row.method("POST").path(workload.path).protocolVersion(random.chance(0.7) ? "HTTP/2" : "HTTP/1.1");
    }

    private void prompt(InferenceRecord.Builder row, Project project) {
        if (random.chance(project.promptShare())) {
            Prompt prompt = project.prompts().get(random.pick(PROMPTS));
            row.promptId(prompt.id())
                    .clientPromptId(prompt.id())
                    .promptVersion(prompt.version())
                    .promptVersionId(prompt.versionId());
        }
    }

    private void blocked(InferenceRecord.Builder row, long arrival) {
        row.isSuccess(false)
                .isBlocked(true)
                .statusCode(403)
                .errorCode("BLOCKED")
                .errorType("blocked")
                .errorMessage("a rule of the gateway refused the request")
                .blockReason("rate rule")
                .blockingEventId(random.uuid())
                .ruleType("rate_limiting")
                .ruleName("burst per address")
                .rulePriority(100)
                .actionTaken("block")
                .blockedAt(instant(arrival + 200 + random.below(800)))
                .routingDecision("blocked");
    }

    private void answeredByCache(InferenceRecord.Builder row, Workload workload, long input) {
        long latency = Math.round(random.logNormal(3_500, 0.5));
        boolean streamed = random.chance(workload.streamedShare);
        row.isSuccess(true)
                .statusCode(200)
                .isBlocked(false)
                .cached(true)
                .streamed(streamed)
                .inputTokens(input)
                .responseTimeUs(latency)
                .cost(BigDecimal.ZERO)
                .inferenceCost(BigDecimal.ZERO)
                .routingDecision("cache");
        if (streamed) {
            row.ttftUs(latency - latency / 5);
        }
        if (workload != Workload.EMBED) {
            row.outputTokens(tokens(workload.outputMedian, workload.outputSigma, OUTPUT_CAP))
                    .finishReason("stop");
        }
        gateway(row, latency);
    }

    private void failed(InferenceRecord.Builder row, long queue, long input, boolean burst, boolean incident) {
        Weights weights = incident ? INCIDENT_FAILURES : burst ? BURST_FAILURES : USUAL_FAILURES;
        Failure failure = FAILURES[random.pick(weights)];
        row.isSuccess(false)
                .isBlocked(false)
                .statusCode(failure.status)
                .errorCode(failure.code)
                .errorType(failure.type)
                .errorMessage(failure.message)
                .routingDecision("primary");
        double measured;
        double latency;
        switch (failure) {
            case TIMEOUT -> {
                measured = 0.7;
                latency = 60_000_000 + random.logNormal(20_000, 0.6);
            }
            case SERVER_ERROR, UNAVAILABLE -> {
                measured = 0.5;
                latency = random.logNormal(900_000, 1.1);
            }
            case RATE_LIMIT -> {
                measured = 0.5;
                latency = random.logNormal(12_000, 0.6);
            }
            case INVALID_REQUEST, CONTEXT_LENGTH, CONTENT_FILTER -> {
                measured = 0.95;
                latency = random.logNormal(25_000, 0.7);
            }
            default -> throw new IllegalStateException("unknown failure " + failure);
        }
        if (random.chance(measured)) {
            long total = queue + Math.min(MOST_US, (long) latency);
            row.responseTimeUs(total);
            gateway(row, total);
        }
        if (random.chance(0.6)) {
            row.inputTokens(input);
        }
        if (failure == Failure.CONTENT_FILTER) {
            row.finishReason("content_filter");
        }
    }

    private void answered(
            InferenceRecord.Builder row, Model model, Workload workload, long queue, long input, double load) {
        long cachedInput = 0;
        if (model.promptCache() && input > 1_024 && random.chance(0.4)) {
            cachedInput = (long) (input * random.between(0.3, 0.9));
            row.cacheReadTokens(cachedInput).cacheWriteTokens(input / 10);
        }
        long output = 0;
        long reasoning = 0;
        if (workload != Workload.EMBED) {
            output = tokens(workload.outputMedian, workload.outputSigma, OUTPUT_CAP);
            if (model.reasons()) {
                reasoning = Math.min(OUTPUT_CAP, tokens(600, 0.9, OUTPUT_CAP));
                output = Math.min(2 * OUTPUT_CAP, output + reasoning);
                row.reasoningTokens(reasoning);
            }
        }
        // a busy provider is slower, its prompt cache makes the prefill shorter
        double slow = 0.9 + 0.15 * Math.min(4, load);
        double prefill = model.overheadMs() * 1_000 + (input - 0.9 * cachedInput) / model.prefill() * 1e6;
        double first = prefill * slow * random.logNormal(1, 0.22) + reasoning * 1e6 / Math.max(1, model.decode());
        double decode = workload == Workload.EMBED
                ? 0
                : (output - reasoning) / model.decode() * 1e6 * slow * random.logNormal(1, 0.18);
        if (random.chance(0.008)) {
            decode += random.pareto(1_500_000, 1.4);
        }
        long ttft = queue + (long) Math.min(MOST_US, first);
        long latency = ttft + (long) Math.min(MOST_US, decode);

        times(row, workload, ttft, latency);
        boolean counted = !random.chance(0.01);
        if (counted) {
            row.inputTokens(input);
            if (workload != Workload.EMBED) {
                row.outputTokens(output);
            }
        }
        if (!random.chance(0.006)) {
            row.isSuccess(true);
        }
        if (counted && !random.chance(0.005)) {
            long price = (input - cachedInput) * model.inputPrice()
                    + cachedInput * (model.inputPrice() / 10)
                    + output * model.outputPrice();
            row.cost(BigDecimal.valueOf(price, PRICE_SCALE))
                    .inferenceCost(BigDecimal.valueOf(price / 10 * 7, PRICE_SCALE));
        }
        if (workload == Workload.EMBED) {
            row.embeddingInputCount(1 + random.below(8)).embeddingDimensions(1_024);
        } else {
            double ending = random.unit();
            row.finishReason(output >= OUTPUT_CAP || ending < 0.03 ? "length" : ending < 0.09 ? "tool_call" : "stop");
        }
        row.modelInferenceId(random.uuid())
                .statusCode(200)
                .isBlocked(false)
                .responseSize(200 + output * 5 + (workload == Workload.EMBED ? 9_000 : 0))
                .routingDecision(random.chance(0.97) ? "primary" : "fallback");
    }

    /** What the gateway measured and told, which is not always all. */
    private void times(InferenceRecord.Builder row, Workload workload, long ttft, long latency) {
        boolean streamed = random.chance(workload.streamedShare);
        if (!random.chance(0.02)) {
            row.streamed(streamed);
        }
        boolean timed = !random.chance(0.01);
        if (timed) {
            row.responseTimeUs(latency);
            gateway(row, latency);
        }
        if (streamed && !random.chance(0.02)) {
            row.ttftUs(ttft);
        } else if (!streamed && timed && random.chance(0.15)) {
            // some gateways call the whole latency of an unstreamed answer its first token
            row.ttftUs(latency);
        }
    }

    private void gateway(InferenceRecord.Builder row, long latency) {
        long own = Math.round(random.logNormal(900, 0.5));
        row.gatewayProcessingUs(own).totalDurationUs(latency + own);
    }
}
