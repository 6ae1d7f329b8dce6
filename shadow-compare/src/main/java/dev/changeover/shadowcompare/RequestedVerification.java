package dev.changeover.shadowcompare;

import dev.changeover.core.control.SqlTransaction;
import dev.changeover.core.request.Request;
import dev.changeover.core.request.RequestArguments;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A verification that somebody asks for. If the instance dies that has begun it, the next goes on with it. */
record RequestedVerification<K, V>(
        DataSource dataSource,
        ComparedRepository<K, V> repository,
        UnaryOperator<Verification.Builder<K, V>> settings) {

    private static final String UNFINISHED = """
            SELECT max(v.id) FROM changeover.verification v
             WHERE v.request = ? AND v.repository = ? AND (v.verdict IS NULL OR NOT v.walked)""";

    VerificationResult<K> run(Request request) throws SQLException {
        RequestArguments arguments = request.arguments()
                .only("mode", "from", "to", "sample", "keys", "ofRun", "changedSince", "rate", "resume");
        Verification.Builder<K, V> builder = settings.apply(Verification.of(dataSource, repository))
                .scope(scope(arguments))
                .request(request.id())
                .progress(state -> request.progress(state.keys(), state.estimated(), "keys"));
        if (arguments.has("mode")) {
            builder.mode(mode(arguments));
        }
        Long rate = arguments.numberOrNull("rate");
        if (rate != null) {
            builder.rate(() -> rate);
        }
        Long earlier = arguments.has("resume") ? arguments.numberOrNull("resume") : unfinished(request);
        return earlier == null
                ? builder.build().run(() -> !request.goesOn())
                : builder.build().resume(earlier, () -> !request.goesOn());
    }

    private @Nullable Long unfinished(Request request) throws SQLException {
        return SqlTransaction.readCommitted(dataSource, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(UNFINISHED)) {
                statement.setLong(1, request.id());
                statement.setString(2, repository.name());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getObject(1, Long.class);
                }
            }
        });
    }

    private static VerificationMode mode(RequestArguments arguments) {
        String text = arguments.text("mode");
        return Arrays.stream(VerificationMode.values())
                .filter(mode -> mode.name().equalsIgnoreCase(text))
                .findAny()
                .orElseThrow(() -> arguments.refused(
                        "mode", "it is " + text, "Give one of: " + Arrays.toString(VerificationMode.values())));
    }

    private VerificationScope<K> scope(RequestArguments arguments) {
        if (arguments.has("sample")) {
            return VerificationScope.sample(percent(arguments));
        }
        if (arguments.has("keys")) {
            List<K> keys = arguments.texts("keys").stream()
                    .map(text -> key(arguments, "keys", text))
                    .toList();
            return VerificationScope.of(keys);
        }
        if (arguments.has("ofRun")) {
            return VerificationScope.ofRun(arguments.number("ofRun"));
        }
        if (arguments.has("changedSince")) {
            return VerificationScope.changedSince(arguments.number("changedSince"));
        }
        return VerificationScope.between(end(arguments, "from"), end(arguments, "to"));
    }

    private static double percent(RequestArguments arguments) {
        String text = arguments.text("sample");
        try {
            double percent = Double.parseDouble(text);
            if (percent > 0 && percent <= 100) {
                return percent;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw arguments.refused("sample", "it is " + text, "Give percent of the keys, above 0 and up to 100");
    }

    private @Nullable K end(RequestArguments arguments, String name) {
        return arguments.has(name) ? key(arguments, name, arguments.text(name)) : null;
    }

    private K key(RequestArguments arguments, String name, String text) {
        try {
            return repository.keyType().decode(text);
        } catch (IllegalArgumentException e) {
            throw arguments.refused(
                    name,
                    "it is no key of " + repository.name(),
                    "Give one of type " + repository.keyType().sqlType());
        }
    }
}
