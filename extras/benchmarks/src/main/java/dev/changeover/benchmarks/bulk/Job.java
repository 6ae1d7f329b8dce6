package dev.changeover.benchmarks.bulk;

import javax.sql.DataSource;

/** What is run in a process of its own to see how much memory it takes. */
enum Job {
    BACKFILL_SQL("backfill, SQL projections") {
        @Override
        void run(DataSource pool) {
            fill(pool, true);
        }
    },
    BACKFILL_JAVA("backfill, mapping in Java") {
        @Override
        void run(DataSource pool) {
            fill(pool, false);
        }
    },
    VERIFY_JOIN("verification, FULL JOIN by key range") {
        @Override
        void run(DataSource pool) {
            Check.JOIN.verify(pool);
        }
    },
    VERIFY_CHECKSUM("verification, checksums by key range") {
        @Override
        void run(DataSource pool) {
            Check.CHECKSUM.verify(pool);
        }
    },
    VERIFY_JAVA("verification, ordered merge in Java") {
        @Override
        void run(DataSource pool) {
            Check.JAVA.verify(pool);
        }
    };

    private final String title;

    Job(String title) {
        this.title = title;
    }

    abstract void run(DataSource pool);

    String title() {
        return title;
    }

    boolean fills() {
        return this == BACKFILL_SQL || this == BACKFILL_JAVA;
    }

    private static void fill(DataSource pool, boolean projected) {
        try (Transition transition = Transition.open(pool, projected)) {
            transition.backfill().workers(2).niceRatio(0).run(progress -> {});
        }
    }
}
