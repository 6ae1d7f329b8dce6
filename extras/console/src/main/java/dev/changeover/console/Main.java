package dev.changeover.console;

/** {@code changeover}, the program. */
public final class Main {

    private Main() {}

    /** Runs one verb and ends with its exit code. */
    public static void main(String[] arguments) {
        System.exit(Program.of(Surroundings.system()).execute(arguments));
    }
}
