package io.budmetrics.clickhouse.oracle;

import io.budmetrics.clickhouse.oracle.OracleAnswer.Span;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** The periods of a question: every moment at which one begins is collected, far beyond the range, and sorted. */
final class OracleCalendar {
    private final Ask ask;
    private final ZoneRules rules;
    private final TreeSet<Instant> edges = new TreeSet<>();

    OracleCalendar(Ask ask) {
        this.ask = ask;
        this.rules = ZoneId.of(ask.zone()).getRules();
        if (ask.unit().equals("WHOLE_RANGE")) {
            Duration range = Duration.between(ask.from(), ask.end());
            edges.addAll(List.of(ask.from().minus(range), ask.from(), ask.end()));
            return;
        }
        boolean ofTheClock = ask.unit().equals("MINUTE") || ask.unit().equals("HOUR");
        if (ofTheClock && ask.interval() == 1) {
            collectWholeUnitsOfTheClock();
            return;
        }
        LocalDateTime from = local(ask.from());
        for (long k = -3;
                k <= 0 || edges.size() < 6 || edges.lower(edges.last()).isBefore(ask.end());
                k++) {
            if (ofTheClock) {
                edges.add(plus(ask.from().atOffset(ZoneOffset.UTC).toLocalDateTime(), k * ask.interval())
                        .toInstant(ZoneOffset.UTC));
            } else if (ask.interval() == 1) {
                edges.add(firstMoment(plus(startOf(from), k)));
            } else {
                edges.add(moment(plus(from, k * ask.interval())));
            }
        }
    }

    /** The periods that touch the range. */
    List<Span> periods() {
        List<Span> periods = new ArrayList<>();
        Instant start = Objects.requireNonNull(edges.floor(ask.from()));
        while (start.isBefore(ask.end())) {
            Instant end = Objects.requireNonNull(edges.higher(start));
            periods.add(new Span(
                    start,
                    end,
                    start.isBefore(ask.from()) ? ask.from() : start,
                    end.isAfter(ask.end()) ? ask.end() : end));
            start = end;
        }
        return periods;
    }

    /** The one before the first, which is whole. */
    Span before() {
        Instant end = Objects.requireNonNull(edges.floor(ask.from()));
        Instant start = Objects.requireNonNull(edges.lower(end));
        return new Span(start, end, start, end);
    }

    /** The question about the range that one is compared with. */
    static Ask earlier(Ask ask) {
        OracleCalendar calendar = new OracleCalendar(ask);
        String text = ask.comparison();
        Instant from;
        Instant end;
        if (text.equals("previous_period")) {
            from = ask.from().minus(Duration.between(ask.from(), ask.end()));
            end = ask.from();
        } else if (text.startsWith("PT")) {
            from = ask.from().minus(Duration.parse(text));
            end = ask.end().minus(Duration.parse(text));
        } else {
            from = calendar.earlier(ask.from(), Period.parse(text));
            end = calendar.earlier(ask.end(), Period.parse(text));
        }
        return new Ask(
                ask.metrics(),
                from,
                end,
                ask.unit(),
                ask.interval(),
                ask.zone(),
                ask.weekStart(),
                ask.conditions(),
                ask.dimensions(),
                ask.top(),
                ask.by(),
                ask.smallestFirst(),
                ask.having(),
                ask.delta(),
                ask.totals(),
                "",
                ask.dense(),
                ask.source(),
                ask.lookBackMicros());
    }

    /** When the clock showed the same time so much earlier: with the offset it has now if it could. */
    private Instant earlier(Instant moment, Period by) {
        LocalDateTime time = local(moment).minus(by);
        List<ZoneOffset> offsets = rules.getValidOffsets(time);
        if (offsets.isEmpty()) {
            return time.toInstant(rules.getTransition(time).getOffsetBefore());
        }
        ZoneOffset now = rules.getOffset(moment);
        return time.toInstant(offsets.contains(now) ? now : offsets.get(0));
    }

    private LocalDateTime local(Instant moment) {
        return LocalDateTime.ofEpochSecond(moment.getEpochSecond(), moment.getNano(), rules.getOffset(moment));
    }

    private LocalDateTime plus(LocalDateTime time, long count) {
        return switch (ask.unit()) {
            case "MINUTE" -> time.plusMinutes(count);
            case "HOUR" -> time.plusHours(count);
            case "DAY" -> time.plusDays(count);
            case "WEEK" -> time.plusWeeks(count);
            case "MONTH" -> time.plusMonths(count);
            case "QUARTER" -> time.plusMonths(3 * count);
            case "YEAR" -> time.plusYears(count);
            default -> throw new IllegalArgumentException(ask.unit());
        };
    }

    private LocalDateTime startOf(LocalDateTime time) {
        LocalDateTime day = time.truncatedTo(ChronoUnit.DAYS);
        return switch (ask.unit()) {
            case "DAY" -> day;
            case "WEEK" -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.valueOf(ask.weekStart())));
            case "MONTH" -> day.withDayOfMonth(1);
            case "QUARTER" -> day.withDayOfMonth(1).minusMonths((day.getMonthValue() - 1) % 3);
            case "YEAR" -> day.withDayOfYear(1);
            default -> throw new IllegalArgumentException(ask.unit());
        };
    }

    /** When a day begins: at midnight, the first of two, or when the clock was set over it. */
    private Instant firstMoment(LocalDateTime midnight) {
        List<ZoneOffset> offsets = rules.getValidOffsets(midnight);
        return offsets.isEmpty() ? rules.getTransition(midnight).getInstant() : midnight.toInstant(offsets.get(0));
    }

    /** When the clock shows a time: with the offset of the range's start if it can, else the first time. */
    private Instant moment(LocalDateTime time) {
        List<ZoneOffset> offsets = rules.getValidOffsets(time);
        if (offsets.isEmpty()) {
            return time.toInstant(rules.getTransition(time).getOffsetBefore());
        }
        ZoneOffset preferred = rules.getOffset(ask.from());
        return time.toInstant(offsets.contains(preferred) ? preferred : offsets.get(0));
    }

    /** Between two changes of the clock whole units are easy; a change by a part of one begins one too. */
    private void collectWholeUnitsOfTheClock() {
        long unit = ask.unit().equals("MINUTE") ? 60 : 3600;
        Instant begin = ask.from().minusSeconds(3 * unit);
        Instant last = ask.end().plusSeconds(3 * unit);
        while (begin.isBefore(last)) {
            long offset = rules.getOffset(begin).getTotalSeconds();
            ZoneOffsetTransition change = rules.nextTransition(begin);
            Instant end = change == null || change.getInstant().isAfter(last) ? last : change.getInstant();
            long second = begin.getEpochSecond();
            for (second += Math.floorMod(-second - offset, unit); second < end.getEpochSecond(); second += unit) {
                edges.add(Instant.ofEpochSecond(second));
            }
            if (change != null && change.getDuration().toSeconds() % unit != 0) {
                edges.add(change.getInstant());
            }
            begin = end;
        }
    }
}
