package dev.changeover.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param parts the parts to run, all if empty
 * @param shortRun few and short measurements: they prove that it works, not how fast it is
 * @param windows how many windows the paired times take
 * @param filter a regular expression on the names of the JMH benchmarks
 * @param rows the two sizes of the bulk part
 * @param readme the file whose tables are replaced, or null
 * @param help whether only the help was asked for
 */
public record Options(
        List<String> parts,
        boolean shortRun,
        int windows,
        String filter,
        List<Long> rows,
        @Nullable Path readme,
        boolean help) {

    static final String HELP = """
            java -jar changeover-benchmarks.jar [micro] [database] [sentinels] [shadow] [bulk] [live] [options]

              micro                   JMH: router, shadow read, hand-off, comparison, beside the peers
              database                PostgreSQL: round trips, paired times, drain, flips, sentinels, shadow
              sentinels               of these, what concerns sentinels only
              shadow                  of these, what concerns shadow reads only
              bulk                    backfill and verification of 1 and 5 million rows; half an hour
              live                    of these, what callers feel of a backfill only; two minutes
              --short                 few and short measurements
              --windows <n>           windows of the paired times (40; with --short 5); sentinels take half as many
              --rows <n,n>            the two sizes of the bulk part (1000000,5000000; with --short 4000,20000)
              --filter <regex>        only these JMH benchmarks; rows without figures are left out
              --update-readme <file>  puts the tables between their markers in this file
            """;

    private static final int WINDOWS = 40;
    private static final int SHORT_WINDOWS = 5;

    /** Reads the arguments. */
    public static Options parse(String... arguments) {
        List<String> parts = new ArrayList<>();
        boolean shortRun = false;
        boolean help = false;
        int windows = 0;
        String filter = ".*";
        List<Long> rows = List.of();
        Path readme = null;
        Iterator<String> rest = List.of(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "micro", "database", "sentinels", "shadow", "bulk", "live" -> parts.add(argument);
                case "--short" -> shortRun = true;
                case "--windows" -> windows = Integer.parseInt(rest.next());
                case "--rows" ->
                    rows = Stream.of(rest.next().split(",")).map(Long::valueOf).toList();
                case "--filter" -> filter = rest.next();
                case "--update-readme" -> readme = Path.of(rest.next());
                case "--help" -> help = true;
                default -> throw new IllegalArgumentException("Unknown: " + argument + "\n" + HELP);
            }
        }
        int chosen = windows > 0 ? windows : shortRun ? SHORT_WINDOWS : WINDOWS;
        List<Long> sizes =
                !rows.isEmpty() ? rows : shortRun ? List.of(4_000L, 20_000L) : List.of(1_000_000L, 5_000_000L);
        return new Options(List.copyOf(parts), shortRun, chosen, filter, sizes, readme, help);
    }

    boolean runs(String part) {
        return parts.isEmpty() || parts.contains(part);
    }
}
