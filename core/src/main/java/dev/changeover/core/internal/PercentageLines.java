package dev.changeover.core.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file of percentages says, line by line. What is not understood is never shown: it may be another file. */
public record PercentageLines(List<Line> lines, List<String> problems) {

    private static final int LONGEST_FILE = 64 * 1024;

    private static final Pattern NOTHING = Pattern.compile("\\s*([#!].*)?");

    private static final Pattern LINE = Pattern.compile("\\s*([a-z][a-z0-9_]{0,62})\\s*[=:]\\s*([0-9]{1,3})\\s*");

    /** One line that says a percentage. */
    public record Line(int number, String repository, int percent) {

        /** Returns what is wrong with it, and the remedy. */
        public String problem(String what, String remedy) {
            return "line " + number + ": " + repository + " " + what + ". " + remedy;
        }
    }

    /** Reads a small file strictly as UTF-8. */
    public static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST_FILE + 1);
            if (bytes.length > LONGEST_FILE) {
                throw new IOException("longer than " + LONGEST_FILE + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    /** Takes a content apart. */
    public static PercentageLines parse(String content) {
        List<Line> lines = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<String> all = content.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            if (!NOTHING.matcher(all.get(i)).matches()) {
                parse(i + 1, all.get(i), names, lines, problems);
            }
        }
        return new PercentageLines(List.copyOf(lines), List.copyOf(problems));
    }

    private static void parse(int number, String text, Set<String> names, List<Line> lines, List<String> problems) {
        Matcher matcher = LINE.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 100) {
            problems.add("line " + number + " is not understood. Write the name of a repository, = and a whole number"
                    + " from 0 to 100, such as users=25");
            return;
        }
        Line line = new Line(number, matcher.group(1), Integer.parseInt(matcher.group(2)));
        if (names.add(line.repository())) {
            lines.add(line);
        } else {
            problems.add(line.problem("is there twice; the first line holds", "Take one out"));
        }
    }
}
