package dev.changeover.examples.domain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Who is in which room. A table that only new has needs no switch: it is used from NEW_ONLY on. */
public interface ParticipantRepository {

    /** Lets somebody into a room. */
    void join(Participant participant);

    /** Notes that somebody left; returns whether they were there. */
    boolean leave(UUID id, Instant at);

    /** Returns who is in a room, in the order in which they came. */
    List<Participant> present(UUID roomId);
}
