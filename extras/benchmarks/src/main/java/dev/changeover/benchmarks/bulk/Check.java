package dev.changeover.benchmarks.bulk;

import dev.changeover.core.KeyType;
import dev.changeover.shadowcompare.ComparedRepository;
import dev.changeover.shadowcompare.RecordComparison;
import dev.changeover.shadowcompare.Verdict;
import dev.changeover.shadowcompare.Verification;
import dev.changeover.shadowcompare.VerificationMode;
import dev.changeover.shadowcompare.VerificationResult;
import java.util.UUID;
import javax.sql.DataSource;

/** The ways to compare both sides. */
enum Check {
    /** One statement over both tables. */
    FULL_JOIN("one FULL JOIN", VerificationMode.AUTO, 1),
    JOIN("Changeover, FULL JOIN by key range", VerificationMode.JOIN, 1.7),
    CHECKSUM("Changeover, checksums by key range", VerificationMode.CHECKSUM, 1.8),
    JAVA("Changeover, ordered merge in Java", VerificationMode.JAVA, 3);

    private final String title;
    private final VerificationMode mode;
    private final double goal;

    Check(String title, VerificationMode mode, double goal) {
        this.title = title;
        this.mode = mode;
        this.goal = goal;
    }

    String title() {
        return title;
    }

    /** At most this many times what one FULL JOIN costs. */
    double goal() {
        return goal;
    }

    /** Compares everything and fails if it does not find just what was damaged. */
    Cost run(Tables tables, long damaged) throws Exception {
        Cpu cpu = Cpu.of(tables.database());
        return Cost.of(cpu, tables.rows(), () -> {
            long found = this == FULL_JOIN ? tables.database().queryLong(Tables.FULL_JOIN) : verify(tables.pool());
            if (found != damaged) {
                throw new IllegalStateException(title + " finds " + found + " differences of " + damaged);
            }
        });
    }

    /** Returns how many keys differ. */
    long verify(DataSource pool) {
        VerificationResult<UUID> result =
                Verification.of(pool, repository()).mode(mode).build().run();
        if (result.verdict() != Verdict.MATCH && result.verdict() != Verdict.DIVERGED) {
            throw new IllegalStateException(title + " says " + result.verdict() + " " + result.errors());
        }
        return result.counts().diverged();
    }

    private static ComparedRepository<UUID, Meeting> repository() {
        return ComparedRepository.of(Transition.NAME, KeyType.UUID, Meeting.class, Meeting::id)
                .legacy(Stores.legacy(true))
                .next(Stores.next(true))
                .compare(RecordComparison.of(Meeting.class).build())
                .build();
    }
}
