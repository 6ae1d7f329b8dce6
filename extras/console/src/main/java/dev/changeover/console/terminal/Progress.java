package dev.changeover.console.terminal;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** How far something is: a bar on a terminal, a line now and then elsewhere. */
public final class Progress {
    private static final int BAR = 30;

    private final Screen screen;
    private final long everyNanos;
    private final LongSupplier nanos;
    private String said = "";
    private long saidAt;

    /**
     * Begins to watch.
     *
     * @param every how often a line is written where nobody watches
     * @param nanos a clock that never jumps
     */
    public Progress(Screen screen, Duration every, LongSupplier nanos) {
        this.screen = screen;
        this.everyNanos = every.toNanos();
        this.nanos = nanos;
        this.saidAt = nanos.getAsLong() - everyNanos;
    }

    /** So much is done. {@code of} is 0 where nobody knows. */
    public void at(String what, long done, long of, String unit) {
        at(what, done, of, unit, "");
    }

    /** The same, with more to say about it. */
    public void at(String what, long done, long of, String unit, String more) {
        String bar = screen.look().terminal() && of > 0 ? bar(done, of) : "";
        String share = of > 0 ? String.format(Locale.ROOT, " (%d %%)", Math.min(100, done * 100 / of)) : "";
        String total = of > 0 ? String.format(Locale.ROOT, " of %,d", of) : "";
        say(what + ": " + bar + String.format(Locale.ROOT, "%,d%s %s%s", done, total, unit, share) + more);
    }

    /** This is what happens now, and nobody can say how far it is. */
    public void say(String text) {
        if (text.equals(said)) {
            return;
        } else if (screen.look().terminal()) {
            screen.overwrite(text);
            said = text;
        } else if (nanos.getAsLong() - saidAt >= everyNanos) {
            screen.note(text);
            saidAt = nanos.getAsLong();
            said = text;
        }
    }

    /** Takes the bar away. */
    public void end() {
        if (screen.look().terminal()) {
            screen.overwrite("");
        }
    }

    private static String bar(long done, long of) {
        int full = (int) Math.max(0, Math.min(BAR, done * BAR / of));
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] ";
    }
}
