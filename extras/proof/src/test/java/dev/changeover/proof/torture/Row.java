package dev.changeover.proof.torture;

import java.util.concurrent.atomic.AtomicLong;

/** A key of either repository. Writers own stripes of keys; some accounts belong to all, some are only counted up. */
record Row(Kind kind, long id) {

    enum Kind {
        OWNER,
        ACCOUNT
    }

    static final int SHARED = 8;
    static final int COUNTERS = 4;

    private static final long FIRST_FREE_OWNER = 1_000;
    private static final long FIRST_SHARED = 1_000_000;
    private static final long FIRST_COUNTER = 2_000_000;
    private static final long FIRST_STRANGE = 4_000_000;
    private static final long MOST_STRANGE = 1_000;

    /** Makes every state unique. */
    static final AtomicLong VERSIONS = new AtomicLong();

    static Row account(long id) {
        return new Row(Kind.ACCOUNT, id);
    }

    static Row owner(long id) {
        return new Row(Kind.OWNER, id);
    }

    static Row account(int stripe, int index, int writers) {
        return account((long) index * writers + stripe + 1);
    }

    /** The owner that accounts of a stripe may refer to; it is never deleted. */
    static Row anchor(int stripe) {
        return owner(stripe + 1L);
    }

    static Row owner(int stripe, int index, int writers) {
        return owner(FIRST_FREE_OWNER + (long) index * writers + stripe);
    }

    static Row shared(int index) {
        return account(FIRST_SHARED + index);
    }

    static Row counter(int index) {
        return account(FIRST_COUNTER + index);
    }

    /** Of somebody who writes round the library and whom nobody else disturbs. */
    static Row strangeAccount(int stranger, int index) {
        return account(FIRST_STRANGE + stranger * MOST_STRANGE + index);
    }

    static Row strangeOwner(int stranger, int index) {
        return owner(FIRST_STRANGE + stranger * MOST_STRANGE + index);
    }

    boolean isCounter() {
        return kind == Kind.ACCOUNT && id >= FIRST_COUNTER && id < FIRST_COUNTER + COUNTERS;
    }

    int counterIndex() {
        return (int) (id - FIRST_COUNTER);
    }

    @Override
    public String toString() {
        return kind + " " + id;
    }
}
