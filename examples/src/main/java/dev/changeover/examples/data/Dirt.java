package dev.changeover.examples.data;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What years of real use leave in columns. */
final class Dirt {

    /** Few, so that thousands of users share a local part. */
    static final List<String> LOCAL_PARTS = List.of(
            "anna", "bob", "info", "jürgen", "o'brien", "mary.ann+news", "李雷", "ÅSA", "x", "no.reply", "zoë", "admin");

    static final List<@Nullable String> NAMES = java.util.Arrays.asList(
            "Anna Meyer",
            "Bob  ",
            " leading blank",
            "Jürgen Müller-Lüdenscheidt",
            "李雷",
            "Zoë 🎧",
            "tab\there",
            "back\\slash",
            "two\nlines",
            "",
            "\"quoted\"",
            null);

    static final List<String> TITLES = List.of(
            "Standup",
            "Standup  ",
            "1:1 Anna / Bob",
            "Plenum — Übersicht",
            "会议",
            "party 🎉",
            "O'Reilly's \"talk\"",
            "tab\tand\\slash");

    /** Every word that the application ever wrote, a misspelt one, and one that nobody knows any more. */
    static final List<String> STATUSES = List.of(
            "closed",
            "closed",
            "closed",
            "closed",
            "waiting",
            "waiting",
            "active",
            "scheduled",
            "waiting ",
            "archived?");

    static final List<String> ACTIONS =
            List.of("LOGIN", "LOGOUT", "ROOM_CREATED", "ROOM_JOINED", "ROOM_LEFT", "ünknown ");

    /** Not in the form that {@code jsonb} prints: blanks, order, a member twice. The JSON value null is left out. */
    static final List<@Nullable String> METADATA = java.util.Arrays.asList(
            null,
            "{}",
            "{\"b\":1,   \"a\" : [1,2 , 3]}",
            "{\"agent\": \"Mozilla/5.0 (X11; ünïcode)\", \"ms\": 12.50}",
            "{\"a\": 1, \"a\": 2}",
            "[]",
            "\"just text\"",
            "{\"emoji\":\"\\ud83c\\udfa7\",\"n\":1e2}");

    static final List<@Nullable String> ADDRESSES =
            java.util.Arrays.asList(null, "127.0.0.1", "10.0.0.7", "2001:db8::1", "::ffff:192.0.2.128");

    private static final long EPOCH = Instant.parse("2024-01-01T00:00:00Z").getEpochSecond();
    private static final int SPAN = 2 * 365 * 24 * 3600;

    private Dirt() {}

    static <T extends @Nullable Object> T one(List<T> values, SplittableRandom random) {
        return values.get(random.nextInt(values.size()));
    }

    /** An instant of the last years, in microseconds. */
    static Instant instant(SplittableRandom random) {
        return Instant.ofEpochSecond(EPOCH + random.nextInt(SPAN), random.nextInt(1_000_000) * 1000L);
    }

    /** Later by whole, half and odd seconds; now and then a clock went back. */
    static Instant later(Instant instant, SplittableRandom random) {
        int halfSeconds = random.nextInt(100) == 0 ? -1 : random.nextInt(20_000);
        return instant.plusMillis(halfSeconds * 500L).plusNanos(random.nextInt(4) == 0 ? 999_000 : 0);
    }
}
