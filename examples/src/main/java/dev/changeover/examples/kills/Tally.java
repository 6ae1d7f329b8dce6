package dev.changeover.examples.kills;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all lives came to. */
final class Tally {

    private static final Pattern LOST = Pattern.compile(" lost=(\\d+) ");
    private static final Pattern DIVERGENT = Pattern.compile(" divergent=(\\d+) ");

    private final List<Kill> kills = new ArrayList<>();
    private final List<String> verdicts = new ArrayList<>();
    private int exitCode = -1;

    void add(Lifetime life, int code) {
        verdicts.addAll(life.verdicts());
        Kill kill = life.kill();
        if (kill == null) {
            exitCode = code;
        } else {
            kills.add(kill);
        }
    }

    int kills() {
        return kills.size();
    }

    /** Keys that any life found lost, at its beginning or at the end. */
    long lost() {
        return sum(LOST);
    }

    /** Keys that any life found different without a mark. */
    long divergent() {
        return sum(DIVERGENT);
    }

    private long sum(Pattern pattern) {
        return verdicts.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    Map<String, Long> perPhase() {
        return count(kill -> kill.point().phase());
    }

    Map<String, Long> perMove() {
        return count(kill -> kill.point().move());
    }

    /** Kills while there were divergences that nobody had reviewed. */
    long whileDivergenceOpen() {
        return kills.stream().filter(kill -> kill.point().divergenceOpen()).count();
    }

    private Map<String, Long> count(Function<Kill, @Nullable String> name) {
        return kills.stream()
                .map(name)
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
    }

    /** The last line of the job, or nothing if it never came to it. */
    String result() {
        return verdicts.stream()
                .filter(line -> line.startsWith("RESULT "))
                .findAny()
                .orElse("");
    }

    /** Whether the job came to its end and never found anything wrong. */
    boolean clean() {
        return exitCode == 0 && !result().isEmpty() && lost() == 0 && divergent() == 0;
    }

    String line() {
        return "KILLED kills=" + kills() + " phases=" + pairs(perPhase()) + " lost=" + lost() + " divergent="
                + divergent() + " moves=" + pairs(perMove()) + " divergence_open=" + whileDivergenceOpen() + " exit="
                + exitCode;
    }

    private static String pairs(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}
