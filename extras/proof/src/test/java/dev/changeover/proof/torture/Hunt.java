package dev.changeover.proof.torture;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Looks for mutants: the round in which a rule is left out must find something, the same round with it nothing. */
final class Hunt {

    private static final int MOST_ROUNDS = 10;

    private final Arena arena;
    private final long seed;
    private final Consumer<String> say;
    private boolean complete = true;

    Hunt(Arena arena, long seed, Consumer<String> say) {
        this.arena = arena;
        this.seed = seed;
        this.say = say;
    }

    static List<Mutant> named(List<String> names) {
        if (names.equals(List.of("all"))) {
            return Mutants.all();
        } else if (names.equals(List.of("none"))) {
            return List.of();
        }
        return names.stream()
                .map(name -> Mutants.all().stream()
                        .filter(mutant -> mutant.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no mutant " + name)))
                .toList();
    }

    /** Returns whether every mutant was caught, and nothing else. */
    boolean run(Stream<Mutant> mutants) {
        mutants.forEach(mutant -> {
            if (mutant.isScheduled()) {
                playSchedule(mutant);
            } else {
                storm(mutant);
            }
        });
        return complete;
    }

    private void playSchedule(Mutant mutant) {
        boolean holds = Schedules.play(mutant.name(), false);
        boolean caught = Schedules.play(mutant.name(), true);
        report(mutant, caught ? 1 : 0, 1, holds, "schedule");
    }

    private void storm(Mutant mutant) {
        Verdict held = arena.play(mutant.plan().apply(seed), mutant.rule());
        if (!held.isClean()) {
            say.accept("with its rule " + mutant.name() + " " + held.line());
            held.details().forEach(say);
        }
        int rounds = 0;
        Verdict broken;
        do {
            broken = arena.play(mutant.plan().apply(seed + rounds), mutant.broken());
            rounds++;
        } while (broken.isClean() && rounds < MOST_ROUNDS);
        report(mutant, broken.isClean() ? 0 : 1, rounds, held.isClean(), "storm " + broken.found());
        if (!broken.isClean()) {
            broken.details()
                    .limit(3)
                    .forEach(line -> say.accept("  " + line.lines().findFirst().orElse("")));
        }
    }

    private void report(Mutant mutant, int caught, int rounds, boolean holds, String by) {
        complete &= caught > 0 && holds;
        say.accept("MUTANT " + mutant.name() + " caught=" + caught + " rounds=" + rounds + " by=" + by
                + (holds ? "" : " rule_held=false"));
    }
}
