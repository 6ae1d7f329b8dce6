package dev.changeover.shadowcompare.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How numbers and times are written, everywhere alike. */
final class Words {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    static String lower(Object name) {
        return name.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String count(long count, String what) {
        return number(count) + " " + what + (count == 1 ? "" : "s");
    }

    /** Two digits that count, so that neither 0.0 % nor 3.28125 % is shown. */
    static String share(double share) {
        double percent = share * 100;
        if (percent == 0 || percent >= 10) {
            return String.format(Locale.ROOT, "%.0f %%", percent);
        }
        int digits = (int) Math.min(6, Math.max(1, 1 - Math.floor(Math.log10(percent))));
        return String.format(Locale.ROOT, "%." + digits + "f %%", percent);
    }

    static String millis(double millis) {
        return String.format(Locale.ROOT, millis >= 100 ? "%,.0f ms" : millis >= 1 ? "%.1f ms" : "%.2f ms", millis);
    }

    static String plainMillis(double millis) {
        return millis(millis).replace(" ms", "");
    }

    static String times(@Nullable Double ratio) {
        return ratio == null ? "–" : String.format(Locale.ROOT, "%.2f×", ratio);
    }

    /** In UTC: who looks at it in another place sees the same. */
    static String moment(@Nullable Instant moment) {
        return moment == null ? "–" : MOMENT.format(moment);
    }

    /** Returns a length of time with its largest unit, and the next where that matters. */
    static String span(Duration span) {
        long minutes = Math.max(0, span.toMinutes());
        if (minutes < 1) {
            return Math.max(0, span.toSeconds()) + " s";
        } else if (minutes < 120) {
            return minutes + " min";
        }
        return minutes < 48 * 60 ? minutes / 60 + " h" : minutes / (24 * 60) + " days";
    }

    static String ago(@Nullable Instant moment, Instant now) {
        return moment == null ? "–" : span(Duration.between(moment, now)) + " ago";
    }
}
