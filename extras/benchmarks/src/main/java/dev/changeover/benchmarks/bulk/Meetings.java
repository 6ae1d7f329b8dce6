package dev.changeover.benchmarks.bulk;

import java.util.UUID;

/** The port. */
interface Meetings {

    /** Returns the title, or null if there is no such meeting. */
    String title(UUID id);

    /** Gives the meeting another title. */
    void rename(UUID id, String title);
}
