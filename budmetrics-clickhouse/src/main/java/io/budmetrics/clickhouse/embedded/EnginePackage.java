package io.budmetrics.clickhouse.embedded;

import io.budmetrics.error.BudMetricsException;
import io.budmetrics.error.ErrorCode;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The npm package that brings the native library to one platform. Version, integrity and size are pinned for Linux on
 * x64; the packages of the other platforms were not at hand, so their integrity is the one npm states, and nobody has
 * tried them.
 */
record EnginePackage(String name, Optional<String> integrity, OptionalLong librarySize) {
    static final String VERSION = "26.7.3-stable.1";

    private static final EnginePackage LINUX_X64 = new EnginePackage(
            "@chdb/lib-linux-x64-gnu",
            Optional.of(
                    "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw=="),
            OptionalLong.of(566_330_096L));

    /** The package of this machine. */
    static EnginePackage current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static EnginePackage of(String os, String architecture) {
        String system = os.toLowerCase(Locale.ROOT);
        boolean arm =
                switch (architecture.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64", "x64" -> false;
                    case "aarch64", "arm64" -> true;
                    default -> throw unsupported(os, architecture);
                };
        if (system.startsWith("linux")) {
            return arm ? untried("@chdb/lib-linux-arm64-gnu") : LINUX_X64;
        }
        if (system.startsWith("mac")) {
            return untried(arm ? "@chdb/lib-darwin-arm64" : "@chdb/lib-darwin-x64");
        }
        throw unsupported(os, architecture);
    }

    private static EnginePackage untried(String name) {
        return new EnginePackage(name, Optional.empty(), OptionalLong.empty());
    }

    private static BudMetricsException unsupported(String os, String architecture) {
        return BudMetricsException.of(
                ErrorCode.DATABASE_UNAVAILABLE,
                "the embedded engine does not exist for " + os + " on " + architecture
                        + " (it does for Linux and macOS on x64 and arm64): use a ClickHouse server instead");
    }
}
