package dev.changeover.proof.torture;

import static dev.changeover.proof.torture.Rewriting.DRAIN;
import static dev.changeover.proof.torture.Rewriting.MOVER;

import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every rule of the protocol that the torture can leave out, and the rounds that press where it is missing. The names of
 * those that need two databases are not here.
 */
final class Mutants {

    private static final String TRY_LOCKS = "WHERE pg_try_advisory_xact_lock(1128813415, h)";
    private static final String LOCK_QUERY = "SELECT k FROM (SELECT k, changeover.key_lock(?, k) h";
    private static final String SLOW_LOCK_QUERY =
            "SELECT k FROM (SELECT pg_sleep(random() * 0.2) OFFSET 0) z, (SELECT k, changeover.key_lock(?, k) h";

    private static final String ONE_MARK_A_KEY = """
            CREATE UNIQUE INDEX one ON changeover.mark (repository, key);
            CREATE OR REPLACE FUNCTION changeover.mark(
                p_repository integer, p_keys text[], p_side text, p_reason text) RETURNS void LANGUAGE sql AS $$
                INSERT INTO changeover.mark (repository, key, side, reason)
                    SELECT p_repository, k, p_side, p_reason FROM (SELECT DISTINCT unnest(p_keys) ORDER BY 1) u (k)
                    ON CONFLICT (repository, key) DO UPDATE SET at = now(), side = excluded.side $$""";

    private static final String WATERMARK = "CREATE TABLE changeover.watermark (id bigint, repository integer)";
    private static final String ABOVE =
            "id > (SELECT coalesce(max(w.id), 0) FROM changeover.watermark w" + " WHERE w.repository = ";

    private static final String ENTRY =
            "TABLE (stage text, epoch bigint, backend integer, isolation text, backfilled boolean, stale boolean,"
                    + " sign text)";
    private static final String ENTERED =
            "r.stage, r.epoch, pg_backend_pid(), current_setting('transaction_isolation'),"
                    + " r.backfilled, r.stale IS NOT NULL, NULL";

    private static final String ONE_STATEMENT = """
            CREATE OR REPLACE FUNCTION changeover.enter(p_repository integer, p_keys text[])
                RETURNS %s LANGUAGE sql VOLATILE AS $$
                WITH fence AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(1128813414, p_repository))
                SELECT %s FROM fence, changeover.repository r WHERE r.number = p_repository $$""".formatted(ENTRY, ENTERED);

    private static final String NO_FENCE = """
            CREATE OR REPLACE FUNCTION changeover.enter(p_repository integer, p_keys text[])
                RETURNS %s LANGUAGE sql VOLATILE AS $$
                SELECT %s FROM changeover.repository r WHERE r.number = p_repository $$""".formatted(ENTRY, ENTERED);

    private static final String NO_COPY_FENCE = "CREATE OR REPLACE FUNCTION changeover.enter_copy("
            + "p_repository integer, p_follower text, p_epoch bigint) RETURNS void LANGUAGE sql AS ''";

    /** What the follower has is taken to be newer if the transaction that wrote it began later. */
    private static final String TIMESTAMPS = """
            ALTER TABLE old.account ADD updated_at timestamptz NOT NULL DEFAULT now();
            ALTER TABLE fresh.purse ADD updated_at timestamptz NOT NULL DEFAULT now();
            CREATE FUNCTION old.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                NEW.updated_at := now();
                RETURN NEW;
            END $$;
            CREATE TRIGGER stamp BEFORE UPDATE ON old.account FOR EACH ROW EXECUTE FUNCTION old.stamp()""";

    private static final String NEWER_ONLY = TIMESTAMPS + """
            ;CREATE FUNCTION fresh.newer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                NEW.updated_at := (SELECT a.updated_at FROM old.account a WHERE a.id = NEW.id);
                IF NEW.updated_at < OLD.updated_at THEN
                    RETURN NULL;
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER newer BEFORE UPDATE ON fresh.purse FOR EACH ROW EXECUTE FUNCTION fresh.newer()""";

    private static final String NO_STAMP = """
            CREATE FUNCTION changeover.no_stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                NEW.stale := NULL;
                RETURN NEW;
            END $$;
            CREATE TRIGGER no_stamp BEFORE UPDATE ON changeover.repository
                FOR EACH ROW EXECUTE FUNCTION changeover.no_stamp()""";

    private static final String DEFERRED =
            "ALTER TABLE fresh.purse ALTER CONSTRAINT purse_person_fkey DEFERRABLE INITIALLY DEFERRED";

    private static final String SETTINGS_STAY = """
            CREATE OR REPLACE FUNCTION changeover.close_follower(p_repository integer, p_right text, p_sign text,
                p_marks bigint[]) RETURNS void LANGUAGE sql AS $$
                DELETE FROM changeover.mark m WHERE m.id = ANY (p_marks) $$""";

    /** The row triggers ask whether the setting is null, which it is on a fresh connection only. */
    private static final String NULL_SIGN = """
            DO $do$ DECLARE t record; BEGIN
                FOR t IN SELECT g.tgname, g.tgrelid::regclass AS place, pg_get_triggerdef(g.oid) AS made
                           FROM pg_trigger g WHERE g.tgname ~ '^changeover_[0-9]+_[a-z]+_(insert|update|delete)$' LOOP
                    EXECUTE format('DROP TRIGGER %I ON %s', t.tgname, t.place);
                    EXECUTE regexp_replace(t.made, 'WHEN .* EXECUTE', format(
                        'WHEN (current_setting(''changeover.%s_%s'', true) IS NULL) EXECUTE',
                        split_part(t.tgname, '_', 3), split_part(t.tgname, '_', 2)));
                    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', t.place, t.tgname);
                END LOOP;
            END $do$""";

    private Mutants() {}

    static List<Mutant> all() {
        return List.of(
                storm(
                        "read-then-lock",
                        Mutants::drained,
                        Rules.ALL
                                .rewriting(DRAIN + ":" + TRY_LOCKS, "WHERE true")
                                .withStored(BrokenStores.READS_THEN_LOCKS)),
                storm("no-key-lock", Mutants::drained, Rules.ALL.rewriting(TRY_LOCKS, "WHERE true")),
                storm(
                        "fence-in-one-statement",
                        Mutants::drained,
                        Rules.ALL
                                .rewriting(DRAIN + ":" + TRY_LOCKS, "WHERE true")
                                .withStored(BrokenStores.LOCKS_IN_THE_READ)),
                storm("coalescing-marks", Mutants::drained, Rules.ALL.withSql(ONE_MARK_A_KEY)),
                storm(
                        "watermark-marks",
                        Mutants::drained,
                        Rules.ALL
                                .rewriting(
                                        "WHERE m.repository = ? AND m.key <> ALL",
                                        "WHERE m." + ABOVE + "m.repository) AND m.repository = ? AND m.key <> ALL")
                                .rewriting(
                                        "SELECT count(*) FROM changeover.mark WHERE repository = ?",
                                        "SELECT count(*) FROM changeover.mark m WHERE m." + ABOVE + "m.repository)"
                                                + " AND m.repository = ?")
                                .rewriting(
                                        "SELECT changeover.clear_marks(?)",
                                        "WITH done AS (DELETE FROM changeover.mark WHERE id = ANY (?) RETURNING id, repository)"
                                                + " INSERT INTO changeover.watermark SELECT max(id), repository FROM done GROUP BY 2")
                                .withSql(WATERMARK)),
                new Mutant(
                        "updated-at-guard",
                        seed -> plan(seed, p -> {
                            windows(p);
                            p.highest = Stage.RAMP;
                            p.eager = true;
                        }),
                        Rules.ALL.withSql(TIMESTAMPS),
                        Rules.ALL.withSql(NEWER_ONLY)),
                storm(
                        "unlocked-backfill",
                        p -> {
                            p.keys = 200;
                            p.failEvery = 0;
                            p.highest = Stage.RAMP;
                            p.eager = true;
                        },
                        Rules.ALL
                                .rewriting(MOVER + ":" + TRY_LOCKS, "WHERE true")
                                .withStored(BrokenStores.SLOW_MOVER)),
                storm(
                        "unfenced-copy",
                        p -> {
                            flips(p);
                            p.instances = 2;
                            p.snapshots = 60;
                        },
                        Rules.ALL
                                .rewriting(DRAIN + ":" + LOCK_QUERY, SLOW_LOCK_QUERY)
                                .withSql(NO_COPY_FENCE)),
                storm(
                        "entry-remembered",
                        p -> {
                            flips(p);
                            p.undone = 60;
                            p.windowMillis = 60;
                        },
                        Rules.ALL.withControl(BrokenControls.Remembers::new)),
                storm("enter-one-statement", Mutants::flips, Rules.ALL.withSql(ONE_STATEMENT)),
                storm(
                        "authority-throws",
                        p -> {
                            p.throwEvery = 2;
                            p.keys = 10;
                            p.adds = 70;
                            p.lowest = Stage.RAMP;
                            p.highest = Stage.RAMP;
                            p.snapshots = 0;
                        },
                        Rules.ALL.withControl(BrokenControls.NoMarkAfterAThrow::new)),
                storm(
                        "read-modify-write",
                        p -> {
                            p.lowest = Stage.RAMP;
                            p.highest = Stage.RAMP;
                            p.snapshots = 60;
                        },
                        Rules.ALL.withControl(BrokenControls.KnowsNoMarks::new)),
                storm(
                        "stale-return",
                        p -> {
                            p.lowest = Stage.LEGACY_ONLY;
                            p.highest = Stage.DUAL_WRITE;
                            p.keys = 100;
                            p.moveMillis = 400;
                        },
                        Rules.ALL.withSql(NO_STAMP)),
                storm(
                        "rehearse-on-stale",
                        p -> {
                            p.rehearsed = true;
                            p.adds = 70;
                            p.lowest = Stage.SHADOW;
                            p.highest = Stage.SHADOW;
                            p.snapshots = 60;
                        },
                        Rules.ALL.withControl(BrokenControls.HidesMarks::new)),
                storm(
                        "marks-outside-snapshot",
                        p -> {
                            p.shadowed = true;
                            p.lowest = Stage.RAMP;
                            p.highest = Stage.RAMP;
                            p.snapshots = 60;
                        },
                        Rules.ALL
                                .withShadow(BrokenControls.WithoutSnapshot::new)
                                .rewriting(
                                        "set_config('row_security', 'off', true)\n  FROM changeover.repository r WHERE r.name",
                                        "set_config('row_security', 'off', true), pg_sleep(0.02)\n"
                                                + "  FROM changeover.repository r WHERE r.name")
                                .rewriting(
                                        "current_setting('transaction_isolation'),\n       set_config('statement_timeout', ?",
                                        "'repeatable read',\n       set_config('statement_timeout', ?")),
                Mutant.scheduled("repeatable-read-copier"),
                Mutant.scheduled("repeatable-read-writer"),
                Mutant.scheduled("serializable-writer"),
                Mutant.scheduled("hidden-by-policy"),
                new Mutant(
                        "deferred-constraint",
                        seed -> plan(seed, p -> p.highest = Stage.SHADOW),
                        Rules.ALL.withSql(DEFERRED),
                        Rules.ALL.withSql(DEFERRED).withControl(BrokenControls.LeavesConstraints::new)),
                storm("leaking-setting", p -> p.lowest = Stage.DUAL_WRITE, Rules.ALL.withSql(SETTINGS_STAY)),
                storm(
                        "cycle-through-follower",
                        p -> {
                            p.strays = 3;
                            p.lowest = Stage.DUAL_WRITE;
                            p.highest = Stage.SHADOW;
                        },
                        Rules.ALL
                                .mutating("open_follower", "p_lock_ms || 'ms'", "'20s'")
                                .mutating("open_follower", "p_statement_ms || 'ms'", "'20s'")),
                Mutant.scheduled("cycle-late"),
                Mutant.scheduled("dirty-after-flip"),
                Mutant.scheduled("parent-behind"),
                Mutant.scheduled("proxy-rollback-only"),
                Mutant.scheduled("lossy-way-back"),
                Mutant.scheduled("lock-table-full"),
                Mutant.scheduled("poison-row"),
                storm("phase-dependent-order", Mutants::flips, Rules.ALL.withSql(NO_FENCE)),
                Mutant.scheduled("long-transaction"),
                Mutant.scheduled("foreign-in-flight"),
                storm(
                        "transaction-wide-sign",
                        Mutants::watchedBehindLegacy,
                        Rules.ALL
                                .mutating(
                                        "open_follower", "p_right), true), '') <> ''", "p_right), true), '') = 'never'")
                                .mutating("close_follower", "IF p_sign IS NOT NULL THEN", "IF false THEN")),
                storm("null-sign", Mutants::watchedBehindLegacy, Rules.ALL.withSql(NULL_SIGN)),
                Mutant.scheduled("global-sign"));
    }

    private static Mutant storm(String name, Consumer<Plan> change, Rules broken) {
        return new Mutant(name, seed -> plan(seed, change), Rules.ALL, broken);
    }

    private static Plan plan(long seed, Consumer<Plan> change) {
        return Plan.pressing(seed).with(change);
    }

    /** Many marks and much to do for the drain, while new serves. */
    private static void drained(Plan plan) {
        plan.lowest = Stage.RAMP;
        plan.highest = Stage.RAMP;
        plan.keys = 6;
        plan.snapshots = 40;
        plan.failEvery = 15;
        plan.pauseEvery = 1;
        plan.pauseMillis = 8;
    }

    /** The authority goes forward and back all the time. */
    private static void flips(Plan plan) {
        plan.lowest = Stage.RAMP;
        plan.highest = Stage.NEW_PRIMARY;
        plan.keys = 2;
        plan.snapshots = 25;
        plan.moveMillis = 40;
        plan.work = Duration.ofSeconds(3);
    }

    /** Much that goes round the library. */
    private static void watched(Plan plan) {
        plan.watched = true;
        plan.strangers = Strangers.REFUSE;
        plan.astray = 40;
        plan.blue = 1;
        plan.blueMillis = 30;
        plan.work = Duration.ofSeconds(3);
        plan.failEvery = 0;
    }

    /** Where new follows from the first write on. */
    private static void watchedBehindLegacy(Plan plan) {
        watched(plan);
        plan.lowest = Stage.DUAL_WRITE;
        plan.highest = Stage.SHADOW;
    }

    private static void windows(Plan plan) {
        plan.windowMillis = 30;
        plan.undone = 40;
    }
}
