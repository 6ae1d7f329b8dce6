package dev.changeover.core.control;

import java.util.List;
import java.util.stream.Stream;

/**
 * The follower's part of a write, opened.
 *
 * @param locked whether the key locks were had in time
 * @param marks the marks of these keys seen under the lock, which a copy makes superfluous
 * @param foreignMarks whether one of them was set by another unit of work
 * @param collected keys that the write changed and did not declare; locked like the others
 */
public record OpenedFollower(boolean locked, List<Long> marks, boolean foreignMarks, List<String> collected) {

    /** Copies the lists. */
    public OpenedFollower {
        marks = List.copyOf(marks);
        collected = List.copyOf(collected);
    }

    /** Adds marks that the same copy makes superfluous. */
    public OpenedFollower and(List<Long> more) {
        return new OpenedFollower(
                locked, Stream.concat(marks.stream(), more.stream()).toList(), foreignMarks, collected);
    }
}
