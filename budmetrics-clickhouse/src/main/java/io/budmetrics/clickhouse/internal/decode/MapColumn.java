package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Map: laid out as an Array of pairs, all keys before all values. */
final class MapColumn extends SegmentsColumn {
    private final NativeColumn keys;
    private final NativeColumn values;

    MapColumn(NativeColumn keys, NativeColumn values) {
        this.keys = keys;
        this.values = values;
    }

    @Override
    void readPrefix(NativeInput in) throws IOException {
        keys.readPrefix(in);
        values.readPrefix(in);
    }

    @Override
    void appendElements(NativeInput in, int base, int count) throws IOException {
        if (count > 0 && keys instanceof NothingColumn) {
            throw BadAnswer.malformed("a map without a type of keys has keys");
        }
        keys.append(in, base, count);
        values.append(in, base, count);
    }

    @Override
    boolean sameElements(int element, int other) {
        return keys.same(element, other) && values.same(element, other);
    }

    @Override
    Map<Object, @Nullable Object> mapAt(int row) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        int end = end(row);
        for (int i = start(row); i < end; i++) {
            Object key = Objects.requireNonNull(keys.valueAt(i));
            // the server allows a key twice and finds the first
            if (!map.containsKey(key)) {
                map.put(key, values.valueAt(i));
            }
        }
        return Collections.unmodifiableMap(map);
    }

    @Override
    Object valueAt(int row) {
        return mapAt(row);
    }

    @Override
    String accessors() {
        return "mapAt or lengthAt";
    }
}
