package dev.changeover.proof;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.changeover.core.Settings;
import dev.changeover.core.Stage;
import dev.changeover.core.Strangers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An instance in a process of its own that does one job. It prints each point that it comes to, which is before every
 * message of the job to the database and at the job's end, and at one of them it is gone, as by a power cut, or
 * stands still. Arguments: JDBC URL, lease in milliseconds, the point, "stop at " and the point, or "-", and the job.
 */
final class Mortal implements Messages.Hook {

    private static final Pattern FUNCTION = Pattern.compile("changeover\\.(\\w+)\\(");
    private static final Pattern WORDS = Pattern.compile("^\\w+( \\w+)?");

    /** Whether it dies before this or before the next one leaves the server in the same state. */
    private static final Pattern LIKE_THE_ONE_BEFORE = Pattern.compile("^SET |^DO |^ALTER |sentinel_\\d");

    private final Thread worker = Thread.currentThread();
    private final Map<String, Integer> times = new HashMap<>();
    private final String last;
    private boolean begun;

    private Mortal(String last) {
        this.last = last;
    }

    public static void main(String[] arguments) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(4);
        Mortal mortal = new Mortal(arguments[2]);
        Settings settings = Settings.DEFAULTS.withLease(Duration.ofMillis(Long.parseLong(arguments[1])));
        try (HikariDataSource pool = new HikariDataSource(config);
                Bank bank = Bank.open(Messages.of(pool, mortal), Bank.Parts.DEFAULTS.withSettings(settings))) {
            bank.changeover.drain().pause();
            mortal.begun = true;
            doIt(bank, arguments);
            mortal.begun = false;
            mortal.reach("end");
        }
    }

    private static void doIt(Bank bank, String[] arguments) {
        switch (arguments[3]) {
            case "unit" -> unit(bank, Long.parseLong(arguments[4]));
            case "drain" -> bank.changeover.drain().drainNow(Bank.NAME);
            case "backfill" -> bank.changeover.backfill(Bank.NAME).run(progress -> {});
            case "reseed" -> bank.changeover.backfill(Bank.NAME).reseed(progress -> {});
            case "install" -> bank.changeover.sentinels().install(Bank.NAME, Strangers.REFUSE, "test", "install");
            case "move" -> bank.changeover.stages().move(Bank.NAME, Stage.valueOf(arguments[4]), "test", "move");
            default -> throw new IllegalArgumentException(arguments[3]);
        }
    }

    /** A new key, a change and a removal. */
    private static void unit(Bank bank, long balance) {
        bank.inTransaction(() -> {
            bank.accounts.save(new Account(balance, "born", balance));
            bank.accounts.find(1);
            bank.accounts.save(new Account(1, "changed", balance));
            bank.accounts.delete(balance - 1);
            return true;
        });
    }

    @Override
    public void before(String sql) {
        if (begun
                && Thread.currentThread() == worker
                && !LIKE_THE_ONE_BEFORE.matcher(sql).find()) {
            reach(what(sql));
        }
    }

    private void reach(String what) {
        String point = what + " " + times.merge(what, 1, Integer::sum);
        System.out.println("POINT " + point);
        if (point.equals(last)) {
            Runtime.getRuntime().halt(137);
        } else if (last.equals("stop at " + point)) {
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static String what(String sql) {
        Matcher function = FUNCTION.matcher(sql);
        Matcher words = WORDS.matcher(sql.strip());
        return function.find() ? function.group(1) : words.find() ? words.group() : "a statement";
    }
}
