package io.budmetrics.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Output tokens per second: of latency, or of the covered part of a period, as the metric says.
 *
 * @param tokensPerSecond sum of output tokens over the seconds; empty where there is no such quotient
 * @param sampleSize requests whose tokens count
 * @param requests requests that arrived
 */
public record Throughput(OptionalDouble tokensPerSecond, long sampleSize, long requests) implements MetricValue {
    public Throughput {
        Fields.requireMeasure("tokensPerSecond", tokensPerSecond);
        Fields.requirePart("sampleSize", sampleSize, "requests", requests);
    }

    @Override
    public OptionalDouble headline() {
        return tokensPerSecond;
    }

    @Override
    public Optional<Absence> absence() {
        if (tokensPerSecond.isPresent()) {
            return Optional.empty();
        }
        if (requests == 0) {
            return Optional.of(Absence.NO_TRAFFIC);
        }
        return Optional.of(sampleSize == 0 ? Absence.NOT_MEASURED : Absence.UNDEFINED);
    }

    @Override
    public Map<String, @Nullable Number> fields(boolean details) {
        Map<String, @Nullable Number> fields = new LinkedHashMap<>();
        fields.put("avg", Fields.orNull(tokensPerSecond));
        fields.put("p99", null);
        fields.put("p95", null);
        if (details) {
            fields.put(Fields.SAMPLE_SIZE, sampleSize);
        }
        return fields;
    }
}
