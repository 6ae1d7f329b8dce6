package dev.changeover.console.connect;

import dev.changeover.core.ChangeoverException;

/** Something that the person at the terminal can mend. The message says what is wrong and what to do. */
public final class ConsoleException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final int exit;

    /**
     * Creates the exception.
     *
     * @param exit the exit code
     * @param problem what is wrong
     * @param remedy what to do
     */
    public ConsoleException(int exit, String problem, String remedy) {
        super(problem + ". " + remedy);
        this.exit = exit;
    }

    /** It was asked for in a way that cannot be meant: exit code 2. */
    public static ConsoleException usage(String problem, String remedy) {
        return new ConsoleException(2, problem, remedy);
    }

    /** It cannot be done: exit code 1. */
    public static ConsoleException error(String problem, String remedy) {
        return new ConsoleException(1, problem, remedy);
    }

    /** Returns the exit code. */
    public int exit() {
        return exit;
    }
}
