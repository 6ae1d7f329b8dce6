package dev.changeover.core.request;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request that this instance has taken. Safe for use by several threads. */
public final class Request {

    /** Another instance may take over after 15 seconds without a sign of life, by the server's clock. */
    private static final long OURS_FOR_NANOS = 12_000_000_000L;

    private final long id;
    private final String repository;
    private final String verb;
    private final String actor;
    private final String reason;
    private final int attempt;
    private final RequestArguments arguments;
    private volatile @Nullable Map<String, Object> progress;
    private volatile long confirmedAt;
    private volatile boolean cancelled;
    private volatile boolean dropped;

    Request(Taken taken, RequestArguments arguments, long askedAt) {
        this.id = taken.id();
        this.repository = taken.repository();
        this.verb = taken.verb();
        this.actor = taken.actor();
        this.reason = taken.reason();
        this.attempt = taken.attempt();
        this.arguments = arguments;
        this.confirmedAt = askedAt;
    }

    /** The columns of a request. */
    record Taken(long id, String repository, String verb, String actor, String reason, int attempt) {}

    /** Returns its number. */
    public long id() {
        return id;
    }

    /** Returns the repository that it is about. */
    public String repository() {
        return repository;
    }

    /** Returns what is to be done. */
    public String verb() {
        return verb;
    }

    /** Returns who asks, for the history. */
    public String actor() {
        return actor;
    }

    /** Returns why, with the number of this request, for the history. */
    public String reason() {
        return reason + " (request " + id + ")";
    }

    /** Returns how often it was begun, this time included. */
    public int attempt() {
        return attempt;
    }

    /** Returns what was asked for. */
    public RequestArguments arguments() {
        return arguments;
    }

    /** Says how far it is; told to whoever asks within a second or so. */
    public void progress(long done, long of, String what) {
        progress(done, of, what, Map.of());
    }

    /**
     * As {@link #progress(long, long, String)}, with more to tell.
     *
     * @param more what is told besides, by name: texts, whole numbers, truth values
     */
    public void progress(long done, long of, String what, Map<String, Object> more) {
        Map<String, Object> all = new LinkedHashMap<>(more);
        all.put("done", done);
        all.put("of", of);
        all.put("what", what);
        progress = Map.copyOf(all);
    }

    /**
     * Tells whether it goes on: nobody has cancelled it, and no other instance can have taken it. To be asked between
     * two steps.
     */
    public boolean goesOn() {
        return !cancelled && !dropped && System.nanoTime() - confirmedAt < OURS_FOR_NANOS;
    }

    /**
     * Ends it between two steps if it does not go on.
     *
     * @throws RequestStoppedException if it does not
     */
    public void requireGoesOn() {
        if (!goesOn()) {
            throw new RequestStoppedException(id);
        }
    }

    @Nullable
    Map<String, Object> progress() {
        return progress;
    }

    boolean cancelled() {
        return cancelled;
    }

    void confirmed(long askedAt) {
        confirmedAt = askedAt;
    }

    void cancel() {
        cancelled = true;
    }

    /** Another has it, or is to have it. */
    void drop() {
        dropped = true;
    }
}
