package dev.changeover.proof.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What was asked for on the command line.
 *
 * @param acknowledged the writes that are to be acknowledged in all rounds together
 * @param kills the kills that are to be done in all rounds together
 * @param limit ends the rounds after this time, whatever has been reached
 * @param seed of the first round; the next ones count up
 * @param mutants the names of the mutants to play
 * @param log where the findings are written besides the output, or null
 * @param commit what is tortured, for the head of the log
 */
record Options(
        long acknowledged, long kills, Duration limit, long seed, List<String> mutants, Path log, String commit) {

    static final String USAGE =
            "--acknowledged <n> --kills <n> --minutes <n> --seed <n> --mutants all|none|<name>,<name> --log <file> --commit <id>";

    static Options parse(List<String> arguments) {
        Options options = new Options(50_000, 50, Duration.ofMinutes(60), 1, List.of("none"), null, "");
        if (arguments.size() % 2 != 0) {
            throw new IllegalArgumentException("an option lacks its value; there are " + USAGE);
        }
        for (int i = 0; i < arguments.size(); i += 2) {
            options = options.with(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--acknowledged" -> new Options(Long.parseLong(value), kills, limit, seed, mutants, log, commit);
            case "--kills" -> new Options(acknowledged, Long.parseLong(value), limit, seed, mutants, log, commit);
            case "--minutes" ->
                new Options(acknowledged, kills, Duration.ofMinutes(Long.parseLong(value)), seed, mutants, log, commit);
            case "--seed" -> new Options(acknowledged, kills, limit, Long.parseLong(value), mutants, log, commit);
            case "--mutants" ->
                new Options(acknowledged, kills, limit, seed, Arrays.asList(value.split(",")), log, commit);
            case "--log" -> new Options(acknowledged, kills, limit, seed, mutants, Path.of(value), commit);
            case "--commit" -> new Options(acknowledged, kills, limit, seed, mutants, log, value);
            default -> throw new IllegalArgumentException("there is no option " + name + "; there are " + USAGE);
        };
    }
}
