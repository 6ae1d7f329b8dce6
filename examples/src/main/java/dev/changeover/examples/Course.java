package dev.changeover.examples;

import dev.changeover.shadowcompare.VerificationResult;
import java.util.List;

/** What moves the repositories while traffic runs. */
interface Course {

    /** Returns when it is over; traffic runs on until then. */
    void run();

    /** Returns how often divergences have stopped a move. */
    int gateStops();

    /** Returns the last verification of each repository that had one. */
    List<VerificationResult<?>> verifications();
}
