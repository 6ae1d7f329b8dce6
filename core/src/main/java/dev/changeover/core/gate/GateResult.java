package dev.changeover.core.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a gate found.
 *
 * @param gate the name of the gate
 * @param verdict whether the move may pass it
 * @param value what it found, for people
 * @param limit what it wants
 * @param missing what would have to happen, or null if it passes
 * @param until when it will pass if things go on as they do, or null if that cannot be told
 */
public record GateResult(
        String gate,
        Verdict verdict,
        String value,
        String limit,
        @Nullable String missing,
        @Nullable Instant until) {

    /** Whether a move may pass. */
    public enum Verdict {
        /** It is as it should be. */
        PASS,
        /** It is not as it should be. */
        FAIL,
        /** Nobody knows, which stops a move as a failure does. */
        UNKNOWN
    }

    /** Returns the result of a gate that is passed. */
    public static GateResult pass(Gate gate, String value, String limit) {
        return new GateResult(gate.name(), Verdict.PASS, value, limit, null, null);
    }

    /** Returns the result of a gate that is not passed. */
    public static GateResult fail(Gate gate, String value, String limit, String missing) {
        return new GateResult(gate.name(), Verdict.FAIL, value, limit, missing, null);
    }

    /** Returns the result of a gate about which nothing is known. */
    public static GateResult unknown(Gate gate, String value, String limit, String missing) {
        return new GateResult(gate.name(), Verdict.UNKNOWN, value, limit, missing, null);
    }

    /** Says when it will pass if nothing comes between. */
    public GateResult until(Instant instant) {
        return new GateResult(gate, verdict, value, limit, missing, instant);
    }

    /** Tells whether a move may pass. */
    public boolean passed() {
        return verdict == Verdict.PASS;
    }
}
