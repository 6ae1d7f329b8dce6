package dev.changeover.core.request;

import dev.changeover.core.Changeover;
import dev.changeover.core.ConfigurationException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Switches on that this instance does what people ask for in {@code changeover.request}. It has handlers for the gates,
 * moves, percentages, ramps, backfills, reseeds, their pace and the drain of the repositories that were built here.
 *
 * <pre>{@code
 * Requests requests = changeover.requests()
 *         .handlers(ComparisonRequests.on(pool).of(users).of(rooms).handlers()) // verify, repair, explain
 *         .start();
 * }</pre>
 */
public final class RequestsBuilder {

    private static final Pattern VERB = Pattern.compile("[a-z][a-z_]{0,30}");

    private final DataSource dataSource;
    private final String instance;
    private final Supplier<Set<String>> repositories;
    private final Map<String, RequestHandler> handlers;
    private Duration every = Duration.ofSeconds(1);

    /**
     * Begins with the handlers of core; {@link Changeover#requests()} does that.
     *
     * @param instance the id of the instance
     * @param repositories returns the names of the repositories that were built here so far
     */
    public RequestsBuilder(
            Changeover changeover, DataSource dataSource, String instance, Supplier<Set<String>> repositories) {
        this.dataSource = dataSource;
        this.instance = instance;
        this.repositories = repositories;
        this.handlers = new TreeMap<>(StandardHandlers.of(changeover));
    }

    /**
     * Adds a handler, or puts it in the place of another.
     *
     * @param verb lower case letters and underscores
     */
    public RequestsBuilder handler(String verb, RequestHandler handler) {
        if (!VERB.matcher(verb).matches() || verb.equals(Requests.CANCEL)) {
            throw new ConfigurationException(
                    "requests.handler", "the verb is " + verb, "Give lower case letters and underscores, not cancel");
        }
        handlers.put(verb, handler);
        return this;
    }

    /** Adds handlers by their verbs. */
    public RequestsBuilder handlers(Map<String, RequestHandler> more) {
        more.forEach(this::handler);
        return this;
    }

    /** Looks for requests this often, once a second by default; at least every five seconds. */
    public RequestsBuilder every(Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofSeconds(5)) > 0) {
            throw new ConfigurationException("requests.every", "it is " + value, "Give at most five seconds");
        }
        this.every = value;
        return this;
    }

    /** Starts to take requests. */
    public Requests start() {
        Requests requests =
                new Requests(new RequestTable(dataSource, instance), Map.copyOf(handlers), repositories, every);
        requests.start();
        return requests;
    }
}
