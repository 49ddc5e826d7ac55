package io.budmetrics.clickhouse.internal.call;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.io.FileNotFoundException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells a driver that is configured wrongly from a server that cannot be reached. Opening a connection of the official driver
 * sends nothing, so what the driver throws there is about its URL and its properties, and asking again cannot help. It says
 * which one is wrong in texts that may hold values, a password among them: only names of properties and files are taken from
 * there, and short numbers that are none.
 */
final class Misconfiguration {
    private static final int MAX_DEPTH = 20;
    private static final int SHOWN = 16;

    private static final Pattern UNKNOWN =
            Pattern.compile("Unknown and unmapped config properties: \\[([\\w., -]{1,200})]");
    private static final Pattern FOR_PROPERTY = Pattern.compile("for property '([\\w.-]{1,64})'");
    private static final Pattern RANGE = Pattern.compile("\"([\\w.-]{1,64})\" must be ");
    private static final Pattern NOT_A_NUMBER = Pattern.compile("For input string: \"(.*)\".*", Pattern.DOTALL);
    private static final Pattern FILE = Pattern.compile("Could not open file from: classpath:(\\S{1,300})");

    private static final String URL_FORM = "give jdbc:clickhouse:http://host:8123/database with one host and one port";

    private Misconfiguration() {}

    /** What is wrong with the configuration; null when it is something else. */
    static @Nullable BudMetricsException of(Throwable thrown) {
        String reason = null;
        boolean ofDriver = false;
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getCause()) {
            ofDriver |= thrownByDriver(at);
            // the innermost knows most, but for the names that only the outer ones have
            String found = reason(at);
            if (found != null
                    && (reason == null || at instanceof FileNotFoundException || at instanceof CertificateException)) {
                reason = found;
            }
        }
        return reason == null || !ofDriver
                ? null
                : BudMetricsException.of(ErrorCode.INVALID_CONFIGURATION, reason, ShownCause.of(thrown));
    }

    private static boolean thrownByDriver(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith("com.clickhouse."));
    }

    private static @Nullable String reason(Throwable thrown) {
        String text = Objects.requireNonNullElse(thrown.getMessage(), "");
        Matcher unknown = UNKNOWN.matcher(text);
        if (unknown.matches()) {
            return "property " + unknown.group(1) + " of the data source is unknown to the driver; give it the driver's"
                    + " name, or clickhouse_setting_ and the name for a setting of the server";
        }
        Matcher property = FOR_PROPERTY.matcher(text);
        if (property.find()) {
            return "property " + property.group(1)
                    + " of the data source has a value that the driver does not know; give" + " one that it lists";
        }
        if (thrown instanceof FileNotFoundException) {
            Matcher file = FILE.matcher(text);
            return "a certificate, key or trust store of the data source is a file that does not exist"
                    + (file.find() ? " (" + file.group(1) + ")" : "") + "; give the path of an existing file";
        }
        if (thrown instanceof CertificateException) {
            return "a certificate file of the data source holds no certificate; give a PEM file";
        }
        if (thrown instanceof MalformedURLException
                || thrown instanceof URISyntaxException
                || text.startsWith("Endpoint should be a valid URL")
                || text.startsWith("Multiple endpoints")) {
            return text.matches("Endpoint should be a valid URL string, but was https?://[^/:]*_.*")
                    ? "the host of the data source has an underscore, which host names cannot have; give another name,"
                            + " such as a network alias with a hyphen"
                    : "the URL of the data source is not one of the driver's; " + URL_FORM;
        }
        return setting(thrown, text);
    }

    private static @Nullable String setting(Throwable thrown, String text) {
        Matcher range = RANGE.matcher(text);
        if (range.find()) {
            return range.group(1).equals("port")
                    ? "the port of the data source is out of range; give 1 to 65535"
                    : "property " + range.group(1)
                            + " of the data source is out of range; give a value that the driver takes";
        }
        if (thrown instanceof NumberFormatException) {
            Matcher value = NOT_A_NUMBER.matcher(text);
            String shown =
                    value.matches() && value.group(1).length() <= SHOWN ? "'" + value.group(1) + "'" : "not a number";
            return "a number among the properties of the data source is " + shown
                    + "; give digits to socket_timeout, connection_timeout, retry and the like";
        }
        String type = thrown.getClass().getName();
        return thrown instanceof IllegalArgumentException
                        || type.startsWith("com.clickhouse.client.api.ClientMisconf")
                        || type.endsWith("SettingsValidationException")
                ? "the driver does not accept the configuration of the data source ("
                        + thrown.getClass().getSimpleName() + "); check its URL and properties"
                : null;
    }
}
