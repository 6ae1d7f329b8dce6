package dev.changeover.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.console.terminal.Screen;
import dev.changeover.core.measure.Latencies;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** What it costs to write both sides: how long callers waited for the follower, beside the authority. */
final class DualCost {

    private static final double NANOS = 1e6;

    private DualCost() {}

    /** Makes milliseconds of the buckets that were read; null where nothing was measured. */
    static void put(ObjectNode each) {
        Latencies authority = latencies(each.remove("authority"));
        Latencies follower = latencies(each.remove("follower"));
        put(each, "dualAuthority", authority);
        put(each, "dualFollower", follower);
    }

    private static Latencies latencies(JsonNode buckets) {
        return Latencies.of(StreamSupport.stream(buckets.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray());
    }

    private static void put(ObjectNode each, String name, Latencies latencies) {
        boolean measured = latencies.calls() > 0;
        each.put(name + "P50", measured ? (Double) (latencies.percentile(0.5) / NANOS) : null);
        each.put(name + "P95", measured ? (Double) (latencies.percentile(0.95) / NANOS) : null);
    }

    static void say(Screen screen, String name, JsonNode each) {
        if (each.hasNonNull("dualFollowerP50")) {
            screen.line(name + "callers waited " + pair(each, "dualFollower") + " for the follower, beside "
                    + pair(each, "dualAuthority") + " for the authority (p50 / p95).");
        }
    }

    private static String pair(JsonNode each, String name) {
        return String.format(
                Locale.ROOT,
                "%.1f / %.1f ms",
                each.get(name + "P50").asDouble(),
                each.get(name + "P95").asDouble());
    }
}
