package io.budmetrics.clickhouse.oracle;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Small tables of traffic with everything unpleasant in them. The same seed gives the same rows. */
final class RandomTraffic {
    /** The moment around which everything happens: a Tuesday, the last day but one of a quarter. */
    static final Instant CENTRE = Instant.parse("2026-03-30T23:00:00Z");

    static final List<UUID> PROJECTS = ids(0xA0, 3);
    static final List<UUID> ENDPOINTS = ids(0xB0, 3);
    static final List<UUID> MODELS = ids(0xC0, 4);
    static final List<UUID> API_KEYS = ids(0xD0, 3);
    static final List<UUID> API_KEY_PROJECTS = ids(0xE0, 2);

    /** Prompt ids that try to be more than a value. */
    static final List<String> PROMPTS = List.of(
            "prompt-1",
            "Prompt-1",
            "it's",
            "back\\slash\\'",
            "\\N",
            "NULL",
            "{p0:UUID}",
            "{p0:String}",
            "100 % %s",
            "two\nlines\r\n\tand a tab",
            "nul\0inside",
            "\uD83D\uDE80 rocket",
            "\u65E5\u672C\u8A9E",
            "e\u0301 is not \u00E9",
            " leading and trailing ",
            "'; DROP TABLE InferenceFact; --",
            "`backtick` \"double\" $$ /* */ -- #",
            "\u202Eright-to-left",
            "\uFFFD",
            "[1,'2']",
            "\b\f\u0001\u007F");

    /** The texts of each column that holds nothing else. */
    static final Map<String, List<String>> TEXTS = texts();

    static final List<Integer> STATUS_CODES = List.of(200, 201, 400, 429, 500, 599);
    static final List<Long> ASNS = List.of(0L, 3320L, 64_512L, 4_294_967_295L);
    static final List<String> DURATIONS =
            List.of("processing_time_us", "gateway_processing_us", "total_duration_us", "audio_duration_us");
    static final List<String> COUNTS = List.of(
            "body_size",
            "response_size",
            "tts_character_count",
            "images_generated",
            "embedding_input_count",
            "embedding_dimensions",
            "document_page_count");

    private final SplittableRandom random;
    private final SplittableRandom traits;

    private RandomTraffic(long seed) {
        this.random = new SplittableRandom(seed);
        this.traits = new SplittableRandom(~seed);
    }

    private static Map<String, List<String>> texts() {
        Map<String, List<String>> texts = new TreeMap<>();
        for (String column : List.of(
                "model_name",
                "model_version",
                "model_provider",
                "endpoint_type",
                "function_name",
                "variant_name",
                "prompt_version",
                "error_code",
                "error_type",
                "finish_reason",
                "block_reason",
                "rule_name",
                "routing_decision",
                "country_code",
                "region",
                "city",
                "isp",
                "device_type",
                "browser_name",
                "os_name",
                "method",
                "path",
                "country_name",
                "timezone",
                "browser_version",
                "os_version",
                "protocol_version",
                "rule_type",
                "action_taken",
                "response_status",
                "audio_language",
                "audio_detected_language",
                "audio_voice",
                "image_size",
                "image_quality")) {
            texts.put(column, List.of(column + " A", column + " b", "it's \uD83D\uDE80", "NULL"));
        }
        return texts;
    }

    /** The deliveries of one table, in the order in which they come. */
    static List<OracleRow> table(long seed) {
        return new RandomTraffic(seed).rows();
    }

    private static List<UUID> ids(int kind, int count) {
        List<UUID> ids = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            // the order as signed numbers, as unsigned numbers and as text differ between these
            long high = index % 2 == 0 ? 0xF000000000000000L : 0x1000000000000000L;
            ids.add(new UUID(high | (long) kind << 16 | 0x4000L, 0x8000000000000000L | (97L * (count - index))));
        }
        return List.copyOf(ids);
    }

    private List<OracleRow> rows() {
        int count =
                switch (random.nextInt(6)) {
                    case 0 -> random.nextInt(3);
                    case 1, 2 -> random.nextInt(40);
                    default -> random.nextInt(400);
                };
        long spread = spread();
        List<OracleRow> rows = new ArrayList<>();
        int nullness = random.nextInt(4);
        for (int serial = 0; serial < count; serial++) {
            if (!rows.isEmpty() && random.nextInt(25) == 0) {
                rows.add(again(rows.get(random.nextInt(rows.size())), serial));
            } else {
                rows.add(row(serial, spread, nullness, rows));
            }
        }
        return List.copyOf(rows);
    }

    /** How far around the centre the requests of this table lie, in microseconds. */
    private long spread() {
        long minute = 60_000_000L;
        return switch (random.nextInt(6)) {
            case 0 -> 5 * minute;
            case 1 -> 120 * minute;
            case 2 -> 2 * 24 * 60 * minute;
            case 3 -> 15L * 24 * 60 * minute;
            case 4 -> 120L * 24 * 60 * minute;
            default -> 700L * 24 * 60 * minute;
        };
    }

    private long arrival(long spread, List<OracleRow> before) {
        long centre = OracleRow.micros(CENTRE);
        if (!before.isEmpty() && random.nextInt(8) == 0) {
            return before.get(random.nextInt(before.size())).arrival();
        }
        long arrival = centre + random.nextLong(-spread, spread);
        return switch (random.nextInt(8)) {
            case 0 -> arrival - Math.floorMod(arrival, 60_000_000L);
            case 1 -> arrival - Math.floorMod(arrival, 3_600_000_000L);
            case 2 -> arrival - Math.floorMod(arrival, 86_400_000_000L);
            case 3 -> arrival - Math.floorMod(arrival, 3_600_000_000L) - 1;
            case 4 -> arrival - Math.floorMod(arrival, 1_000_000L) + random.nextInt(3) - 1;
            default -> arrival;
        };
    }

    private OracleRow row(int serial, long spread, int nullness, List<OracleRow> before) {
        long arrival = arrival(spread, before);
        return new OracleRow(
                new UUID(random.nextLong(), random.nextLong()),
                maybe(nullness, () -> pick(PROJECTS)),
                maybe(nullness, () -> pick(ENDPOINTS)),
                maybe(nullness, () -> random.nextInt(60) == 0 ? new UUID(0, 0) : pick(MODELS)),
                maybe(nullness, () -> pick(API_KEYS)),
                maybe(nullness, () -> pick(API_KEY_PROJECTS)),
                prompt(),
                arrival,
                maybe(nullness, () -> arrival + duration()),
                maybe(nullness, () -> random.nextInt(5) > 0),
                maybe(nullness, () -> random.nextInt(4) == 0),
                maybe(nullness, random::nextBoolean),
                maybe(nullness, this::tokens),
                maybe(nullness, this::tokens),
                maybe(nullness, this::duration),
                maybe(nullness, this::duration),
                maybe(nullness, this::cost),
                maybe(nullness, this::user),
                maybe(nullness, () -> random.nextInt(6) == 0),
                maybe(nullness, this::tokens),
                maybe(nullness, this::tokens),
                maybe(nullness, this::tokens),
                1_700_000_000_000_000L + 1000L * serial,
                more(nullness));
    }

    /** What no metric reads. */
    private Map<String, Object> more(int nullness) {
        Map<String, Object> more = new HashMap<>();
        TEXTS.forEach((column, texts) -> put(more, nullness, column, pick(traits, texts)));
        put(more, nullness, "status_code", pick(traits, STATUS_CODES));
        put(more, nullness, "rule_priority", traits.nextInt(-1, 3));
        put(more, nullness, "asn", pick(traits, ASNS));
        put(more, nullness, "is_bot", traits.nextBoolean());
        put(more, nullness, "inference_cost", BigDecimal.valueOf(traits.nextLong(200_000_000_000L), 12));
        put(more, nullness, "latitude", (traits.nextInt(361) - 180) / 2.0);
        put(more, nullness, "longitude", (traits.nextInt(721) - 360) / 2.0);
        for (String column : DURATIONS) {
            put(more, nullness, column, traits.nextInt(5) == 0 ? -1L : 250_000L * traits.nextLong(20));
        }
        for (String column : COUNTS) {
            put(more, nullness, column, traits.nextLong(12));
        }
        return more;
    }

    private void put(Map<String, Object> more, int nullness, String column, Object value) {
        if (traits.nextInt(100) >= limit(nullness)) {
            more.put(column, value);
        }
    }

    /** The same inference once more, mostly with other measurements, newer or older than the first delivery. */
    private OracleRow again(OracleRow row, int serial) {
        long ingested = random.nextBoolean()
                ? 1_700_000_000_000_000L + 1000L * serial
                : 1_600_000_000_000_000L + 1000L * serial;
        if (random.nextInt(4) == 0) {
            return row.withIngested(ingested);
        }
        return row.withIngested(ingested)
                .withTokens(tokens(), maybe(1, this::tokens))
                .withTimes(maybe(1, this::duration), maybe(1, this::duration))
                .withModel(maybe(1, () -> pick(MODELS)))
                .withFlags(random.nextBoolean(), maybe(1, random::nextBoolean), maybe(1, random::nextBoolean))
                .withPrompt(prompt())
                .withCost(maybe(1, this::cost))
                .withUser(maybe(1, this::user))
                .withBlocked(maybe(1, random::nextBoolean))
                .withOtherTokens(maybe(1, this::tokens), maybe(1, this::tokens), maybe(1, this::tokens));
    }

    private <T> T pick(List<T> values) {
        return pick(random, values);
    }

    private static <T> T pick(SplittableRandom random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** Null never, sometimes, often or nearly always. */
    private <T> @Nullable T maybe(int nullness, Supplier<T> value) {
        int chance = random.nextInt(100);
        return chance < limit(nullness) ? null : value.get();
    }

    private static int limit(int nullness) {
        return switch (nullness) {
            case 0 -> 0;
            case 1 -> 10;
            case 2 -> 40;
            default -> 92;
        };
    }

    private @Nullable String prompt() {
        return switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> pick(PROMPTS);
            case 2 -> PROMPTS.get(0);
            default -> null;
        };
    }

    private String user() {
        return random.nextInt(3) == 0 ? pick(PROMPTS) : "user-" + random.nextInt(50);
    }

    private long tokens() {
        return switch (random.nextInt(8)) {
            case 0 -> 0L;
            case 1 -> 1L;
            case 2 -> 4_294_967_295L;
            case 3 -> 7L;
            default -> random.nextLong(10_000);
        };
    }

    private long duration() {
        return switch (random.nextInt(12)) {
            case 0 -> 0L;
            case 1 -> 1L;
            case 2 -> -1L - random.nextLong(5_000_000L);
            case 3 -> random.nextLong(100) * 36_000_000L;
            case 4 -> random.nextLong(40) * 86_400_000_000L;
            case 5 -> 1_000_000L;
            case 6 -> 60_000_000L * random.nextLong(1, 200);
            default -> random.nextLong(20_000_000L);
        };
    }

    private BigDecimal cost() {
        return switch (random.nextInt(6)) {
            case 0 -> BigDecimal.ZERO;
            case 1 -> new BigDecimal("0.000000000001");
            case 2 -> new BigDecimal("0.1");
            case 3 -> BigDecimal.valueOf(random.nextLong(999_999_999_999_999_999L), 12);
            default -> BigDecimal.valueOf(random.nextLong(5_000_000_000L), 12);
        };
    }
}
