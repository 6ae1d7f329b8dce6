package dev.changeover.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Replaces what stands between the markers of a README. */
final class Readme {

    private Readme() {}

    static void update(Path file, List<Section> sections) throws IOException {
        String text = Files.readString(file);
        for (Section section : sections) {
            text = replace(text, section);
        }
        Files.writeString(file, text);
    }

    static String replace(String text, Section section) {
        String begin = "<!-- begin " + section.marker() + " -->";
        String end = "<!-- end " + section.marker() + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("The README has no place for " + section.marker() + ". Add the lines "
                    + begin + " and " + end + " where the table shall stand");
        }
        return text.substring(0, from + begin.length()) + "\n\n" + section.markdown() + "\n\n" + text.substring(to);
    }
}
