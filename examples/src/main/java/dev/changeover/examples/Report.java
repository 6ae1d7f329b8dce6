package dev.changeover.examples;

import dev.changeover.core.BackfillProgress;
import java.io.PrintStream;
import java.util.Locale;

/** Writes to the terminal: a progress bar where there is one, plain lines otherwise. */
final class Report {

    private static final int WIDTH = 30;
    private static final long LINE_EVERY_NANOS = 2_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final boolean points;
    private final long start = System.nanoTime();
    private boolean barOpen;
    private long lastBar;

    Report(PrintStream out, boolean terminal) {
        this(out, terminal, false);
    }

    /** Creates one that also tells programs which point the job has reached. */
    Report(PrintStream out, boolean terminal, boolean points) {
        this.out = out;
        this.terminal = terminal;
        this.points = points;
    }

    /** The job is about to do something, or has done it; whoever kills it waits for this line. */
    void point(String phase, String point) {
        if (points) {
            plain("POINT " + phase + " " + point);
        }
    }

    /** A step of the walk begins. */
    synchronized void step(String text) {
        line("== " + text);
    }

    synchronized void line(String text) {
        endBar();
        out.printf(Locale.ROOT, "[%4d s] %s%n", seconds(), text);
    }

    /** Without a time, for the last line. */
    synchronized void plain(String text) {
        endBar();
        out.println(text);
        out.flush();
    }

    long seconds() {
        return (System.nanoTime() - start) / 1_000_000_000L;
    }

    synchronized void progress(BackfillProgress progress) {
        bar(
                "backfill " + progress.repository(),
                progress.rows(),
                progress.total(),
                String.format(
                        Locale.ROOT,
                        "%,.0f rows/s, %s left%s",
                        progress.rowsPerSecond(),
                        left(progress),
                        progress.held() == null ? "" : ", " + progress.held()),
                progress.finished());
    }

    /** The range that it is most probably in, as it is known after the first second. */
    private static String left(BackfillProgress progress) {
        return progress.remaining() == null
                ? "?"
                : progress.remaining().least().toSeconds() + " to "
                        + progress.remaining().most().toSeconds() + " s";
    }

    synchronized void bar(String what, long done, long total, String more, boolean finished) {
        long now = System.nanoTime();
        if (!finished && now - lastBar < (terminal ? LINE_EVERY_NANOS / 20 : LINE_EVERY_NANOS)) {
            return;
        }
        lastBar = now;
        double share = total <= 0 ? 1 : Math.min(1, (double) done / total);
        String text = String.format(Locale.ROOT, "%-20s %3.0f %% %,9d rows, %s", what, share * 100, done, more);
        if (!terminal) {
            line(text);
            return;
        }
        int full = (int) (share * WIDTH);
        out.print("\r[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + text + "   ");
        barOpen = true;
        if (finished) {
            endBar();
        }
    }

    private void endBar() {
        if (barOpen) {
            out.println();
            barOpen = false;
        }
    }
}
