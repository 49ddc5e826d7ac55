package io.budmetrics.clickhouse.embedded;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a result can be streamed. The engine makes each block a document of its own: blocks of some formats may simply
 * follow each other, others repeat their head, and the rest (JSON, Parquet, ...) cannot be put together at all.
 */
enum StreamFormat {
    /** Blocks follow each other. */
    PLAIN,
    /** Each block begins with a count of columns and their names. */
    BINARY_NAMES,
    /** Each block begins with a count of columns, their names and their types. */
    BINARY_NAMES_AND_TYPES,
    /** Each block begins with one line. */
    ONE_LINE,
    /** Each block begins with two lines. */
    TWO_LINES;

    private static final Set<String> PLAIN_FORMATS = Set.of(
            "native",
            "rowbinary",
            "tsv",
            "tabseparated",
            "tsvraw",
            "tabseparatedraw",
            "raw",
            "tskv",
            "csv",
            "jsoneachrow",
            "jsonlines",
            "ndjson",
            "jsonstringseachrow",
            "jsoncompacteachrow",
            "jsoncompactstringseachrow",
            "msgpack",
            "bsoneachrow",
            "lineasstring",
            "null");
    private static final Map<String, StreamFormat> HEADED_FORMATS = Map.of(
            "rowbinarywithnames", BINARY_NAMES,
            "rowbinarywithnamesandtypes", BINARY_NAMES_AND_TYPES,
            "tsvwithnames", ONE_LINE,
            "tabseparatedwithnames", ONE_LINE,
            "tsvwithnamesandtypes", TWO_LINES,
            "tabseparatedwithnamesandtypes", TWO_LINES,
            "jsoncompacteachrowwithnames", ONE_LINE,
            "jsoncompacteachrowwithnamesandtypes", TWO_LINES);

    /** How blocks of a format are put together, or null when they cannot be. */
    static @Nullable StreamFormat of(String format) {
        String name = format.toLowerCase(Locale.ROOT);
        return PLAIN_FORMATS.contains(name) ? PLAIN : HEADED_FORMATS.get(name);
    }

    /** The bytes of the head at the start of a block, or -1 when it does not end within the bytes given. */
    int headLength(byte[] block) {
        return switch (this) {
            case PLAIN -> 0;
            case ONE_LINE -> lines(block, 1);
            case TWO_LINES -> lines(block, 2);
            case BINARY_NAMES -> texts(block, 1);
            case BINARY_NAMES_AND_TYPES -> texts(block, 2);
        };
    }

    private static int lines(byte[] block, int count) {
        int left = count;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == '\n' && --left == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private static int texts(byte[] block, int each) {
        long[] varint = varint(block, 0);
        long texts = varint[0] * each;
        long position = varint[1];
        for (long i = 0; i < texts && position >= 0; i++) {
            varint = varint(block, (int) position);
            position = varint[1] < 0 || varint[1] + varint[0] > block.length ? -1 : varint[1] + varint[0];
        }
        return (int) position;
    }

    /** A number of seven bits a byte, and the position behind it or -1. */
    private static long[] varint(byte[] block, int from) {
        long value = 0;
        for (int i = from, shift = 0; i < block.length && shift < 35; i++, shift += 7) {
            value |= (long) (block[i] & 0x7f) << shift;
            if (block[i] >= 0) {
                return new long[] {value, i + 1L};
            }
        }
        return new long[] {0, -1};
    }
}
