package dev.changeover.shadowcompare;

import dev.changeover.shadowcompare.Reservoir.Ranked;
import dev.changeover.shadowcompare.internal.PlainText;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code changeover.record_divergences} takes. */
final class DivergenceJson {

    private DivergenceJson() {}

    static String groups(DivergenceGroups groups) {
        return array(groups.tallies(), DivergenceJson::group);
    }

    static String shed(DivergenceGroups groups) {
        return array(
                groups.shed().entrySet(),
                (Map.Entry<String, GroupTally.Seen> each) ->
                        "{\"repository\":" + text(each.getKey()) + seen(each.getValue()) + "}");
    }

    private static String group(GroupTally group) {
        GroupId id = group.id();
        return "{\"repository\":" + text(id.repository()) + ",\"operation\":" + text(id.operation()) + ",\"path\":"
                + text(id.path()) + ",\"kind\":" + text(id.kind().name()) + ",\"epoch\":" + group.epoch()
                + seen(group.seen()) + ",\"samples\":" + array(group.samples(), DivergenceJson::sample) + "}";
    }

    private static String seen(GroupTally.Seen seen) {
        return ",\"count\":" + seen.count() + ",\"first_seen\":\"" + seen.first() + "\",\"last_seen\":\"" + seen.last()
                + "\"";
    }

    private static String sample(Ranked each) {
        return "{\"rank\":" + each.rank() + ",\"key\":" + text(each.sample().key()) + ",\"path\":"
                + text(each.sample().path()) + ",\"authority\":"
                + text(each.sample().authority()) + ",\"follower\":"
                + text(each.sample().follower()) + "}";
    }

    private static <T> String array(Collection<T> elements, Function<T, String> one) {
        return elements.stream().map(one).collect(Collectors.joining(",", "[", "]"));
    }

    /** The texts have come through {@link PlainText}, so that only two characters are left that JSON wants escaped. */
    private static String text(@Nullable String text) {
        return text == null ? "null" : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
