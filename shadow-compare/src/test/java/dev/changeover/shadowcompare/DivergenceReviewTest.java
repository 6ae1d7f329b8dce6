package dev.changeover.shadowcompare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.changeover.core.ConfigurationException;
import dev.changeover.core.StateComparison.Difference;
import dev.changeover.core.StateComparison.Kind;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.PostgresTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@PostgresTest
class DivergenceReviewTest {
    private static final Instant LONG_AGO = Instant.parse("2026-01-02T03:04:05Z");

    private final Instant soon = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MICROS);
    private final PostgresDatabase db;
    private final JdbcDivergenceLog log;
    private final DivergenceReview review;

    DivergenceReviewTest(PostgresDatabase db) {
        this.db = db;
        Items items = new Items(db);
        this.log = new JdbcDivergenceLog(items.pool);
        this.review = DivergenceReview.open(items.pool);
    }

    private void seen(String repository, String operation, String path, Kind kind, Instant at) {
        log.add(List.of(new Divergence(repository, operation, "1", new Difference(path, kind, "a", "b"), 4, at)));
    }

    private DivergenceGroup seen(String path, Instant at) {
        seen("items", "find", path, Kind.VALUE, at);
        return at(path);
    }

    private DivergenceGroup at(String path) {
        return review.list(DivergenceFilter.ALL).stream()
                .filter(each -> each.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private ReviewState state(String path) {
        return at(path).review().state();
    }

    @Test
    void aDecisionIsShownWithItsOwnerTicketExpiryAndHistory() {
        DivergenceGroup group = seen("name", LONG_AGO);
        review.decide(group, Decision.toBeFixed().owner("ann"), "bob", "a fault of new");
        review.decide(at("name"), Decision.explained("eve", soon).ticket("A-1"), "eve", "legacy cuts it off");

        ReviewedDivergence shown = review.show(group.id());

        assertThat(shown.group().review()).isEqualTo(new Review(ReviewState.EXPLAINED, "eve", "A-1", soon, 2));
        assertThat(shown.group().samples())
                .extracting(DivergenceGroup.Sample::key)
                .containsExactly("1");
        assertThat(shown.history())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("at", "dbUser")
                .containsExactly(
                        step("bob", ReviewState.NEW, ReviewState.TO_BE_FIXED, "a fault of new", "ann", null, null),
                        step(
                                "eve",
                                ReviewState.TO_BE_FIXED,
                                ReviewState.EXPLAINED,
                                "legacy cuts it off",
                                "eve",
                                "A-1",
                                soon));
        assertThat(shown.history()).allSatisfy(each -> assertThat(each.dbUser()).isNotBlank());
    }

    private static ReviewStep step(
            String actor,
            ReviewState before,
            ReviewState after,
            String reason,
            @Nullable String owner,
            @Nullable String ticket,
            @Nullable Instant expires) {
        return new ReviewStep(LONG_AGO, actor, "", before, after, reason, owner, ticket, expires, 1);
    }

    @Test
    void historyCannotBeChanged() {
        review.decide(seen("name", LONG_AGO), Decision.fixed(), "bob", "mended");

        assertThatThrownBy(() -> db.execute("UPDATE changeover.divergence_history SET actor = 'nobody'"))
                .hasRootCauseMessage("ERROR: changeover.divergence_history is append-only\n  Where: PL/pgSQL function"
                        + " changeover.refuse_change() line 3 at RAISE");
        assertThatThrownBy(() -> db.execute("TRUNCATE changeover.divergence_history"))
                .hasStackTraceContaining("append-only");
    }

    @Test
    void whatIsSeenAfterItWasFixedIsARegressionAndWhatWasSeenBeforeIsNone() {
        DivergenceGroup group = seen("name", LONG_AGO);
        review.decide(group, Decision.fixed().ticket("A-1"), "bob", "mended in 1.2");

        seen("name", LONG_AGO.plusSeconds(1));
        assertThat(state("name")).isEqualTo(ReviewState.FIXED);

        seen("name", soon);
        seen("name", soon.plusSeconds(1));
        assertThat(state("name")).isEqualTo(ReviewState.REGRESSION);
        assertThat(at("name").review().unreviewed(Instant.now())).isTrue();
        assertThat(at("name").count()).isEqualTo(4);
        assertThat(review.show(group.id()).history())
                .extracting(ReviewStep::actor, ReviewStep::after, ReviewStep::ticket)
                .containsExactly(
                        tuple("bob", ReviewState.FIXED, "A-1"), tuple("changeover", ReviewState.REGRESSION, "A-1"));
    }

    @Test
    void anExplanationThatHasExpiredIsUnreviewedAgain() {
        review.decide(seen("name", LONG_AGO), Decision.explained("ann", soon), "ann", "rounded");
        assertThat(review.list(DivergenceFilter.ALL.unreviewed())).isEmpty();

        db.execute("UPDATE changeover.divergence SET expires = clock_timestamp()");

        assertThat(review.list(DivergenceFilter.ALL.unreviewed()))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.review().state()).isEqualTo(ReviewState.EXPLAINED);
                    assertThat(each.review().expired(Instant.now())).isTrue();
                });
    }

    @Test
    void groupsAreFilteredByRepositoryOperationPathKindAndState() {
        seen("items", "find", "name", Kind.VALUE, LONG_AGO);
        seen("items", "list", "name", Kind.MISSING, LONG_AGO);
        seen("rooms", "find", "names.first", Kind.VALUE, LONG_AGO);
        seen("rooms", "find", "title", Kind.VALUE, LONG_AGO);
        review.decide(at("title"), Decision.fixed(), "bob", "mended");

        assertThat(found(DivergenceFilter.ALL.repository("rooms"))).containsExactly("names.first", "title");
        assertThat(found(DivergenceFilter.ALL.operation("list"))).containsExactly("name");
        assertThat(found(DivergenceFilter.ALL.pathPrefix("name"))).containsExactly("name", "name", "names.first");
        assertThat(found(DivergenceFilter.ALL.kind(Kind.MISSING))).containsExactly("name");
        assertThat(found(DivergenceFilter.ALL.state(ReviewState.FIXED))).containsExactly("title");
        assertThat(found(DivergenceFilter.ALL.repository("rooms").unreviewed())).containsExactly("names.first");
    }

    private List<String> found(DivergenceFilter filter) {
        return review.list(filter).stream().map(DivergenceGroup::path).toList();
    }

    @Test
    void twoReviewersDoNotOverwriteEachOtherUnseen() {
        DivergenceGroup name = seen("name", LONG_AGO);
        DivergenceGroup note = seen("note", LONG_AGO);
        review.decide(name, Decision.toBeFixed(), "bob", "a fault of new");

        assertThatThrownBy(() -> review.decide(List.of(note, name), Decision.fixed(), "ann", "mended"))
                .isInstanceOf(ReviewConflictException.class)
                .hasMessageContaining("divergence " + name.id() + " has become TO_BE_FIXED meanwhile, by bob")
                .hasMessageContaining("Look at it again");

        assertThat(state("note")).isEqualTo(ReviewState.NEW);
        assertThat(review.decide(List.of(note, at("name")), Decision.fixed(), "ann", "mended"))
                .isEqualTo(2);
    }

    @Test
    void aPathIsDecidedWithWhatIsBeneathItAndWithoutWhatSomebodyHasDecided() {
        for (String path : List.of("logins", "logins[LOCAL].at", "logins.size", "loginsCount", "logins[SSO].at")) {
            seen(path, LONG_AGO);
        }
        seen("rooms", "find", "logins", Kind.VALUE, LONG_AGO);
        review.decide(at("logins[SSO].at"), Decision.toBeFixed(), "bob", "a fault of new");

        assertThat(review.decide("items", "logins", Decision.explained("ann", soon), "ann", "rounded"))
                .isEqualTo(3);

        assertThat(found(DivergenceFilter.ALL.state(ReviewState.EXPLAINED)))
                .containsExactly("logins", "logins[LOCAL].at", "logins.size");
        assertThat(state("logins[SSO].at")).isEqualTo(ReviewState.TO_BE_FIXED);
        assertThat(found(DivergenceFilter.ALL.unreviewed())).containsExactly("loginsCount", "logins");
    }

    @Test
    void aDecisionThatSaysTooLittleIsRefusedWithTheRemedy() {
        DivergenceGroup name = seen("name", LONG_AGO);
        refused(name, new Decision(ReviewState.EXPLAINED, null, null, soon), "why", "review.owner", "Name who answers");
        refused(
                name,
                new Decision(ReviewState.EXPLAINED, "ann", null, null),
                "why",
                "review.expires",
                "Say until when");
        refused(name, Decision.explained("ann", LONG_AGO), "why", "review.expires", "still to come");
        refused(
                name,
                new Decision(ReviewState.FIXED, null, null, soon),
                "why",
                "review.expires",
                "Leave the expiry out");
        refused(name, new Decision(ReviewState.REGRESSION, null, null, null), "why", "review.state", "Give NEW,");
        refused(name, Decision.fixed(), "  ", "review.reason", "Say why");
        refused(name, Decision.fixed().owner("x".repeat(201)), "why", "review", "below 200");

        assertThat(state("name")).isEqualTo(ReviewState.NEW);
        assertThat(review.show(name.id()).history()).isEmpty();
    }

    @Test
    void anUnknownDivergenceIsRefusedWithTheRemedy() {
        DivergenceGroup name = seen("name", LONG_AGO);
        db.execute("DELETE FROM changeover.divergence");

        refused(name, Decision.fixed(), "why", "review.id", "Look for it");
        assertThatThrownBy(() -> review.show(name.id()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there is no divergence " + name.id());
    }

    private void refused(DivergenceGroup group, Decision decision, String reason, String path, String remedy) {
        assertThatThrownBy(() -> review.decide(group, decision, "bob", reason))
                .isInstanceOfSatisfying(
                        ConfigurationException.class, e -> assertThat(e.path()).isEqualTo(path))
                .hasMessageContaining(remedy);
    }

    @Test
    void everythingIsThereInPsqlToo() {
        long id = seen("name", LONG_AGO).id();
        seen("note", LONG_AGO);
        db.execute("INSERT INTO changeover.divergence_shed VALUES ('items', 7, now(), now())");

        assertThat(db.queryLong("SELECT changeover.review(" + id
                        + ", 'EXPLAINED', 'rounded', 'ann', 'A-1', now() + interval '14 days')"))
                .isOne();
        assertThat(db.queryLong("SELECT changeover.review_path('items', 'note', 'TO_BE_FIXED', 'a fault of new')"))
                .isOne();

        assertThat(db.queryStrings("SELECT concat_ws(' ', path, kind, state, count, owner, ticket, unreviewed,"
                        + " samples -> 0 ->> 'key') FROM changeover.divergences ORDER BY id"))
                .containsExactly(
                        "name VALUE EXPLAINED 1 ann A-1 f 1", "note VALUE TO_BE_FIXED 1 f 1", "UNCONFIRMED 7 f");
    }
}
