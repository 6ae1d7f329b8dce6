package dev.changeover.shadowcompare;

import dev.changeover.core.KeyType;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.request.Request;
import dev.changeover.core.request.RequestArguments;
import dev.changeover.core.request.RequestResult;
import dev.changeover.shadowcompare.internal.PlainText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people may ask about one repository that is compared. */
record RequestedComparison<K, V>(
        DataSource dataSource,
        ComparedRepository<K, V> repository,
        UnaryOperator<Verification.Builder<K, V>> settings) {

    private static final Logger LOG = LoggerFactory.getLogger(ComparisonRequests.class);
    private static final int SHOWN = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    RequestResult verify(Request request) throws SQLException {
        VerificationResult<K> found = new RequestedVerification<>(dataSource, repository, settings).run(request);
        List<String> errors = kinds(found);
        return judged(found, errors)
                .with("verification", found.id())
                .with("mode", found.mode())
                .with("verdict", found.verdict())
                .with("counts", found.counts().named())
                .with("fields", found.fields())
                .with("forgiven", found.forgiven())
                .with(
                        "invariants",
                        found.invariants().stream()
                                .map(RequestedComparison::shown)
                                .toList())
                .with(
                        "first",
                        found.divergences().stream()
                                .limit(SHOWN)
                                .map(this::shown)
                                .toList())
                .with("errors", errors);
    }

    private static Map<String, Object> shown(InvariantResult each) {
        return Map.of("name", each.name(), "state", each.state(), "legacy", each.legacy(), "next", each.next());
    }

    /** Changes how fast the verifications that run may go. */
    RequestResult rate(Request request) throws SQLException {
        Long rate = request.arguments().only("rate").numberOrNull("rate");
        return SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT changeover.verification_rate(?, ?)")) {
                statement.setString(1, repository.name());
                statement.setObject(2, rate, Types.BIGINT);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return RequestResult.done().with("changed", row.getLong(1));
                }
            }
        });
    }

    /** Tells whether a verification of everything says that both sides are equal. */
    boolean equal() {
        return settings.apply(Verification.of(dataSource, repository))
                        .build()
                        .run()
                        .verdict()
                == Verdict.MATCH;
    }

    private RequestResult judged(VerificationResult<K> found, List<String> errors) {
        VerificationCounts counts = found.counts();
        return switch (found.verdict()) {
            case MATCH -> RequestResult.done();
            case DIVERGED ->
                RequestResult.notMet("verify: " + counts.diverged() + " keys differ" + broken(found)
                        + ". Look at the fields, then repair them or review what is meant to differ");
            case INCOMPLETE ->
                RequestResult.notMet("verify: " + counts.marked()
                        + " keys are still marked, or there was nothing to compare, or it was stopped. Drain, then verify"
                        + " again, or go on with verification " + found.id());
            case ERROR ->
                RequestResult.failed("verify: not everything could be read: " + errors
                        + ". See to what the log of the instance says of it, then verify again");
        };
    }

    private static String broken(VerificationResult<?> found) {
        List<String> names = found.invariants().stream()
                .filter(each -> each.state() == InvariantResult.State.BROKEN)
                .map(InvariantResult::name)
                .toList();
        return names.isEmpty() ? "" : " and these invariants do not hold: " + String.join(", ", names);
    }

    /** What a store or the server says may quote a row: it is for the log of the application. */
    private List<String> kinds(VerificationResult<K> found) {
        found.errors().forEach(error -> LOG.warn("the verification of {} met {}", repository.name(), error));
        return found.errors().stream()
                .map(error -> error.substring(0, Math.max(0, error.indexOf(':'))))
                .toList();
    }

    private VerificationResult<K> verified(Request request) {
        return settings.apply(Verification.of(dataSource, repository))
                .progress(state -> request.progress(state.keys(), state.estimated(), "keys"))
                .build()
                .run(() -> !request.goesOn());
    }

    private Map<String, Object> shown(KeyDivergence<K> divergence) {
        return Map.of(
                "key",
                text(divergence.key()),
                "differences",
                divergence.differences().stream().map(Explanation::difference).toList());
    }

    RequestResult repair(Request request) {
        RequestArguments arguments = request.arguments().only("keys", "ofRun", "dryRun");
        boolean dryRun = !arguments.has("dryRun") || arguments.flag("dryRun");
        Repair<K, V> repair = Repair.of(dataSource, repository);
        RepairPlan<K> plan = plan(request, arguments, repair);
        request.requireGoesOn();
        request.progress(0, plan.changes().size(), "keys");
        return dryRun
                ? planned(plan)
                : repaired(repair.run(plan, request.actor(), request.reason(), PATIENCE, () -> !request.goesOn()));
    }

    private RepairPlan<K> plan(Request request, RequestArguments arguments, Repair<K, V> repair) {
        Long run = arguments.numberOrNull("ofRun");
        if (run != null) {
            return repair.planOfRun(run);
        }
        return arguments.has("keys") ? repair.plan(keys(arguments)) : repair.plan(verified(request));
    }

    private RequestResult planned(RepairPlan<K> plan) {
        return result(
                        RequestResult.done(),
                        plan,
                        plan.equal().size(),
                        plan.marked().size(),
                        0)
                .with("skipped", List.of())
                .with("dryRun", true);
    }

    private RequestResult repaired(RepairResult<K> repaired) {
        int left = repaired.marked().size() + repaired.different().size();
        RequestResult result = left == 0
                ? RequestResult.done()
                : RequestResult.notMet("repair: " + repaired.marked().size() + " keys are not drained yet and "
                        + repaired.different().size() + " differ after it. For the first look at the drain and at"
                        + " parked keys, for the others at the mapping");
        return result(
                        result,
                        repaired.plan(),
                        repaired.equal(),
                        repaired.marked().size(),
                        left)
                .with(
                        "skipped",
                        repaired.skipped().stream()
                                .limit(SHOWN)
                                .map(each -> Map.of("key", text(each.key()), "why", each.why()))
                                .toList())
                .with("dryRun", false);
    }

    private RequestResult result(RequestResult result, RepairPlan<K> plan, long equal, int marked, int left) {
        return result.with("planned", plan.changes().size())
                .with("equal", equal)
                .with("marked", marked)
                .with("left", left)
                .with("authority", plan.authority())
                .with(
                        "keys",
                        plan.changes().stream()
                                .limit(SHOWN)
                                .map(each -> text(each.key()))
                                .toList())
                .with(
                        "changes",
                        plan.changes().stream().limit(SHOWN).map(this::shown).toList());
    }

    RequestResult explain(Request request) throws SQLException {
        K key = key(request.arguments().only("key"), "key", request.arguments().text("key"));
        return SqlTransaction.snapshot(dataSource, connection -> Explanation.of(repository, connection, key));
    }

    private List<K> keys(RequestArguments arguments) {
        return arguments.texts("keys").stream()
                .map(text -> key(arguments, "keys", text))
                .toList();
    }

    private K key(RequestArguments arguments, String name, String text) {
        KeyType<K> type = repository.keyType();
        try {
            return type.decode(text);
        } catch (IllegalArgumentException e) {
            throw arguments.refused(name, "it is no key of " + repository.name(), "Give one of type " + type.sqlType());
        }
    }

    private String text(K key) {
        return PlainText.of(repository.keyType().encode(key), PlainText.VALUE);
    }
}
