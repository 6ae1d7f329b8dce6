package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a page points at is there: files, and headings of pages. */
class PageLinksTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```");
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    @Test
    void everyLinkOfEveryPageLeadsSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        List<Path> pages = pages();
        for (Path page : pages) {
            for (String target : links(page)) {
                if (!alive(page, target)) {
                    dead.add(ROOT.relativize(page) + " -> " + target);
                }
            }
        }
        assertThat(pages).hasSizeGreaterThan(20);
        assertThat(dead).isEmpty();
    }

    @Test
    void aLinkToNothingIsFound() throws IOException {
        Path readme = ROOT.resolve("README.md");
        assertThat(alive(readme, "docs/dba.md#apply")).isTrue();
        assertThat(alive(readme, "docs/dba.md#no-such-heading")).isFalse();
        assertThat(alive(readme, "docs/no-such-page.md")).isFalse();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> Stream.of("target", ".git", "node_modules")
                            .noneMatch(
                                    folder -> ROOT.relativize(file).toString().contains(folder + "/")))
                    .toList();
        }
    }

    private static List<String> links(Path page) throws IOException {
        List<String> links = new ArrayList<>();
        Matcher matcher = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
        while (matcher.find()) {
            if (!matcher.group(1).matches("[a-z]+:.*")) {
                links.add(matcher.group(1));
            }
        }
        return links;
    }

    private static boolean alive(Path page, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        return Files.exists(file) && (parts.length == 1 || headings(file).contains(parts[1]));
    }

    private static List<String> headings(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(found -> found.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}\\- ]", "").replace(' ', '-'))
                .toList();
    }
}
