package dev.changeover.console;

import java.io.Console;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the program has around it.
 *
 * @param out the standard output
 * @param err the standard error
 * @param environment the variables of the process
 * @param user who has logged in to this machine
 * @param ask asks the person at the terminal, or null where nobody is
 */
record Surroundings(
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        String user,
        @Nullable Function<String, @Nullable String> ask) {

    private static final int WIDTH = 80;
    private static final int WIDEST = 200;

    @SuppressWarnings("SystemConsoleNull") // whether it is a terminal is asked below
    static Surroundings system() {
        Console console = System.console();
        Function<String, @Nullable String> ask =
                console == null || !isTerminal(console) ? null : question -> console.readLine("%s", question);
        return new Surroundings(
                writer(System.out), writer(System.err), System.getenv(), System.getProperty("user.name", ""), ask);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), false);
    }

    /** From Java 22 on there is a console without a terminal, too, which says so by a method that 17 does not have. */
    private static boolean isTerminal(Console console) {
        try {
            Method method = Console.class.getMethod("isTerminal");
            return (Boolean) method.invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    boolean terminal() {
        return ask != null && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    boolean styled() {
        return terminal() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    int width() {
        String columns = environment.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{1,3}")
                ? Math.max(WIDTH, Math.min(WIDEST, Integer.parseInt(columns)))
                : WIDTH;
    }
}
