package io.budmetrics.bench;

import java.io.IOException;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks with allocation; takes JMH's own arguments, such as a pattern of names. */
public final class Benchmarks {
    private Benchmarks() {}

    /**
     * Captures the response bodies if they are missing, and measures.
     *
     * @param arguments JMH's
     * @throws IOException when a body cannot be written
     * @throws InterruptedException when interrupted
     * @throws RunnerException when a benchmark fails
     * @throws CommandLineOptionException when an argument is unknown
     */
    public static void main(String[] arguments)
            throws IOException, InterruptedException, RunnerException, CommandLineOptionException {
        CommandLineOptions commandLine = new CommandLineOptions(arguments);
        if (commandLine.shouldHelp()) {
            commandLine.showHelp();
            return;
        }
        Bodies.capture(Bodies.ROWS);
        if (commandLine.getParameter("rows").hasValue()
                && commandLine.getParameter("rows").get().contains(String.valueOf(Bodies.MANY_ROWS))) {
            Bodies.capture(Bodies.MANY_ROWS);
        }
        new Runner(new OptionsBuilder()
                        .parent(commandLine)
                        .addProfiler(GCProfiler.class)
                        .resultFormat(ResultFormatType.JSON)
                        .result("target/benchmarks.json")
                        .shouldFailOnError(true)
                        .build())
                .run();
    }
}
