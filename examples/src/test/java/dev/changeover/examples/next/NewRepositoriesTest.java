package dev.changeover.examples.next;

import dev.changeover.examples.RepositoryContract;
import dev.changeover.examples.database.Schemas;
import dev.changeover.examples.database.TestDatabase;
import dev.changeover.examples.domain.AuditLogRepository;
import dev.changeover.examples.domain.RoomRepository;
import dev.changeover.examples.domain.UserRepository;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

class NewRepositoriesTest extends RepositoryContract {

    private static final TestDatabase DATABASE = TestDatabase.withBothSchemas();
    private static final NewSide SIDE = new NewSide(DATABASE.pool(), Schemas.DEFAULT);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Override
    protected UserRepository users() {
        return SIDE.users();
    }

    @Override
    protected RoomRepository rooms() {
        return SIDE.rooms();
    }

    @Override
    protected AuditLogRepository auditLogs() {
        return SIDE.auditLogs();
    }

    @Override
    protected DataSource dataSource() {
        return DATABASE.pool();
    }

    @Override
    protected PlatformTransactionManager transactionManager() {
        return new JdbcTransactionManager(DATABASE.pool());
    }
}
