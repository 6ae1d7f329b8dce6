package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.report.Calls.Operation;
import dev.changeover.shadowcompare.report.Calls.Served;
import dev.changeover.shadowcompare.report.Comparisons.Counts;
import dev.changeover.shadowcompare.report.Comparisons.Slot;
import dev.changeover.shadowcompare.report.Copies.Run;
import dev.changeover.shadowcompare.report.History.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Drawings. Each says in words what it shows, has its labels outside, where they keep their size, and tells by more than colour. */
final class Charts {
    private static final double WIDTH = 960;
    private static final double HEIGHT = 100;
    private static final double LANE = 72;
    private static final double RANGE = 160;

    private Charts() {}

    /** Returns how much of something is done. */
    static Html progress(double share) {
        return filled("progress", share, Words.share(share) + " done");
    }

    /** Returns a bar beside a number, which says the same. */
    static Html bar(double share) {
        return filled("bar", share, "");
    }

    private static Html filled(String kind, double share, String label) {
        Html svg = svg(kind, "100", "6", label);
        svg.empty("rect", "class", "track", "width", "100", "height", "6");
        return svg.empty("rect", "class", "fill", "width", Html.at(Math.max(0.5, share * 100)), "height", "6")
                .close();
    }

    /** A label that is empty makes it one that nobody has to read out. */
    private static Html svg(String kind, String width, String height, String label) {
        Html svg = new Html();
        svg.open(
                "svg",
                "class",
                kind,
                "viewBox",
                "0 0 " + width + " " + height,
                "preserveAspectRatio",
                kind.equals("range") ? "xMinYMid" : "none",
                "role",
                label.isEmpty() ? "" : "img",
                "aria-hidden",
                label.isEmpty() ? "true" : "",
                "aria-label",
                label);
        return label.isEmpty() ? svg : svg.element("title", label);
    }

    /** Returns which share of the reads new served, over time, with a band for each stage. */
    static Html share(List<Stretch> stretches, Instant now) {
        Instant from = stretches.get(0).from();
        double all = Math.max(1, Duration.between(from, now).toMillis());
        Html svg = svg(
                "share",
                Html.at(WIDTH),
                Html.at(HEIGHT),
                "Share of reads on new since " + Words.moment(from) + ", now "
                        + stretches.get(stretches.size() - 1).percent() + " %");
        for (Stretch each : stretches) {
            double x = WIDTH * Duration.between(from, each.from()).toMillis() / all;
            Instant to = Objects.requireNonNullElse(each.to(), now);
            double width = Math.max(1, WIDTH * Duration.between(each.from(), to).toMillis() / all);
            band(svg, each, x, width);
        }
        svg.close();
        return figure(
                "Share of reads that new serves; a band for each stage", svg, Words.moment(from), Words.moment(now));
    }

    private static void band(Html svg, Stretch each, double x, double width) {
        double high = HEIGHT * each.percent() / 100;
        svg.open("g").element("title", each.stage() + ", " + each.percent() + " % from " + Words.moment(each.from()));
        rect(svg, "band " + (each.stage().ordinal() % 2 == 0 ? "even" : "odd"), x, 0, width, HEIGHT);
        rect(svg, "new", x, HEIGHT - high, width, high);
        svg.close();
    }

    private static void rect(Html svg, String kind, double x, double y, double width, double height) {
        svg.empty(
                "rect",
                "class",
                kind,
                "x",
                Html.at(x),
                "y",
                Html.at(y),
                "width",
                Html.at(width),
                "height",
                Html.at(height));
    }

    private static Html figure(String caption, Html drawing, String left, String right) {
        return new Html()
                .open("figure")
                .element("figcaption", caption)
                .add(drawing)
                .open("p", "class", "axis")
                .element("span", left)
                .element("span", right)
                .close()
                .close();
    }

    /** Returns how much was compared, upwards, and how much of it diverged, downwards in a lane of its own. */
    static Html comparisons(List<Slot> slots) {
        long most =
                slots.stream().mapToLong(each -> each.counts().decided()).max().orElse(0);
        long worst =
                slots.stream().mapToLong(each -> each.counts().diverged()).max().orElse(0);
        long bad = slots.stream().filter(each -> each.counts().diverged() > 0).count();
        Html svg = svg(
                "compared",
                Html.at(WIDTH),
                Html.at(HEIGHT),
                "At most " + Words.number(most) + " comparisons in a step of time; divergences in " + bad + " of "
                        + slots.size() + " steps, at most " + Words.number(worst) + " in one");
        double step = WIDTH / slots.size();
        for (int i = 0; i < slots.size(); i++) {
            slot(svg, slots.get(i), i * step, step * 0.8, Math.max(1, most), Math.max(1, worst));
        }
        rect(svg, "line", 0, LANE, WIDTH, 1);
        svg.close();
        return figure(
                "Decided comparisons upwards, at most " + Words.number(most) + "; divergences downwards, "
                        + (worst == 0 ? "none" : "at most " + Words.number(worst)),
                svg,
                Words.moment(slots.get(0).from()),
                "now");
    }

    private static void slot(Html svg, Slot slot, double x, double width, long most, long worst) {
        Counts counts = slot.counts();
        if (counts.all() == 0) {
            return;
        }
        double up = (LANE - 2) * counts.decided() / most;
        double down = (HEIGHT - LANE - 2) * counts.diverged() / worst;
        svg.open("g")
                .element(
                        "title",
                        Words.moment(slot.from()) + ": " + Words.number(counts.decided()) + " decided, "
                                + Words.number(counts.diverged()) + " diverged");
        rect(svg, "volume", x, LANE - up, width, up);
        if (counts.diverged() > 0) {
            rect(svg, "bad", x, LANE + 2, width, Math.max(4, down));
        }
        svg.close();
    }

    /** Returns the range from p50 to p99 of both sides, with a mark at the p95: round for legacy, pointed for new. */
    static Html latencies(Operation operation, double slowest) {
        Html svg = svg("range", Html.at(RANGE), "24", "");
        range(svg, operation.legacy(), slowest, "legacy", 7);
        range(svg, operation.next(), slowest, "new", 17);
        return svg.close();
    }

    private static void range(Html svg, @Nullable Served served, double slowest, String side, double y) {
        if (served == null || slowest <= 0) {
            return;
        }
        double from = 6 + served.p50() / slowest * (RANGE - 12);
        double to = 6 + served.p99() / slowest * (RANGE - 12);
        double mark = 6 + served.p95() / slowest * (RANGE - 12);
        svg.open("g", "class", side).element("title", side + ": p95 " + Words.millis(served.p95()));
        rect(svg, "span", from, y - 1, Math.max(2, to - from), 2);
        if (side.equals("legacy")) {
            svg.empty("circle", "cx", Html.at(mark), "cy", Html.at(y), "r", "4");
        } else {
            svg.empty("path", "d", "M" + Html.at(mark - 5) + " " + Html.at(y) + "l5 -5l5 5l-5 5z");
        }
        svg.close();
    }

    /** Returns a sign for each verification, oldest first. */
    static Html verifications(List<Run> runs) {
        Html list = new Html().open("ol", "class", "strip", "aria-label", "Verifications, oldest first");
        for (int i = runs.size() - 1; i >= 0; i--) {
            Run run = runs.get(i);
            String verdict = Objects.requireNonNullElse(run.verdict(), "no verdict yet");
            String kind = switch (verdict) {
                case "MATCH" -> "good";
                case "DIVERGED" -> "bad";
                default -> "warn";
            };
            list.open("li", "class", kind, "title", verdict + ", " + Words.moment(run.startedAt()))
                    .element("span", verdict + ", " + Words.moment(run.startedAt()), "class", "unseen")
                    .close();
        }
        return list.close();
    }
}
