package dev.changeover.examples.data;

import java.util.UUID;

/** The keys of the seeded rows: a function of the seed and a number, so that nobody has to remember them. */
public final class SeedIds {

    private static final long USER = 1;
    private static final long ROOM = 2;

    private final long seed;

    /** Creates the keys of this seed. */
    public SeedIds(long seed) {
        this.seed = seed;
    }

    /** Returns the key of the n-th user. */
    public UUID user(int n) {
        return id(USER, n);
    }

    /** Returns the key of the n-th room. */
    public UUID room(int n) {
        return id(ROOM, n);
    }

    private UUID id(long kind, int n) {
        long high = mix(mix(seed * 31 + kind) + n);
        long low = mix(high + 0x9e3779b97f4a7c15L);
        // version 4, variant 2: what an application's random ids look like
        return new UUID((high & ~0xf000L) | 0x4000L, (low & 0x3fffffffffffffffL) | 0x8000000000000000L);
    }

    /** SplitMix64's finaliser. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
