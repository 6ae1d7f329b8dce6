package dev.changeover.examples.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.User;
import dev.changeover.examples.legacy.FlushListener.Changed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FlushListenerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void only_what_no_repository_call_wrote_is_reported_and_while_the_transaction_is_open() {
        List<Changed> reported = new ArrayList<>();
        List<Boolean> inTransaction = new ArrayList<>();
        try (TestDatabase database = TestDatabase.withBothSchemas();
                LegacySide side = new LegacySide(database.pool(), Schemas.DEFAULT, changed -> {
                    reported.add(changed);
                    inTransaction.add(TransactionSynchronizationManager.isActualTransactionActive());
                })) {
            User user = User.of(UUID.randomUUID(), "a@b", "hash", null, true, NOW, NOW, 0);
            side.users().save(side.users().create(user).renamed("routed", NOW));
            assertThat(reported).isEmpty();

            side.profiles().rename(user.id(), "by dirty checking", NOW);

            assertThat(reported).containsExactly(new Changed("users", user.id()));
            assertThat(inTransaction).containsOnly(true);
            assertThat(side.users().findById(user.id()).orElseThrow().displayName())
                    .isEqualTo("by dirty checking");
        }
    }
}
