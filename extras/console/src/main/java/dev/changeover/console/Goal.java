package dev.changeover.console;

import dev.changeover.console.connect.ConsoleException;
import dev.changeover.core.Stage;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository shall go: to a stage, or to a percentage of RAMP.
 *
 * @param stage the stage, or null
 * @param percent the percentage, or null
 */
record Goal(@Nullable Stage stage, @Nullable Integer percent) {

    /** Reads {@code RAMP}, {@code new-primary} or {@code 25%}. */
    static Goal parse(String text) {
        if (text.matches("[0-9]{1,3} ?%?")) {
            int percent = Integer.parseInt(text.replaceAll("[^0-9]", ""));
            if (percent <= 100) {
                return new Goal(null, percent);
            }
        }
        String name = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(Stage.values())
                .filter(stage -> stage.name().equals(name))
                .map(stage -> new Goal(stage, null))
                .findFirst()
                .orElseThrow(() -> ConsoleException.usage(
                        "There is no such stage", "Give one of " + stages() + ", or a percentage such as 25%"));
    }

    private static String stages() {
        return Arrays.stream(Stage.values()).map(Stage::name).collect(Collectors.joining(", "));
    }

    /** Below 0 for a way back, 0 where the repository is there, above 0 for a way forward. */
    int direction(Where where) {
        if (stage != null) {
            return stage.compareTo(where.stage());
        }
        return percent != null && where.stage() == Stage.RAMP ? percent.compareTo(where.percent()) : 1;
    }

    String words() {
        return stage != null ? stage.name() : percent + " %";
    }
}
