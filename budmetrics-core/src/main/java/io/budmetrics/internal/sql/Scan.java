package io.budmetrics.internal.sql;

import io.budmetrics.schema.InferenceFact;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scan of requests: a relation, a range of arrival times, and the conditions on requests, which include the scope. It is
 * the only thing that writes FROM and WHERE over requests, so that no part of a statement reads outside the scope.
 */
public final class Scan implements Source {
    private static final String ARRIVAL = InferenceFact.REQUEST_ARRIVAL_TIME.name();

    private final String relation;
    private final String since;
    private final String until;
    private final List<String> also;
    private final Conditions conditions;
    private final @Nullable String key;
    private final @Nullable Select keys;

    private Scan(
            String relation,
            String since,
            String until,
            List<String> also,
            Conditions conditions,
            @Nullable String key,
            @Nullable Select keys) {
        this.relation = relation;
        this.since = since;
        this.until = until;
        this.also = also;
        this.conditions = conditions;
        this.key = key;
        this.keys = keys;
    }

    /**
     * A scan of what arrived in a range.
     *
     * @param relation what is read
     * @param since the first moment, as a reference to a parameter
     * @param until the moment after the last, likewise
     * @param also further conditions on time and duration, before those on requests
     * @param conditions which requests
     * @return the scan
     */
    public static Scan of(Relation relation, String since, String until, List<String> also, Conditions conditions) {
        return new Scan(relation.name(), since, until, also, conditions, null, null);
    }

    /**
     * The same scan, of those groups only that another statement chooses.
     *
     * @param groupKey the key of a request's group
     * @param chosen yields the keys of the groups
     * @return a new scan
     */
    public Scan in(String groupKey, Select chosen) {
        return new Scan(relation, since, until, also, conditions, groupKey, chosen);
    }

    Conditions conditions() {
        return conditions;
    }

    @Override
    public void appendFrom(StringBuilder out, int depth) {
        String and = Lines.next(depth + 1);
        out.append("FROM ").append(relation).append(Lines.next(depth));
        out.append("WHERE ").append(ARRIVAL).append(" >= ").append(since);
        out.append(and).append("AND ").append(ARRIVAL).append(" < ").append(until);
        for (String condition : also) {
            out.append(and).append("AND ").append(condition);
        }
        conditions.append(out, depth);
        if (keys != null) {
            out.append(and)
                    .append("AND (")
                    .append(key)
                    .append(") IN")
                    .append(and)
                    .append('(');
            keys.append(out.append(Lines.next(depth + 2)), depth + 2);
            out.append(and).append(')');
        }
    }

    @Override
    public int length(int depth) {
        int range = Lines.length(relation, depth) + Lines.length(since, depth) + Lines.length(until, depth + 1);
        int length = 2 * ARRIVAL.length() + 24 + range + conditions.length(depth) + Lines.length(also, depth + 2);
        if (key == null || keys == null) {
            return length;
        }
        return length + key.length() + 16 * depth + 48 + keys.length(depth + 2);
    }

    @Override
    public void forEachScan(Consumer<Scan> visit) {
        visit.accept(this);
        if (keys != null) {
            keys.forEachScan(visit);
        }
    }
}
