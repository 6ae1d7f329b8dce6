package dev.changeover.console.doctor;

/**
 * What one check found.
 *
 * @param check its name
 * @param verdict whether that is well
 * @param found what is so
 * @param remedy what to do about it; empty where it is well
 */
public record Finding(String check, Verdict verdict, String found, String remedy) {

    /** Whether it is well. */
    public enum Verdict {
        /** It is as it should be. */
        OK,
        /** Somebody should look. */
        WARN,
        /** It does not work so, or would lose data. */
        FAIL
    }
}
