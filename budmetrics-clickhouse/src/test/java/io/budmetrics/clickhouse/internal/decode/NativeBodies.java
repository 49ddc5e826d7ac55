package io.budmetrics.clickhouse.internal.decode;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import io.budmetrics.sql.Columns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Bodies in the Native format, and what decoding them comes to. */
final class NativeBodies {
    private NativeBodies() {}

    static Columns decode(byte[] body) throws IOException {
        return NativeDecoder.decode(new ByteArrayInputStream(body), code -> BudMetricsException.of(
                        ErrorCode.RESOURCE_EXHAUSTED, "an error of the server")
                .forStatement("", code, false));
    }

    static BudMetricsException failure(byte[] body) {
        return Objects.requireNonNull(catchThrowableOfType(BudMetricsException.class, () -> decode(body)));
    }

    /** Bytes that the engine wrote: one block of three rows. */
    static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(NativeBodies.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }

    /** Reads every cell; only a DateTime64 that no Instant holds may fail. */
    static void readAll(Columns columns) {
        for (int column = 0; column < width(columns); column++) {
            for (int row = 0; row < columns.rowCount(); row++) {
                try {
                    Object value = columns.valueAt(column, row);
                    if (value == null && !columns.isNull(column, row)) {
                        throw new AssertionError("a cell without a value is not NULL");
                    }
                } catch (ArithmeticException e) {
                    if (!"a DateTime64 is outside the range of Instant; use longAt".equals(e.getMessage())) {
                        throw e;
                    }
                }
                if (!columns.same(column, row, row)) {
                    throw new AssertionError("a cell differs from itself");
                }
            }
        }
    }

    /** How many columns there are, which only the size tells. */
    static int width(Columns columns) {
        String size = columns.toString();
        return Integer.parseInt(size.substring(0, size.indexOf(' ')));
    }
}
