package io.budmetrics.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.examples.support.Table.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table = new Table("Requests by model");

    @Test
    void columnsAlign() {
        table.column("Model", "", Kind.TEXT);
        table.column("Requests", "", Kind.COUNT);
        table.column("Latency p50", "ms", Kind.QUANTITY);
        table.text("a");
        table.number(1234567);
        table.number(12.345);
        table.text("model-b");
        table.number(3);
        table.number(1.5, "~", "one of the two periods is incomplete");

        assertThat(printed()).isEqualTo("""

                        Requests by model
                          Model     Requests  Latency p50
                                                       ms
                          -------  ---------  -----------
                          a        1,234,567        12.35
                          model-b          3        ~1.50
                          ~  one of the two periods is incomplete
                        """);
    }

    @Test
    void aFamilySharesItsHeading() {
        table.column("Model", "", Kind.TEXT);
        table.column("End-to-end latency", "mean", "ms", Kind.QUANTITY);
        table.column("End-to-end latency", "p99", "ms", Kind.QUANTITY);
        table.column("Requests that were answered", "", Kind.COUNT);
        table.text("a");
        table.number(1500);
        table.number(12345);
        table.number(7);

        assertThat(printed()).isEqualTo("""

                        Requests by model
                                   End-to-end
                                    latency     Requests that
                          Model   mean     p99  were answered
                                    ms      ms
                          -----  -----  ------  -------------
                          a      1,500  12,345              7
                        """);
    }

    @Test
    void absentReason_isShownBelowADash() {
        table.column("Requests", "", Kind.COUNT);
        table.absent("not measured");

        assertThat(printed()).contains("         -\n").contains("  -  not measured\n");
    }

    @Test
    void severalReasonsAreToldApart() {
        table.column("A", "", Kind.COUNT);
        table.column("B", "", Kind.COUNT);
        table.absent("not measured");
        table.absent("no traffic");

        assertThat(printed()).contains("-a  -b").contains("-a  not measured").contains("-b  no traffic");
    }

    @Test
    void dataCannotSteerTheTerminal() {
        table.column("Model", "", Kind.TEXT);
        table.text("\u001b[2J\nx\u009b\u202e");

        assertThat(printed()).contains("\\u001B[2J\\u000Ax\\u009B\\u202E");
    }

    private String printed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
