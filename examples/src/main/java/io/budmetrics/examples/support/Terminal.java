package io.budmetrics.examples.support;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * The streams and environment variables that a command uses, so that a test can run it with its own.
 *
 * @param in what the user types or pipes in
 * @param out where answers go
 * @param err where progress and complaints go
 * @param environment the environment variables
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    /**
     * The streams and variables of this process.
     *
     * @return a new terminal
     */
    public static Terminal ofThisProcess() {
        return new Terminal(System.in, System.out, System.err, System.getenv());
    }
}
