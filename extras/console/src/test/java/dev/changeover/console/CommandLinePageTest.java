package dev.changeover.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The page names the verbs, options, grants and exit codes that there are, and no others. */
class CommandLinePageTest {
    private static final Pattern HEADING = Pattern.compile("(?m)^### `([^`]+)`");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");

    private final CommandLine program = Program.of(new Surroundings(
            new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), Map.of(), "", null));

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "..", "docs", "command-line.md"));
    }

    private static Set<String> verbs(CommandLine command, String before) {
        Set<String> verbs = new TreeSet<>();
        command.getSubcommands().forEach((name, sub) -> {
            boolean alias = !sub.getCommandName().equals(name) && !name.equals("list");
            if (!alias) {
                verbs.add(before + name);
                verbs.addAll(verbs(sub, before + name + " "));
            }
        });
        return verbs;
    }

    private static Set<String> options(CommandLine command) {
        Set<String> options = new TreeSet<>();
        command.getCommandSpec().optionsMap().keySet().stream()
                .filter(name -> name.startsWith("--"))
                .forEach(options::add);
        command.getSubcommands().values().forEach(sub -> options.addAll(options(sub)));
        return options;
    }

    private static Set<String> found(Pattern pattern, String text, int group) {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.group(group));
        }
        return found;
    }

    @Test
    void thePageNamesTheVerbsThatThereAre() throws IOException {
        assertThat(found(HEADING, page(), 1)).isEqualTo(verbs(program, ""));
    }

    @Test
    void thePageNamesTheOptionsThatThereAre() throws IOException {
        Set<String> expected = options(program);
        assertThat(found(OPTION, page(), 0)).isEqualTo(expected);
    }

    @Test
    void thePageShowsTheGrantsThatArePrinted() throws IOException {
        String page = page();
        int start = page.indexOf("```sql\n", page.indexOf("<!-- operator -->")) + 7;
        assertThat(page.substring(start, page.indexOf("```", start))).isEqualTo(Operator.grants("ops"));
    }
}
