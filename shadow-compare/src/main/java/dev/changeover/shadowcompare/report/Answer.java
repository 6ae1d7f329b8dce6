package dev.changeover.shadowcompare.report;

/** Whether a repository may go on. */
public enum Answer {
    /** All gates of a move let it pass. */
    GO,
    /** A gate is in the way of every move. */
    WAIT,
    /** No instance of the application was asked, and gates are the application's. */
    NOT_ASKED,
    /** It has arrived: there is no move left. */
    DONE
}
