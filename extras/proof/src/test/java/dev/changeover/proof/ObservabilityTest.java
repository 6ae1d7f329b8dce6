package dev.changeover.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.Changeover;
import dev.changeover.core.KeyType;
import dev.changeover.core.Stage;
import dev.changeover.core.event.MicrometerListener;
import dev.changeover.core.event.StatusMeters;
import dev.changeover.core.measure.Measurements;
import dev.changeover.core.spi.Transactions;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.ShadowReads;
import dev.changeover.shadowcompare.WriteChecks;
import dev.changeover.testkit.PostgresDatabase;
import dev.changeover.testkit.Probe;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The metrics that the alert rules, the dashboard and the guide name are those that a running instance has. */
class ObservabilityTest {

    private static final Path FOLDER = Path.of("..", "..", "docs", "observability");
    private static final Pattern METRIC = Pattern.compile("\\b(?:changeover|hikaricp)_[a-z_]+");
    private static final Pattern SERIES = Pattern.compile("_(?:count|sum|max|bucket)$");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TestObservationRegistry traces = TestObservationRegistry.create();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final PostgresDatabase database =
            PostgresDatabase.fresh().script("dev/changeover/proof/accounts.sql").open();
    private Bank bank;
    private ShadowReads shadow;
    private WriteChecks checks;
    private Changeover changeover;
    private StatusMeters status;
    private Accounts accounts;

    @BeforeEach
    void start() {
        bank = Bank.open(database, Bank.Parts.DEFAULTS.withNextStore(store -> new ProbedStore(store, new Probe()) {
            @Override
            public void upsert(Connection connection, Collection<Account> entities) throws SQLException {
                if (broken.get()) {
                    throw new IllegalStateException("new is broken");
                }
                super.upsert(connection, entities);
            }
        }));
        bank.changeover.drain().pause();
        Measurements measurements = new Measurements();
        shadow = ShadowReads.builder(bank.transactions)
                .repository(ComparedRepository.of(Bank.NAME, KeyType.LONG, Account.class, Account::id)
                        .legacy(bank.legacyStore)
                        .next(bank.nextStore)
                        .build())
                .samplePercent(100)
                .meters(registry)
                .measurements(measurements)
                .build();
        checks = WriteChecks.builder()
                .samplePercent(100)
                .meters(registry)
                .measurements(measurements)
                .build();
        start((HikariDataSource) bank.pool, bank.transactions, registry, measurements, traces);
        accounts = changeover
                .repository(Bank.NAME, Accounts.class)
                .entity(Account.class, KeyType.LONG, Account::id)
                .legacy(bank.legacy, bank.legacyStore)
                .next(bank.next, bank.nextStore)
                .route(m -> {
                    Bank.routes(m);
                    m.rehearses("save");
                })
                .build();
    }

    private void start(
            HikariDataSource pool,
            Transactions transactions,
            MeterRegistry registry,
            Measurements measurements,
            ObservationRegistry observations) {
        // snippet: meters
        pool.setMetricRegistry(registry); // HikariCP's own
        Changeover changeover = Changeover.builder()
                .dataSource(pool)
                .transactions(transactions)
                .listener(new MicrometerListener(registry)) // what this instance does
                .measurements(measurements) // what gates and reports need, kept in the control schema
                .observer(shadow) // ShadowReads.builder(transactions).meters(registry).measurements(measurements)
                .writeObserver(checks) // WriteChecks.builder().meters(registry).measurements(measurements)
                .observations(observations) // traces
                .start();
        StatusMeters status = StatusMeters.start(changeover, registry); // what the control schema says of all instances
        // end
        changeover.drain().pause();
        this.changeover = changeover;
        this.status = status;
    }

    @AfterEach
    void close() {
        status.close();
        changeover.close();
        shadow.close();
        checks.close();
        bank.close();
        database.close();
    }

    /** Something of everything: calls of both sides, a rehearsal, a mark, a read that falls back, a backfill. */
    private void live() {
        accounts.save(new Account(1, "Ann", 1));
        bank.to(Stage.DUAL_WRITE);
        changeover.backfill(Bank.NAME).run(progress -> {});
        await().until(() -> changeover.stages().of(Bank.NAME).backfilled());
        accounts.save(new Account(1, "Ann", 2));
        bank.to(Stage.SHADOW);
        accounts.find(1);
        bank.to(Stage.RAMP).percent(100);
        await().untilAsserted(() -> {
            accounts.find(1);
            assertThat(scraped("changeover_read_seconds_count")).contains("side=\"NEW\"");
        });
        broken.set(true);
        accounts.save(new Account(1, "Ann", 3));
        accounts.find(1);
        await().until(shadow::idle);
        await().untilAsserted(() -> assertThat(scraped("changeover_stale")).contains("accounts"));
        await().untilAsserted(
                        () -> assertThat(scraped("changeover_foreign_changes")).contains("accounts"));
    }

    private String scraped(String metric) {
        return registry.scrape()
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .collect(Collectors.joining("\n"));
    }

    private static Set<String> names(String text) {
        return METRIC.matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> series() {
        return registry.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String page() throws IOException {
        return Files.readString(FOLDER.resolveSibling("observability.md"));
    }

    @Test
    void whatTheAlertsTheDashboardAndTheGuideNameIsInALiveScrape() throws IOException {
        live();
        Set<String> series = series();
        assertThat(series).containsAll(names(Files.readString(FOLDER.resolve("alerts.yml"))));
        assertThat(series).containsAll(names(Files.readString(FOLDER.resolve("dashboard.json"))));
        Set<String> families = families(series);
        assertThat(families).containsAll(families(names(table())));
        assertThat(names(table()))
                .containsAll(families.stream()
                        .filter(name -> name.startsWith("changeover"))
                        .toList());
    }

    private static Set<String> families(Set<String> series) {
        return series.stream()
                .map(name -> SERIES.matcher(name).replaceFirst(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String table() throws IOException {
        String page = page();
        return page.substring(page.indexOf("<!-- metrics -->"), page.indexOf("<!-- /metrics -->"));
    }

    @Test
    void noTagHasAKeyOrAValue() {
        live();
        assertThat(registry.scrape()).doesNotContain("Ann").doesNotContain("=\"1\"");
    }

    @Test
    void everyAlertSaysWhatIsWrongAndWhatToDo() throws IOException {
        Map<String, List<Map<String, List<Map<String, Object>>>>> file =
                new Yaml().load(Files.readString(FOLDER.resolve("alerts.yml")));
        assertThat(file.get("groups").get(0).get("rules"))
                .hasSizeGreaterThan(10)
                .allSatisfy(rule -> {
                    assertThat(rule).containsKeys("alert", "expr", "labels", "annotations");
                    assertThat(rule.get("annotations"))
                            .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                            .containsKeys("summary", "remedy");
                });
    }

    @Test
    void everyPanelOfTheDashboardHasAQueryAndAPlace() throws IOException {
        Map<String, List<Map<String, Object>>> dashboard =
                new Yaml().load(Files.readString(FOLDER.resolve("dashboard.json")));
        assertThat(dashboard.get("panels")).extracting(panel -> panel.get("id")).doesNotHaveDuplicates();
        assertThat(dashboard.get("panels"))
                .filteredOn(panel -> !"row".equals(panel.get("type")))
                .hasSizeGreaterThan(20)
                .allSatisfy(panel -> assertThat((List<?>) panel.get("targets")).isNotEmpty());
    }

    @Test
    void eachRoutedCallIsAnObservationWithFewKeys() {
        accounts.save(new Account(1, "Ann", 1));
        accounts.find(1);
        TestObservationRegistryAssert.assertThat(traces)
                .hasNumberOfObservationsWithNameEqualTo("changeover.call", 2)
                .hasAnObservation(each -> each.hasContextualNameEqualTo("accounts.find")
                        .hasLowCardinalityKeyValue("repository", "accounts")
                        .hasLowCardinalityKeyValue("kind", "read")
                        .hasLowCardinalityKeyValue("stage", "LEGACY_ONLY"))
                .hasAnObservation(each -> each.hasContextualNameEqualTo("accounts.save"));
    }

    @Test
    void theGuideShowsWhatIsCompiledHere() throws IOException {
        assertThat(Snippets.shown("docs/observability.md", ObservabilityTest.class))
                .containsExactly("meters");
    }
}
