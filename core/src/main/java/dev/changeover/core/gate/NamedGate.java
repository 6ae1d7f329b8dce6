package dev.changeover.core.gate;

import dev.changeover.core.ConfigurationException;
import java.time.Duration;
import java.util.function.BiFunction;

/** A gate that is a name and a rule. */
record NamedGate(String name, BiFunction<Gate, GateFacts, GateResult> rule) implements Gate {

    @Override
    public GateResult check(GateFacts facts) {
        return rule.apply(this, facts);
    }

    static void positive(String gate, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new ConfigurationException("gates." + gate, "it is " + duration, "Give a positive duration");
        }
    }

    /** Durations as people say them: the two largest units. */
    static String shown(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 86_400) {
            return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
        } else if (seconds >= 3600) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds >= 60 ? seconds / 60 + " min " + seconds % 60 + " s" : seconds + " s";
    }
}
