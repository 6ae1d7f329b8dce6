package dev.changeover.benchmarks.micro;

import dev.changeover.benchmarks.Goal;
import dev.changeover.benchmarks.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts the scores beside the goals. What costs a library is what a call takes above the same call without it. */
final class MicroTable {

    private static final double LEAST_BYTES = 0.5;

    private final Map<String, Score> scores;
    private final Table table = new Table("what", "ns", "best", "over the floor, ns", "B", "goal", "");

    MicroTable(Map<String, Score> scores) {
        this.scores = scores;
        router();
        shadow();
        handOff();
        comparison();
    }

    List<String> lines() {
        return table.lines();
    }

    private void router() {
        String floor = "RouterBenchmark.directEight";
        String one = "RouterBenchmark.direct";
        row("**read while nothing changes over**: direct call, which an unregistered repository is", one, one);
        row("direct calls, eight methods in turn", floor, floor);
        row("LaunchDarkly 7.13, stage off", "RouterBenchmark.launchDarkly", one);
        row("Scientist4J 0.6, disabled", "RouterBenchmark.scientist4j", one);
        row("shadow-tool 1.9, 0 %", "RouterBenchmark.shadowTool", one);
        double quarter = has("RouterBenchmark.launchDarkly", one)
                ? over("RouterBenchmark.launchDarkly", one).nanos() / 4
                : 0;
        row(
                "Changeover, router by hand, LEGACY_ONLY",
                "RouterBenchmark.byHand",
                one,
                new Goal(quarter),
                "¼ of LaunchDarkly",
                new Goal(32));
        row(
                "Changeover, router by hand, eight lambda shapes",
                "RouterBenchmark.byHandEight",
                floor,
                new Goal(quarter),
                "¼ of LaunchDarkly",
                new Goal(32));
        row(
                "Changeover, proxy, eight methods",
                "RouterBenchmark.proxyEight",
                floor,
                new Goal(quarter),
                "¼ of LaunchDarkly",
                null);
    }

    private void shadow() {
        String floor = "ShadowBenchmark.floor";
        row("**shadow read compared on the caller's thread**: two reads and equals", floor, floor);
        row("LaunchDarkly, shadow, serial", "ShadowBenchmark.launchDarkly", floor);
        row("Scientist4J", "ShadowBenchmark.scientist4j", floor);
        row("Changeover, equals", "ShadowBenchmark.changeover", floor, new Goal(150), null, null);
        row("Changeover, field by field", "ShadowBenchmark.changeoverByField", floor, new Goal(150), null, null);
    }

    private void handOff() {
        String floor = "HandOffBenchmark.direct";
        String launchDarkly = "HandOffBenchmark.launchDarklyParked";
        rowOfTime("**shadow read by another thread, caller's share**: the read itself", floor, floor, null, null);
        rowOfTime(
                "LaunchDarkly, parallel (the caller waits for both)",
                "HandOffBenchmark.launchDarklyBusy",
                floor,
                null,
                null);
        rowOfTime(
                "Scientist4J, asynchronous (the caller waits for both)",
                "HandOffBenchmark.scientist4jBusy",
                floor,
                null,
                null);
        rowOfTime(
                "shadow-tool, 100 %, bounded queue, worker busy", "HandOffBenchmark.shadowToolBusy", floor, null, null);
        rowOfTime("Changeover, worker busy", "HandOffBenchmark.changeoverBusy", floor, new Goal(200), null);
        rowOfTime("LaunchDarkly, workers parked", launchDarkly, floor, null, null);
        rowOfTime("Scientist4J, workers parked", "HandOffBenchmark.scientist4jParked", floor, null, null);
        rowOfTime("shadow-tool, worker parked", "HandOffBenchmark.shadowToolParked", floor, null, null);
        Goal third =
                has(launchDarkly, floor) ? new Goal(over(launchDarkly, floor).nanos() / 3) : null;
        rowOfTime("Changeover, worker parked", "HandOffBenchmark.changeoverParked", floor, third, "⅓ of LaunchDarkly");
    }

    private void comparison() {
        row("**two records with eight fields**: equals", "ComparisonBenchmark.equalsOnly", null);
        row("JaVers 7.10, equal", "ComparisonBenchmark.javersEqual", null);
        row("JaVers 7.10, one field differs", "ComparisonBenchmark.javersDifferent", null);
        row("Changeover, equal", "ComparisonBenchmark.changeoverEqual", null, new Goal(200), null, new Goal(0));
        row("Changeover, one field differs", "ComparisonBenchmark.changeoverDifferent", null);
    }

    private void row(String what, String name, String floor) {
        row(what, name, floor, null, null, null);
    }

    private void row(String what, String name, String floor, Goal nanos, String nanosInWords, Goal bytes) {
        if (!has(name, floor)) {
            return;
        }
        Score score = scores.get(name);
        Score judged = floor == null ? score : over(name, floor);
        String goal = words(nanos, nanosInWords, " ns");
        String verdict = nanos == null ? "" : nanos.verdict(judged.nanos());
        if (bytes != null) {
            goal += ", " + bytes.text(" B");
            verdict += ", " + bytes.verdict(judged.bytes() < LEAST_BYTES ? 0 : judged.bytes());
        }
        table.row(
                what,
                number(score.nanos()),
                number(score.best()),
                over(name, floor, score),
                number(score.bytes()),
                goal,
                verdict);
    }

    /** A row without bytes: JMH would count those of the backlog, too. */
    private void rowOfTime(String what, String name, String floor, Goal nanos, String inWords) {
        if (has(name, floor)) {
            Score judged = over(name, floor);
            String verdict = nanos == null ? "" : nanos.verdict(judged.nanos());
            table.row(
                    what,
                    number(scores.get(name).nanos()),
                    number(scores.get(name).best()),
                    over(name, floor, scores.get(name)),
                    "",
                    words(nanos, inWords, " ns"),
                    verdict);
        }
    }

    private static String words(Goal goal, String inWords, String unit) {
        if (goal == null) {
            return "";
        }
        return inWords == null ? goal.text(unit) : "≤ " + inWords + " (" + number(goal.most()) + unit + ")";
    }

    private String over(String name, String floor, Score score) {
        return floor == null || floor.equals(name)
                ? ""
                : number(score.over(scores.get(floor)).nanos());
    }

    private boolean has(String name, String floor) {
        return scores.containsKey(name) && (floor == null || scores.containsKey(floor));
    }

    private Score over(String name, String floor) {
        return scores.get(name).over(scores.get(floor));
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.1f" : "%,.0f", value);
    }
}
