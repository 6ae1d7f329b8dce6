package dev.changeover.core.internal;

/** Throws what a port threw as it is: a proxy may throw whatever the method that it stands for declares. */
final class Sneaky {

    private Sneaky() {}

    @SuppressWarnings("unchecked")
    static <X extends Throwable> RuntimeException rethrow(Throwable failure) throws X {
        throw (X) failure;
    }
}
