package io.budmetrics.clickhouse.ingest;

import io.budmetrics.clickhouse.junit.TestServer;

/** A process that writes until it is killed, and prints a line for each batch of which it knows that it is stored. */
final class WriterProcess {
    static final String READY = "ready";
    static final String STORED = "stored ";

    private WriterProcess() {}

    public static void main(String[] arguments) {
        TestServer server = new TestServer(arguments[0], arguments[1], arguments[2], System.getenv("PASSWORD"));
        int run = Integer.parseInt(arguments[3]);
        boolean buffered = Boolean.parseBoolean(arguments[4]);
        try (InferenceWriter writer = InferenceWriter.over(server.dataSource());
                BufferedInferenceWriter buffer = BufferedInferenceWriter.builder(writer, unwritten -> {
                            throw new IllegalStateException("nothing fails here: " + unwritten);
                        })
                        .maxRecords(KillRuns.BATCH / 4)
                        .senders(2)
                        .build()) {
            print(READY);
            for (int number = 0; ; number++) {
                if (buffered) {
                    KillRuns.batch(run, number).forEach(buffer::add);
                    if (buffer.flush().written() != (number + 1L) * KillRuns.BATCH) {
                        throw new IllegalStateException("batch " + number + " is not stored");
                    }
                } else {
                    writer.write(KillRuns.batch(run, number));
                }
                print(STORED + number);
            }
        }
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
