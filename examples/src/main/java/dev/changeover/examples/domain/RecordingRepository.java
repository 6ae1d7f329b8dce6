package dev.changeover.examples.domain;

import java.util.List;
import java.util.UUID;

/** The recordings of meetings. A table that only new has needs no switch: it is used from NEW_ONLY on. */
public interface RecordingRepository {

    /** Adds one. */
    void add(Recording recording);

    /** Returns those of a room, the latest first. */
    List<Recording> findByRoom(UUID roomId);
}
