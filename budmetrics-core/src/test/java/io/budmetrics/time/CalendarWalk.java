package io.budmetrics.time;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoField;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Where buckets begin, found by walking through time and looking at the clock of a zone, of which nothing is asked but
 * its offset at a moment. Slow and plain on purpose. Times are microseconds since 1970.
 */
final class CalendarWalk {
    /** Every zone set its clock at whole multiples of this since 1970, and by such. */
    private static final long STEP = 30;

    private static final long HOUR = 3600;
    private static final long DAY = 24 * HOUR;
    private static final long MICROS = 1_000_000;

    private final ZoneRules rules;
    private final Frequency frequency;
    private final long from;
    private final long to;

    private CalendarWalk(ZoneRules rules, Frequency frequency, long from, long to) {
        this.rules = rules;
        this.frequency = frequency;
        this.from = from;
        this.to = to;
    }

    /** The start of the bucket before the range, of those that touch it, and the end of the last one. */
    static List<Long> edges(ZoneRules rules, Frequency frequency, long from, long to) {
        CalendarWalk walk = new CalendarWalk(rules, frequency, from, to);
        boolean ofTheClock = frequency.unit() == Frequency.Unit.MINUTE || frequency.unit() == Frequency.Unit.HOUR;
        if (frequency.interval() > 1) {
            return ofTheClock ? walk.elapsed() : walk.steps();
        }
        return walk.aroundTheRange(ofTheClock ? walk.wholeUnitsOfTheClock() : walk.firstMomentsOfDates());
    }

    private List<Long> aroundTheRange(List<Long> edges) {
        int first = 0;
        while (edges.get(first + 1) <= from) {
            first++;
        }
        int last = first;
        while (edges.get(last) < to) {
            last++;
        }
        return edges.subList(first - 1, last + 1);
    }

    private long offset(long second) {
        return rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
    }

    private long clock(long second) {
        return second + offset(second);
    }

    private long unitSeconds() {
        return frequency.unit() == Frequency.Unit.MINUTE ? 60 : HOUR;
    }

    private List<Long> elapsed() {
        long width = frequency.interval() * unitSeconds() * MICROS;
        List<Long> edges = new ArrayList<>(List.of(from - width, from));
        while (edges.get(edges.size() - 1) < to) {
            edges.add(edges.get(edges.size() - 1) + width);
        }
        return edges;
    }

    /** When the clock shows a whole unit, and when it is set by a part of one. */
    private List<Long> wholeUnitsOfTheClock() {
        List<Long> edges = new ArrayList<>();
        long begin = Math.floorDiv(from, STEP * MICROS) * STEP - 3 * unitSeconds();
        for (long second = begin; second * MICROS < to + 3 * unitSeconds() * MICROS; second += STEP) {
            boolean set = (offset(second) - offset(second - STEP)) % unitSeconds() != 0;
            if (set || Math.floorMod(clock(second), unitSeconds()) == 0) {
                edges.add(second * MICROS);
            }
        }
        return edges;
    }

    /** When the clock shows a date for the first time whose unit it has not shown before. */
    private List<Long> firstMomentsOfDates() {
        List<Long> edges = new ArrayList<>();
        long around = DAY
                * switch (frequency.unit()) {
                    case MINUTE, HOUR, WHOLE_RANGE -> throw new IllegalStateException();
                    case DAY -> 5;
                    case WEEK -> 25;
                    case MONTH -> 80;
                    case QUARTER -> 200;
                    case YEAR -> 750;
                };
        long hour = Math.floorDiv(from, HOUR * MICROS) * HOUR - around;
        long known = unitOf(clock(hour));
        long offset = offset(hour);
        while (hour * MICROS < to + around * MICROS) {
            long next = hour + HOUR;
            long nextOffset = offset(next);
            if (offset != nextOffset || Math.floorDiv(hour + offset, DAY) != Math.floorDiv(next + nextOffset, DAY)) {
                for (long second = hour + STEP; second <= next; second += STEP) {
                    if (unitOf(clock(second)) > known) {
                        known = unitOf(clock(second));
                        edges.add(second * MICROS);
                    }
                }
            }
            hour = next;
            offset = nextOffset;
        }
        return edges;
    }

    private long unitOf(long clock) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(clock, DAY));
        return switch (frequency.unit()) {
            case MINUTE, HOUR, WHOLE_RANGE -> throw new IllegalStateException();
            case DAY -> date.toEpochDay();
            case WEEK -> {
                LocalDate day = date;
                while (day.getDayOfWeek() != frequency.weekStart()) {
                    day = day.minusDays(1);
                }
                yield day.toEpochDay();
            }
            case MONTH -> date.get(ChronoField.YEAR) * 12L + date.getMonthValue();
            case QUARTER -> date.get(ChronoField.YEAR) * 4L + (date.getMonthValue() + 2) / 3;
            case YEAR -> date.get(ChronoField.YEAR);
        };
    }

    /** From the start of the range, so many units on and on by the calendar. */
    private List<Long> steps() {
        List<Long> edges = new ArrayList<>(List.of(from));
        for (long number = 1; edges.get(edges.size() - 1) < to; number++) {
            long edge = step(number);
            if (edge > edges.get(edges.size() - 1)) {
                edges.add(edge);
            }
        }
        long number = -1;
        while (step(number) >= from) {
            number--;
        }
        edges.add(0, step(number));
        return edges;
    }

    private long step(long number) {
        long second = Math.floorDiv(from, MICROS);
        long start = clock(second);
        long units = number * frequency.interval();
        long wanted =
                switch (frequency.unit()) {
                    case MINUTE, HOUR, WHOLE_RANGE -> throw new IllegalStateException();
                    case DAY -> start + units * DAY;
                    case WEEK -> start + units * 7 * DAY;
                    case MONTH -> sameDay(start, units);
                    case QUARTER -> sameDay(start, 3 * units);
                    case YEAR -> sameDay(start, 12 * units);
                };
        return moment(wanted, offset(second)) * MICROS + Math.floorMod(from, MICROS);
    }

    private static long sameDay(long clock, long months) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(clock, DAY));
        long month = date.getYear() * 12L + date.getMonthValue() - 1 + months;
        YearMonth wanted = YearMonth.of((int) Math.floorDiv(month, 12), Math.floorMod(month, 12) + 1);
        LocalDate day = wanted.atDay(Math.min(date.getDayOfMonth(), wanted.lengthOfMonth()));
        return day.toEpochDay() * DAY + Math.floorMod(clock, DAY);
    }

    /** When the clock shows a time: with the preferred offset if it can be, else first; a clock not yet set if never. */
    private long moment(long wanted, long preferred) {
        if (clock(wanted - preferred) == wanted) {
            return wanted - preferred;
        }
        long hour = Math.floorDiv(wanted, HOUR) * HOUR - 30 * HOUR;
        long last = hour + 60 * HOUR;
        long before = offset(hour);
        for (; hour < last; hour += HOUR) {
            if (clock(wanted - offset(hour)) == wanted) {
                return wanted - offset(hour);
            }
            // the last offset with which the clock still showed less
            for (long second = hour; offset(hour) != offset(hour + HOUR) && second < hour + HOUR; second += STEP) {
                before = clock(second) < wanted ? offset(second) : before;
            }
        }
        return wanted - before;
    }
}
