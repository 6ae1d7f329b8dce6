package dev.changeover.examples.legacy;

import dev.changeover.examples.domain.RoomStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guide's mapping of the free text in {@code meetings.status}. It is lossy on the way back: {@code waiting} and every
 * word that the guide does not name ({@code scheduled}, a word with a trailing blank) are CREATED. No row is refused for
 * its status, and no word is lost: a present word that already means the new status is left as it is.
 */
public final class LegacyStatus {

    /** The words that do not mean CREATED. */
    static final List<String> NOT_CREATED = List.of("active", "closed");

    private LegacyStatus() {}

    /** Returns what a word means. */
    public static RoomStatus read(String word) {
        return switch (word) {
            case "active" -> RoomStatus.LIVE;
            case "closed" -> RoomStatus.ENDED;
            default -> RoomStatus.CREATED;
        };
    }

    /** Returns the word for a status, for a row that has no word yet. */
    public static String write(RoomStatus status) {
        return switch (status) {
            case CREATED -> "waiting";
            case LIVE -> "active";
            case ENDED -> "closed";
        };
    }

    static String write(RoomStatus status, @Nullable String present) {
        return present != null && read(present) == status ? present : write(status);
    }
}
