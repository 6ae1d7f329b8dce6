package dev.changeover.shadowcompare;

import java.util.List;

/** Takes confirmed divergences. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface DivergenceLog {

    /** Takes nothing. */
    DivergenceLog NONE = confirmed -> {};

    /** Takes divergences that were confirmed together. */
    void add(List<Divergence> confirmed);

    /** Returns a log that hands everything to this one and then to the other. */
    default DivergenceLog and(DivergenceLog other) {
        return confirmed -> {
            try {
                add(confirmed);
            } finally {
                other.add(confirmed);
            }
        };
    }
}
