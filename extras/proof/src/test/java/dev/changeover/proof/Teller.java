package dev.changeover.proof;

import dev.changeover.core.Settings;
import dev.changeover.core.control.RepositoryState;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An instance in a process of its own: does what it is told on its standard input, a line each, and prints what came of
 * it. Arguments: JDBC URL, lease in milliseconds.
 */
final class Teller {

    private final Bank bank;

    private Teller(Bank bank) {
        this.bank = bank;
    }

    public static void main(String[] arguments) throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(arguments[0]);
        source.setConnectTimeout(2);
        source.setSocketTimeout(10);
        com.zaxxer.hikari.HikariConfig config = new com.zaxxer.hikari.HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(6);
        config.setConnectionTimeout(1500);
        Settings settings = Settings.DEFAULTS.withLease(Duration.ofMillis(Long.parseLong(arguments[1])));
        try (com.zaxxer.hikari.HikariDataSource pool = new com.zaxxer.hikari.HikariDataSource(config);
                Bank bank = Bank.open(pool, Bank.Parts.DEFAULTS.withSettings(settings))) {
            say("READY");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            Teller teller = new Teller(bank);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                teller.tryToDo(line.split(" "));
            }
        }
    }

    private void tryToDo(String[] words) {
        try {
            say(words[0] + " " + doIt(words));
        } catch (RuntimeException e) {
            say(words[0] + " FAILED " + e.getClass().getSimpleName());
        }
    }

    private String doIt(String[] words) {
        return switch (words[0]) {
            case "save" -> {
                bank.accounts.save(new Account(Long.parseLong(words[1]), words[2], 1));
                yield "done";
            }
            case "find" -> name(bank.accounts.find(Long.parseLong(words[1])));
            case "unit" ->
                bank.inTransaction(() -> {
                    String before = name(bank.accounts.find(Long.parseLong(words[1])));
                    say("unit read " + before);
                    System.in.read(); // goes on with the next line
                    bank.accounts.save(new Account(Long.parseLong(words[1]), words[2], 1));
                    return "done";
                });
            case "stream" -> stream(Long.parseLong(words[1]));
            case "stage" -> stage(bank.changeover.stages().of(Bank.NAME));
            default -> "?";
        };
    }

    /** Writes key after key until the process ends; says of each that it is acknowledged. */
    private String stream(long first) {
        for (long key = first; ; key++) {
            try {
                bank.accounts.save(new Account(key, "s" + key, key));
                say("acknowledged " + key);
            } catch (RuntimeException e) {
                say("refused " + key + " " + e.getClass().getSimpleName());
            }
        }
    }

    private static String stage(RepositoryState state) {
        return state.stage() + " " + state.epoch();
    }

    private static String name(Optional<Account> account) {
        return account.map(Account::name).orElse("-");
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
