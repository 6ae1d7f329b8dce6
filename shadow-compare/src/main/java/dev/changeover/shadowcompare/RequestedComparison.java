package dev.changeover.shadowcompare;

import dev.changeover.core.KeyType;
import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.request.Request;
import dev.changeover.core.request.RequestArguments;
import dev.changeover.core.request.RequestResult;
import dev.changeover.shadowcompare.internal.PlainText;
import java.sql.SQLException;
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

    RequestResult verify(Request request) {
        request.arguments().only();
        VerificationResult<K> found = verified(request);
        List<String> errors = kinds(found);
        return judged(found, errors)
                .with("verdict", found.verdict())
                .with("counts", found.counts().named())
                .with("fields", found.fields())
                .with(
                        "first",
                        found.divergences().stream()
                                .limit(SHOWN)
                                .map(this::shown)
                                .toList())
                .with("errors", errors);
    }

    private RequestResult judged(VerificationResult<K> found, List<String> errors) {
        VerificationCounts counts = found.counts();
        return switch (found.verdict()) {
            case MATCH -> RequestResult.done();
            case DIVERGED ->
                RequestResult.notMet("verify: " + counts.diverged()
                        + " keys differ. Look at the fields, then repair them or review what is meant to differ");
            case INCOMPLETE ->
                RequestResult.notMet("verify: " + counts.marked()
                        + " keys are still marked, or there was nothing to compare. Drain, then verify again");
            case ERROR ->
                RequestResult.failed("verify: not everything could be read: " + errors
                        + ". See to what the log of the instance says of it, then verify again");
        };
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
        RequestArguments arguments = request.arguments().only("keys", "dryRun");
        boolean dryRun = arguments.flag("dryRun");
        Repair<K, V> repair = Repair.of(dataSource, repository);
        RepairPlan<K> plan = arguments.has("keys") ? repair.plan(keys(arguments)) : repair.plan(verified(request));
        request.requireGoesOn();
        request.progress(0, plan.changes().size(), "keys");
        return dryRun ? planned(plan) : repaired(repair.run(plan, PATIENCE, () -> !request.goesOn()));
    }

    private RequestResult planned(RepairPlan<K> plan) {
        return result(
                RequestResult.done(), plan, plan.equal().size(), plan.marked().size(), 0, true);
    }

    private RequestResult repaired(RepairResult<K> repaired) {
        int left = repaired.marked().size() + repaired.different().size();
        RequestResult result = left == 0
                ? RequestResult.done()
                : RequestResult.notMet("repair: " + repaired.marked().size() + " keys are not drained yet and "
                        + repaired.different().size() + " differ after it. For the first look at the drain and at"
                        + " parked keys, for the others at the mapping");
        return result(
                result, repaired.plan(), repaired.equal(), repaired.marked().size(), left, false);
    }

    private RequestResult result(
            RequestResult result, RepairPlan<K> plan, long equal, int marked, int left, boolean dryRun) {
        return result.with("planned", plan.changes().size())
                .with("equal", equal)
                .with("marked", marked)
                .with("left", left)
                .with(
                        "keys",
                        plan.changes().stream()
                                .limit(SHOWN)
                                .map(each -> text(each.key()))
                                .toList())
                .with("dryRun", dryRun);
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
