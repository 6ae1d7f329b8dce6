package dev.changeover.examples.kills;

import java.util.Locale;

/**
 * The end of a life.
 *
 * @param point the last point that it had reached
 * @param lifeMillis how long it had lived
 * @param sincePoint how long it had been there, in nanoseconds
 */
record Kill(Point point, long lifeMillis, long sincePoint) {

    String line(int number) {
        return String.format(
                Locale.ROOT,
                "KILL n=%d phase=%s point=%s life_ms=%d after_ms=%.1f",
                number,
                point.phase(),
                point.hyphenated(),
                lifeMillis,
                sincePoint / 1e6);
    }
}
