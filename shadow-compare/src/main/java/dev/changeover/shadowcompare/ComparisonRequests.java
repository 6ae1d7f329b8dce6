package dev.changeover.shadowcompare;

import dev.changeover.core.Changeover;
import dev.changeover.core.ConfigurationException;
import dev.changeover.core.request.Request;
import dev.changeover.core.request.RequestHandler;
import dev.changeover.core.request.RequestResult;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Lets people ask an instance to verify, repair and explain, through {@code changeover.request}. Immutable.
 *
 * <pre>{@code
 * Requests requests = changeover.requests()
 *         .handlers(ComparisonRequests.on(pool).of(users).of(rooms, v -> v.mayBeEmpty()).handlers())
 *         .start();
 * }</pre>
 */
public final class ComparisonRequests {
    private final DataSource dataSource;
    private final Map<String, RequestedComparison<?, ?>> repositories;

    private ComparisonRequests(DataSource dataSource, Map<String, RequestedComparison<?, ?>> repositories) {
        this.dataSource = dataSource;
        this.repositories = Map.copyOf(repositories);
    }

    /** Begins without any repository; connections are taken from here. */
    public static ComparisonRequests on(DataSource dataSource) {
        return new ComparisonRequests(dataSource, Map.of());
    }

    /** Adds a repository, verified with the default settings. */
    public <K, V> ComparisonRequests of(ComparedRepository<K, V> repository) {
        return of(repository, verification -> verification);
    }

    /**
     * Adds a repository.
     *
     * @param settings the settings of its verifications; who listens to their progress is set here
     */
    public <K, V> ComparisonRequests of(
            ComparedRepository<K, V> repository, UnaryOperator<Verification.Builder<K, V>> settings) {
        Map<String, RequestedComparison<?, ?>> more = new HashMap<>(repositories);
        more.put(repository.name(), new RequestedComparison<>(dataSource, repository, settings));
        return new ComparisonRequests(dataSource, more);
    }

    /** Returns the handlers of {@code verify}, {@code verify_rate}, {@code repair} and {@code explain}. */
    public Map<String, RequestHandler> handlers() {
        return Map.of(
                "verify",
                request -> of(request).verify(request),
                "repair",
                request -> of(request).repair(request),
                "verify_rate",
                new Alongside((comparison, request) -> comparison.rate(request)),
                "explain",
                new Alongside((comparison, request) -> comparison.explain(request)));
    }

    /** Returns {@link #handlers()} and that of {@code maintain}, which moves repositories in one maintenance window. */
    public Map<String, RequestHandler> handlers(Changeover changeover) {
        Map<String, RequestHandler> all = new HashMap<>(handlers());
        all.put(
                "maintain",
                new RequestedMaintenance(
                        changeover, repository -> of("maintain", repository).equal()));
        return Map.copyOf(all);
    }

    private RequestedComparison<?, ?> of(Request request) {
        return of(request.verb(), request.repository());
    }

    private RequestedComparison<?, ?> of(String verb, String repository) {
        RequestedComparison<?, ?> comparison = repositories.get(repository);
        if (comparison == null) {
            throw new ConfigurationException(
                    verb + "." + repository,
                    "nobody has said here how it is compared, only " + new TreeSet<>(repositories.keySet()),
                    "Add its ComparedRepository to ComparisonRequests");
        }
        return comparison;
    }

    /** What is quick and may be done while something else is being done. */
    @FunctionalInterface
    private interface Quick {
        RequestResult done(RequestedComparison<?, ?> comparison, Request request) throws SQLException;
    }

    private final class Alongside implements RequestHandler {
        private final Quick quick;

        Alongside(Quick quick) {
            this.quick = quick;
        }

        @Override
        public RequestResult handle(Request request) throws SQLException {
            return quick.done(of(request), request);
        }

        @Override
        public boolean alongside() {
            return true;
        }
    }
}
