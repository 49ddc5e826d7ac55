package io.budmetrics.examples.support;

import io.budmetrics.error.BudMetricsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Runs a command and turns every failure that a user can correct into one line and a documented exit code. */
public final class Cli {
    /** The command failed. */
    private static final int FAILED = 1;

    /** What the user gave cannot be used. */
    private static final int WRONG_USAGE = 2;

    private Cli() {}

    /**
     * Runs a command with subcommands.
     *
     * @param root annotated for picocli; runs when no subcommand is named
     * @param subcommands annotated for picocli, in the order of the help text
     * @param arguments what the user typed
     * @param terminal where help and complaints go
     * @return the exit code
     */
    public static int run(Object root, List<?> subcommands, String[] arguments, Terminal terminal) {
        CommandLine line = new CommandLine(root);
        document(line);
        for (Object subcommand : subcommands) {
            CommandLine below = new CommandLine(subcommand);
            document(below);
            line.addSubcommand(below);
        }
        line.setUsageHelpAutoWidth(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler(
                (exception, given) -> complain(exception.getCommandLine(), terminal, text(exception), WRONG_USAGE));
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (exception instanceof ParameterException || exception instanceof UsageException) {
                return complain(command, terminal, text(exception), WRONG_USAGE);
            }
            if (exception instanceof BudMetricsException known) {
                // INVALID_QUERY and its like: the library refused what it was given
                boolean invalid = known.code().name().startsWith("INVALID_");
                return complain(command, terminal, text(known), invalid ? WRONG_USAGE : FAILED);
            }
            if (exception instanceof IOException || exception instanceof UncheckedIOException) {
                return complain(command, terminal, text(exception), FAILED);
            }
            exception.printStackTrace(terminal.err());
            return FAILED;
        });
        return line.execute(arguments);
    }

    /** Every command has the same help option and the same exit codes. */
    private static void document(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit")
                        .build());
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "Success");
        codes.put("1", "Failure, such as a server that cannot be reached or a file that cannot be written");
        codes.put("2", "An option, argument or question that cannot be used");
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
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

    private static int complain(CommandLine line, Terminal terminal, String message, int code) {
        String oneLine =
                message.replaceAll("\\s*\\R\\s*", " ").replaceAll("is not an? (int|long)$", "is not a whole number");
        terminal.err()
                .println(line.getCommandSpec().qualifiedName() + ": " + SafeText.printable(oneLine)
                        + (code == WRONG_USAGE ? " (--help lists the options)" : ""));
        return code;
    }
}
