package dev.changeover.console;

import dev.changeover.console.connect.ConsoleException;
import dev.changeover.shadowcompare.Decision;
import dev.changeover.shadowcompare.ReviewState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "explain",
        aliases = "accept",
        description = "The difference is meant: its owner answers for that until a day, then it counts again.")
final class DivergencesExplainVerb extends Verb {

    @Option(
            names = "--until",
            required = true,
            paramLabel = "DATE",
            description = "Such as 2027-03-31, 2027-03-31T12:00:00Z or 30d.")
    String until = "";

    @Mixin
    final Reviewing reviewing = new Reviewing();

    DivergencesExplainVerb(Root root, Surroundings around) {
        super(root, around);
    }

    @Override
    Outcome run(Session session) {
        return reviewing.decide(session, new Decision(ReviewState.EXPLAINED, null, null, expiry(Instant.now())));
    }

    private @Nullable Instant expiry(Instant now) {
        try {
            if (until.matches("[0-9]+ ?[a-z]+")) {
                return now.plus(new Durations().convert(until));
            }
            return until.contains("T")
                    ? OffsetDateTime.parse(until).toInstant()
                    : LocalDate.parse(until)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
        } catch (DateTimeException | picocli.CommandLine.TypeConversionException e) {
            throw ConsoleException.usage("--until is no date", "Write it as 2027-03-31, 2027-03-31T12:00:00Z or 30d");
        }
    }
}
