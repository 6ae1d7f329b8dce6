package dev.changeover.proof;

import dev.changeover.core.request.Requests;
import dev.changeover.core.request.RequestsBuilder;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.ComparisonRequests;
import dev.changeover.shadowcompare.RecordComparison;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Somebody who asks through the control schema, and instances that answer. */
final class Desk implements AutoCloseable {

    private static final Set<String> OPEN = Set.of("WAITING", "RUNNING");

    final Scene scene;

    Desk(Scene scene) {
        this.scene = scene;
    }

    /** A bank in LEGACY_ONLY that takes requests, and knows how its accounts are compared. */
    static Desk open(Bank.Parts parts) {
        Desk desk = new Desk(Scene.open(parts));
        desk.takes(desk.scene.bank(), more -> more.handlers(comparisons(desk.scene.bank())));
        return desk;
    }

    private static java.util.Map<String, dev.changeover.core.request.RequestHandler> comparisons(Bank bank) {
        return ComparisonRequests.on(bank.pool)
                .of(accounts(bank), verification -> verification.mayBeEmpty())
                .handlers(bank.changeover);
    }

    static ComparedRepository<Long, Account> accounts(Bank bank) {
        return ComparedRepository.of(Bank.NAME, dev.changeover.core.KeyType.LONG, Account.class, Account::id)
                .legacy(bank.legacyStore)
                .next(bank.nextStore)
                .compare(RecordComparison.of(Account.class).safe("balance").build())
                .build();
    }

    /** Lets a bank take requests. */
    Requests takes(Bank bank, UnaryOperator<RequestsBuilder> more) {
        Requests requests = more.apply(bank.changeover.requests().every(Duration.ofMillis(20)))
                .start();
        scene.onClose(requests);
        return requests;
    }

    long ask(String verb, String arguments) {
        return ask(Bank.NAME, verb, arguments, "1 minute");
    }

    long ask(String repository, String verb, String arguments, String expiry) {
        return scene.database.queryLong("INSERT INTO changeover.request (repository, verb, arguments, actor, reason,"
                + " expires_at) VALUES ('" + repository + "', '" + verb + "', '" + arguments
                + "', 'alice', 'on we go', clock_timestamp() + interval '" + expiry + "') RETURNING id");
    }

    /** Asks and waits for the end; returns the state that it ended in. */
    String did(String verb, String arguments) {
        return ended(ask(verb, arguments));
    }

    String ended(long id) {
        scene.awaitTrue("request " + id + " has ended", () -> !OPEN.contains(state(id)));
        return state(id);
    }

    void awaitState(long id, String state) {
        scene.awaitTrue("request " + id + " is " + state, () -> state(id).equals(state));
    }

    String state(long id) {
        return column(id, "state");
    }

    String column(long id, String expression) {
        return scene.database.queryString("SELECT " + expression + " FROM changeover.request WHERE id = " + id);
    }

    /** A part of the result of the last request. */
    String result(String path) {
        return last("result #>> '" + path + "'");
    }

    String error() {
        return last("error");
    }

    String last(String expression) {
        return scene.database.queryString("SELECT " + expression + " FROM changeover.request ORDER BY id DESC LIMIT 1");
    }

    /** Everything that a dry run must leave as it is. */
    String everything() {
        return scene.database.queryString("""
                SELECT concat_ws(' ', (SELECT json_agg(r) FROM changeover.repository r),
                    (SELECT json_agg(p) FROM changeover.percentage p), (SELECT count(*) FROM changeover.history),
                    (SELECT json_agg(m) FROM changeover.mark m), (SELECT json_agg(a) FROM changeover.attempt a),
                    (SELECT json_agg(c) FROM changeover.checkpoint c), (SELECT json_agg(k) FROM changeover.key_range k), (SELECT json_agg(o ORDER BY o.id) FROM old.account o),
                    (SELECT json_agg(f ORDER BY f.id) FROM fresh.account f))""");
    }

    /** As if the instance that runs it had given no sign of life for this long. */
    void age(long id, String interval) {
        scene.sql(
                "UPDATE changeover.request SET updated_at = updated_at - interval '" + interval + "' WHERE id = " + id);
    }

    @Override
    public void close() {
        scene.close();
    }
}
