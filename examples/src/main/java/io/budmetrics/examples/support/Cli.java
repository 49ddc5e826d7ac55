package io.budmetrics.examples.support;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Runs a program with its arguments: what a person did wrong becomes one line, exit code 2; other failures 1. */
public final class Cli {
    private Cli() {}

    /**
     * Runs a program.
     *
     * @param program annotated for picocli
     * @param arguments what the person typed
     * @param out where the help goes
     * @param err where complaints go
     * @return the exit code
     */
    public static int run(Callable<Integer> program, String[] arguments, PrintStream out, PrintStream err) {
        CommandLine line = new CommandLine(program);
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Tells the options")
                        .build());
        line.setUsageHelpAutoWidth(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler((exception, given) -> complain(line, err, text(exception), 2));
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (exception instanceof ParameterException) {
                return complain(line, err, text(exception), 2);
            }
            if (exception instanceof BudMetricsException known) {
                boolean misused =
                        known.code() == ErrorCode.INVALID_QUERY || known.code() == ErrorCode.INVALID_CONFIGURATION;
                return complain(line, err, text(known), misused ? 2 : 1);
            }
            if (exception instanceof IOException || exception instanceof UncheckedIOException) {
                return complain(line, err, text(exception), 1);
            }
            exception.printStackTrace(err);
            return 1;
        });
        return line.execute(arguments);
    }

    private static String text(Exception exception) {
        if (exception instanceof FileSystemException file && file.getReason() == null) {
            // the JDK's own message is the name of the file, and nothing else
            return file.getFile() + ": " + words(file);
        }
        String message = exception.getMessage();
        return message == null ? exception.getClass().getSimpleName() : message;
    }

    private static String words(FileSystemException file) {
        if (file instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (file instanceof AccessDeniedException) {
            return "this user may not read or write it";
        }
        if (file instanceof FileAlreadyExistsException || file instanceof NotDirectoryException) {
            return "is a file, not a folder";
        }
        return file.getClass().getSimpleName();
    }

    private static int complain(CommandLine line, PrintStream err, String message, int code) {
        String oneLine =
                message.replaceAll("\\s*\\R\\s*", " ").replaceAll("is not an? (int|long)$", "is not a whole number");
        err.println(line.getCommandName() + ": " + oneLine + (code == 2 ? " (--help tells the options)" : ""));
        return code;
    }
}
