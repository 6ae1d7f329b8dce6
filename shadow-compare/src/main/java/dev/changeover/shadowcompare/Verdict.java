package dev.changeover.shadowcompare;

/** What a verification says. Only {@link #MATCH} is good news. */
public enum Verdict {
    /** Every key of both sides was compared and is equal. */
    MATCH,
    /** At least one key differs and nothing excuses it. */
    DIVERGED,
    /** Nothing differs, but not everything was compared: it was stopped, keys stayed marked, or there was nothing. */
    INCOMPLETE,
    /** Something could not be read, so nothing is known. */
    ERROR
}
