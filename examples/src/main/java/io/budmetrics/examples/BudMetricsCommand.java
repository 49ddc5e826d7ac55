package io.budmetrics.examples;

import io.budmetrics.examples.support.Cli;
import io.budmetrics.examples.support.Terminal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command behind <code>examples/run</code>; everything it does is in its subcommands. */
@Command(
        name = "examples/run",
        synopsisSubcommandLabel = "COMMAND",
        description = "Tries budmetrics on an embedded ClickHouse or on any server.",
        commandListHeading = "%nCommands:%n",
        footer = {"", "'examples/run COMMAND --help' lists the options of a command."})
final class BudMetricsCommand implements Runnable {
    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    private BudMetricsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofThisProcess(), new CountDownLatch(1), arguments));
    }

    /** Runs a command line; the latch ends a command that would otherwise run until Ctrl-C. */
    static int run(Terminal terminal, CountDownLatch stop, String... arguments) {
        return Cli.run(
                new BudMetricsCommand(terminal),
                List.of(
                        new Quickstart(terminal),
                        new Trace(terminal),
                        new Engine(terminal, stop),
                        new Query(terminal),
                        new Seed(terminal)),
                arguments,
                terminal);
    }

    /** Without a subcommand it lists them. */
    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(terminal.out());
        }
    }
}
