package io.budmetrics.clickhouse.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.budmetrics.clickhouse.internal.NativeBytes;
import io.budmetrics.error.BudMetricsException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A call whose time is over while the name of its host is looked up ends when the name is found, and does not wait for an
 * answer on the connection that comes about then. Nothing is asked over that connection, and nothing holds it, so
 * that the garbage collector closes it. In a JVM of its own, whose file of host names is a pipe that is not written to until
 * the time is over.
 */
@Timeout(60)
final class LateLookupTest {
    @TempDir
    private Path directory;

    @Test
    void aCallThatWasEndedDoesNotWaitOnTheConnectionThatComesAboutAfterwards() throws Exception {
        Path names = directory.resolve("hosts");
        assertThat(made(directory.resolve("trial")))
                .as("mkfifo, of coreutils, makes a named pipe")
                .isTrue();
        // the driver looks for its own host when it is loaded
        Files.write(names, List.of("127.0.0.1 " + InetAddress.getLocalHost().getHostName()));
        Path output = directory.resolve("output");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + names,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LateLookupTest.class.getName(),
                        names.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(50, TimeUnit.SECONDS)).as("the call ends").isTrue();
        } finally {
            child.destroyForcibly();
        }
        assertThat(Files.readString(output))
                .contains("ended with QUERY_TIMEOUT after the name was found")
                .contains("questions asked: 1\n")
                .contains("asked over what is left: []")
                .contains("left after a garbage collection: 0");
    }

    private static boolean made(Path pipe) throws InterruptedException {
        try {
            return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Stream<String> asked(StubServer server) {
        return server.lastAsked().stream();
    }

    /** What the JVM of its own does. */
    public static void main(String[] arguments) throws Exception {
        Path names = Path.of(arguments[0]);
        // the driver asks for the name before it is needed
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        StubServer.Handler silent = (request, out) -> {
            throw new StubServer.Silence();
        };
        try (StubServer server =
                StubServer.startWithoutCourtesy(StubServer.inTurn(StubServer.ok(NativeBytes.one("a", 42)), silent))) {
            // loads the classes, which takes longer than the time of the call
            try (DriverClient first = DriverClient.over(server.dataSource())) {
                System.out.println(first.query("SELECT a", List.of()).longAt(0, 0));
            }
            StatementOptions options = StatementOptions.within(Duration.ofMillis(500));
            DriverClient client = DriverClient.connect(
                    "jdbc:clickhouse:http://late.test:" + server.port(), StubServer.properties(), 1, options);
            Files.delete(names);
            if (!made(names)) {
                System.exit(2);
            }
            CompletableFuture<BudMetricsException> failure = CompletableFuture.supplyAsync(() -> Objects.requireNonNull(
                    catchThrowableOfType(BudMetricsException.class, () -> client.query("SELECT a", List.of()))));
            TimeUnit.MILLISECONDS.sleep(1500);
            if (failure.isDone()) {
                System.out.println("ended before the name was found: " + failure.get());
                System.exit(1);
            }
            Thread writer = new Thread(() -> {
                try {
                    // everyone who asks from now on is told
                    while (true) {
                        Files.write(names, List.of("127.0.0.1 late.test"));
                        // else who reads does not see the end
                        TimeUnit.MILLISECONDS.sleep(50);
                    }
                } catch (IOException | InterruptedException e) {
                    System.out.println(e);
                }
            });
            writer.setDaemon(true);
            writer.start();
            System.out.println("ended with " + failure.get(20, TimeUnit.SECONDS).code() + " after the name was found");
            client.close();
            // the server was to be told too, on a connection of its own
            for (int i = 0; asked(server).anyMatch(last -> last.startsWith("KILL")) && i < 200; i++) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            System.out.println("questions asked: " + server.questions().size());
            System.out.println("asked over what is left: "
                    + asked(server).filter(last -> !last.equals("nothing")).toList());
            for (int i = 0; server.connections() > 0 && i < 100; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(50);
            }
            System.out.println("left after a garbage collection: " + server.connections());
            System.exit(0);
        }
    }
}
