package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares the Java code that a page shows with a test that compiles and runs it. */
final class Snippets {

    private static final Pattern SHOWN =
            Pattern.compile("<!-- snippet: (\\w+) -->\\s*```java\\n(.*?)```", Pattern.DOTALL);

    private Snippets() {}

    /** Fails unless every snippet of the page is in the source, and returns their names. */
    static List<String> shown(String page, Class<?> source) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("CONTRIBUTING.md"))) {
            root = root.getParent();
        }
        String compiled = words(Files.readString(
                root.resolve("extras/proof/src/test/java/" + source.getName().replace('.', '/') + ".java")));
        Matcher shown = SHOWN.matcher(Files.readString(root.resolve(page)));
        List<String> names = new ArrayList<>();
        while (shown.find()) {
            names.add(shown.group(1));
            assertThat(compiled).contains("// snippet: " + shown.group(1) + " " + words(shown.group(2)) + " // end");
        }
        return names;
    }

    /** The formatter breaks lines as it likes. */
    private static String words(String text) {
        return text.replaceAll("\\s+", " ")
                .replaceAll(" ?\\. ?", ".")
                .replaceAll("\\( ", "(")
                .trim();
    }
}
