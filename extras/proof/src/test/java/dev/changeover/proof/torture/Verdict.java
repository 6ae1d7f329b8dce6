package dev.changeover.proof.torture;

import java.util.List;
import java.util.stream.Stream;

/** What came out of a round. */
final class Verdict {

    private static final int SHOWN = 5;

    private final Plan plan;
    private final List<String> lost;
    private final List<String> differences;
    private final List<String> wrong;
    private final List<Throwable> errors;
    private final List<String> falseReports;
    private final long acknowledged;
    private final long sessions;
    private final long crashes;
    private final String numbers;

    Verdict(Round round, List<String> lost, List<String> differences) {
        this.plan = round.plan;
        this.lost = lost;
        this.differences = differences;
        this.wrong = List.copyOf(round.wrong);
        this.errors = List.copyOf(round.errors);
        this.falseReports = round.towns.stream()
                .flatMap(town -> town.heard.falseReports.stream())
                .toList();
        this.acknowledged = round.acknowledged();
        this.sessions = round.kills.sessions();
        this.crashes = round.kills.crashes();
        this.numbers = "unknown=" + round.history.unknown() + " reads=" + round.reads + " moves=" + round.moves()
                + " refused=" + round.refused() + " serialization=" + round.serialization + " stage_changed="
                + round.stageChanged + " gone=" + round.gone + " pauses=" + round.kills.pauses() + " marked="
                + round.towns.stream()
                        .mapToLong(town -> town.heard.marked.get())
                        .sum() + " rehearsed="
                + round.towns.stream()
                        .mapToLong(town -> town.heard.rehearsed.get())
                        .sum()
                + " foreign=" + round.foreign + " turned_away=" + round.turnedAway + " conflicts=" + round.conflicts
                + " astray=" + round.astray + " undeclared=" + round.undeclared;
    }

    long acknowledged() {
        return acknowledged;
    }

    long kills() {
        return sessions + crashes;
    }

    long lost() {
        return lost.size() + wrong.size();
    }

    long divergent() {
        return differences.size() + falseReports.size();
    }

    boolean isClean() {
        return lost() + divergent() + errors.size() == 0;
    }

    /** What was found, in the words of the guarantees. */
    String found() {
        return "lost=" + lost.size() + " divergent=" + differences.size() + " wrong_reads=" + wrong.size()
                + " false_reports=" + falseReports.size() + " errors=" + errors.size();
    }

    String line() {
        return "round seed=" + plan.seed + " instances=" + plan.instances + " keys="
                + plan.keys * plan.writers + " acknowledged=" + acknowledged + " sessions_killed=" + sessions
                + " crashes=" + crashes + " " + found() + " " + numbers;
    }

    String planLine() {
        return "plan " + plan;
    }

    /** The first findings of each kind, for who has to understand them. */
    Stream<String> details() {
        return Stream.of(
                        Stream.of(planLine()),
                        lost.stream().limit(SHOWN).map(text -> "lost: " + text),
                        differences.stream().limit(SHOWN).map(text -> "divergent: " + text),
                        wrong.stream().limit(SHOWN).map(text -> "wrong read: " + text),
                        falseReports.stream().limit(SHOWN).map(text -> "false report: " + text),
                        errors.stream().limit(SHOWN).map(Verdict::text))
                .flatMap(lines -> lines);
    }

    private static String text(Throwable failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text));
        return "error: " + text.toString().lines().limit(60).collect(java.util.stream.Collectors.joining("\n"));
    }
}
