package dev.changeover.shadowcompare.report;

import dev.changeover.shadowcompare.internal.MarkdownTable;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What is done of a transition, told from its present state: what the control schema knows is looked up, what it cannot
 * know somebody vouches for with {@code changeover attest} or {@code Gates.attest}.
 *
 * @param items the steps, in the order in which a transition takes them
 */
public record Checklist(List<Item> items) {

    /** Copies the list. */
    public Checklist {
        items = List.copyOf(items);
    }

    /**
     * One step.
     *
     * @param text what is to be done
     * @param attested what somebody vouches for, as it is named in an attestation, or null if the schema tells
     * @param open the repositories that lack it; empty if it is done
     */
    public record Item(String text, @Nullable String attested, List<String> open) {

        /** Copies the list. */
        public Item {
            open = List.copyOf(open);
        }

        /** Tells whether it is done. */
        public boolean done() {
            return open.isEmpty();
        }
    }

    /**
     * Reads it in one snapshot, for all registered repositories.
     *
     * @throws SQLException if the control schema cannot be read
     */
    public static Checklist read(DataSource dataSource) throws SQLException {
        return ChecklistRows.read(dataSource);
    }

    /** Tells whether everything is done. */
    public boolean done() {
        return items.stream().allMatch(Item::done);
    }

    /** Returns it as the list of tasks of a pull request or an issue. */
    public String markdown() {
        StringBuilder text = new StringBuilder();
        for (Item item : items) {
            text.append(item.done() ? "- [x] " : "- [ ] ").append(item.text());
            if (!item.done()) {
                text.append(": ").append(MarkdownTable.escaped(String.join(", ", item.open())));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
