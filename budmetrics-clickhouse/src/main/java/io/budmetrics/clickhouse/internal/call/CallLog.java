package io.budmetrics.clickhouse.internal.call;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logger of all that happens to statements, under a name that stays when classes move. */
final class CallLog {
    static final String NAME = "io.budmetrics.clickhouse.statements";

    static final Logger LOG = LoggerFactory.getLogger(NAME);

    private CallLog() {}
}
