package io.budmetrics.clickhouse.embedded;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A statement with its parameters in native memory, binary safe, for one call. */
final class NativeParameters {
    private final Pointer @Nullable [] names;
    private final long @Nullable [] nameLengths;
    private final Pointer @Nullable [] values;
    private final long @Nullable [] valueLengths;
    private final int count;

    private NativeParameters(Map<String, String> parameters) {
        count = parameters.size();
        if (count == 0) {
            names = null;
            nameLengths = null;
            values = null;
            valueLengths = null;
            return;
        }
        Pointer[] namePointers = new Pointer[count];
        long[] nameSizes = new long[count];
        Pointer[] valuePointers = new Pointer[count];
        long[] valueSizes = new long[count];
        int i = 0;
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            byte[] name = parameter.getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = parameter.getValue().getBytes(StandardCharsets.UTF_8);
            namePointers[i] = copy(name);
            nameSizes[i] = name.length;
            valuePointers[i] = copy(value);
            valueSizes[i] = value.length;
            i++;
        }
        names = namePointers;
        nameLengths = nameSizes;
        values = valuePointers;
        valueLengths = valueSizes;
    }

    /** A function of libchdb that takes a statement, a format and parameters. */
    @FunctionalInterface
    interface Function {
        Pointer call(
                Pointer connection,
                byte[] query,
                long queryLength,
                byte[] format,
                long formatLength,
                Pointer @Nullable [] names,
                long @Nullable [] nameLengths,
                Pointer @Nullable [] values,
                long @Nullable [] valueLengths,
                long count);
    }

    static Pointer call(
            Function function, Pointer connection, byte[] sql, String format, Map<String, String> parameters) {
        byte[] formatBytes = format.getBytes(StandardCharsets.UTF_8);
        NativeParameters bound = new NativeParameters(parameters);
        try {
            return function.call(
                    connection,
                    sql,
                    sql.length,
                    formatBytes,
                    formatBytes.length,
                    bound.names,
                    bound.nameLengths,
                    bound.values,
                    bound.valueLengths,
                    bound.count);
        } finally {
            // the memory is freed with the objects that hold it
            Reference.reachabilityFence(bound);
        }
    }

    private static Pointer copy(byte[] bytes) {
        // a Memory of length zero cannot be had
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }
}
