package dev.changeover.proof;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.Settings;
import dev.changeover.proof.Labour.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An instance in a process of its own that does one job, of which it is told on its standard input: the order, and the
 * number of the message before which the thread that sends it stands still and says so, to be killed. Arguments: JDBC URL,
 * lease in milliseconds.
 */
final class Labourer {

    private Labourer() {}

    public static void main(String[] arguments) throws IOException {
        Thread.currentThread().setName(Labour.THREAD);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(8);
        KillAt hook = new KillAt();
        Settings settings = Settings.DEFAULTS
                .withWorkers(2)
                .withNiceRatio(0)
                .withChunk(Labour.PART)
                .withLease(Duration.ofMillis(Long.parseLong(arguments[1])));
        try (HikariDataSource pool = new HikariDataSource(config);
                Bank bank = Bank.open(Messages.of(pool, hook), Bank.Parts.DEFAULTS.withSettings(settings))) {
            System.out.println("READY");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            Order order = Order.of(in.readLine());
            hook.arm(order, Long.parseLong(in.readLine()), (backend, sql) -> standStill(sql));
            System.out.println("END " + order.on(bank, bank.pool));
        }
    }

    private static void standStill(String sql) {
        System.out.println("AT " + KillAt.shown(sql));
        while (true) {
            LockSupport.park();
        }
    }
}
