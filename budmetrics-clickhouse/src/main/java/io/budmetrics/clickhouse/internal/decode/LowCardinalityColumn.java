package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * LowCardinality(T): the dictionaries of all blocks one after another, and an index a cell.
 *
 * <p>The prefix is a version of 8 bytes. A block then holds the form (8 bytes: the width of an index, and flags), the
 * number of keys (8 bytes), the keys as cells of T, the number of indexes (8 bytes), and the indexes. With Nullable(T) the
 * keys are cells of T too, and index 0 is NULL, whatever key stands there. Without cells there is nothing behind the
 * prefix.
 */
final class LowCardinalityColumn extends NativeColumn {
    private static final long VERSION = 1;

    /** What the form may say: the width in the lowest byte, that keys follow, and that they replace those before. */
    private static final long WIDTH = 0xff;

    private static final long HAS_KEYS = 1 << 9;
    private static final long REPLACES = 1 << 10;
    private static final int MAX_KEYS = 1 << 28;

    private final NativeColumn dictionary;
    private final boolean nullable;
    private int keys;

    /** Where in the dictionaries the key of a row stands; complemented where the row is NULL. */
    private int[] positions = {};

    /** Texts decoded so far; racing readers store equal texts. */
    private @Nullable String[] texts = {};

    LowCardinalityColumn(NativeColumn dictionary, boolean nullable) {
        this.dictionary = dictionary;
        this.nullable = nullable;
    }

    boolean isNullable() {
        return nullable;
    }

    @Override
    void describe(String shownName, String shownType) {
        super.describe(shownName, shownType);
        dictionary.describe(shownName, shownType);
    }

    @Override
    void readPrefix(NativeInput in) throws IOException {
        if (in.int64() != VERSION) {
            throw BadAnswer.malformed("an unknown version of LowCardinality");
        }
    }

    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
        if (rows == 0) {
            return;
        }
        long form = in.int64();
        int widthCode = (int) (form & WIDTH);
        if (widthCode > 3 || (form & ~(WIDTH | REPLACES)) != HAS_KEYS) {
            throw BadAnswer.malformed("an unknown form of LowCardinality");
        }
        int newKeys = readKeys(in);
        long count = in.int64();
        if (count != rows) {
            throw BadAnswer.malformed("LowCardinality with " + count + " indexes for " + rows + " rows");
        }
        IntegerColumn part = new IntegerColumn(1 << widthCode, false);
        part.fill(in, 0, rows);
        int end = Math.addExact(base, rows);
        if (end > positions.length) {
            positions = Arrays.copyOf(positions, grown(positions.length, end, end));
        }
        for (int i = 0; i < rows; i++) {
            long index = part.values[i];
            if (index < 0 || index >= newKeys) {
                throw BadAnswer.malformed("an index outside its dictionary");
            }
            int position = keys + (int) index;
            positions[base + i] = nullable && index == 0 ? ~position : position;
        }
        keys += newKeys;
        if (keys > texts.length) {
            // nothing was read yet, so there is nothing to copy
            texts = new @Nullable String[grown(texts.length, keys, keys)];
        }
    }

    private int readKeys(NativeInput in) throws IOException {
        long newKeys = in.int64();
        if (newKeys < 0 || newKeys > MAX_KEYS - keys) {
            throw BadAnswer.malformed("a dictionary of " + newKeys + " keys");
        }
        dictionary.append(in, keys, (int) newKeys);
        if (nullable && newKeys > 0) {
            dictionary.clear(keys);
        }
        return (int) newKeys;
    }

    private int position(int row) {
        int position = positions[row];
        return position < 0 ? ~position : position;
    }

    @Override
    boolean isNull(int row) {
        return positions[row] < 0;
    }

    @Override
    boolean same(int row, int other) {
        int one = positions[row];
        int two = positions[other];
        if (one < 0 || two < 0) {
            return one < 0 && two < 0;
        }
        // a dictionary of a later block may hold the same key once more
        return one == two || dictionary.same(one, two);
    }

    @Override
    @Nullable
    Object valueAt(int row) {
        if (isNull(row)) {
            return null;
        }
        return dictionary instanceof TextColumn ? textAt(row) : dictionary.valueAt(positions[row]);
    }

    @Override
    String accessors() {
        return dictionary.accessors();
    }

    @Override
    long longAt(int row) {
        return dictionary.longAt(position(row));
    }

    @Override
    BigInteger bigIntegerAt(int row) {
        return dictionary.bigIntegerAt(position(row));
    }

    @Override
    double doubleAt(int row) {
        return dictionary.doubleAt(position(row));
    }

    @Override
    UUID uuidAt(int row) {
        return dictionary.uuidAt(position(row));
    }

    @Override
    boolean isText() {
        return dictionary.isText();
    }

    @Override
    String textAt(int row) {
        int position = positions[row];
        if (position < 0) {
            return dictionary.isText() ? "" : dictionary.textAt(~position);
        }
        String text = texts[position];
        if (text == null) {
            text = dictionary.textAt(position);
            texts[position] = text;
        }
        return text;
    }

    @Override
    InetAddress addressAt(int row) {
        return dictionary.addressAt(position(row));
    }

    @Override
    LocalDate dateAt(int row) {
        return dictionary.dateAt(position(row));
    }

    @Override
    Instant instantAt(int row) {
        return dictionary.instantAt(position(row));
    }
}
