package io.budmetrics.internal.sql;

import java.util.List;
import java.util.function.Consumer;

/**
 * The rows of several SELECTs, one after the other.
 *
 * @param selects one or more, with the same columns
 */
public record UnionAll(List<Select> selects) implements Source {
    @Override
    public void appendFrom(StringBuilder out, int depth) {
        out.append("FROM").append(Lines.next(depth)).append('(');
        for (int i = 0; i < selects.size(); i++) {
            if (i > 0) {
                out.append(Lines.next(depth + 1)).append("UNION ALL");
            }
            selects.get(i).append(out.append(Lines.next(depth + 1)), depth + 1);
        }
        out.append(Lines.next(depth)).append(')');
    }

    @Override
    public int length(int depth) {
        int length = 0;
        for (int i = 0; i < selects.size(); i++) {
            length += Lines.length("UNION ALL", depth + 1) + selects.get(i).length(depth + 1);
        }
        return length;
    }

    @Override
    public void forEachScan(Consumer<Scan> visit) {
        selects.forEach(select -> select.forEachScan(visit));
    }
}
