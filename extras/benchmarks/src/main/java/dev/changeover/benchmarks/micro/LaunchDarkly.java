package dev.changeover.benchmarks.micro;

import com.launchdarkly.logging.Logs;
import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.MigrationStage;
import com.launchdarkly.sdk.server.integrations.TestData;
import com.launchdarkly.sdk.server.migrations.Migration;
import com.launchdarkly.sdk.server.migrations.MigrationBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationMethodResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;

/**
 * LaunchDarkly's migration, kindly set: the flag is in memory, no events are sent, latency and errors are not tracked.
 */
final class LaunchDarkly implements AutoCloseable {

    private static final String FLAG = "users";

    private final LDClient client;
    private final Migration<User, User, Long, User> migration;
    private final LDContext context = LDContext.create("user-1");

    LaunchDarkly(String stage, MigrationExecution execution, Users legacy, Users next) {
        TestData data = TestData.dataSource();
        LDValue value = LDValue.of(stage);
        data.update(data.flag(FLAG).variations(value).valueForAll(value));
        this.client = new LDClient(
                "sdk-benchmark",
                new LDConfig.Builder()
                        .dataSource(data)
                        .events(Components.noEvents())
                        .logging(Components.logging(Logs.none()))
                        .startWait(Duration.ofSeconds(5))
                        .build());
        this.migration = new MigrationBuilder<User, User, Long, User>(client)
                .trackLatency(false)
                .trackErrors(false)
                .readExecution(execution)
                .read(
                        id -> MigrationMethodResult.Success(legacy.find(id)),
                        id -> MigrationMethodResult.Success(next.find(id)),
                        Objects::equals)
                .write(user -> MigrationMethodResult.Success(user), user -> MigrationMethodResult.Success(user))
                .build()
                .orElseThrow();
    }

    User find(Long id) {
        return migration.read(FLAG, context, MigrationStage.OFF, id).getResult().orElse(null);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
