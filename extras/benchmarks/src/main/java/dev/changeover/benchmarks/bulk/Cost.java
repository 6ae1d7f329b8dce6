package dev.changeover.benchmarks.bulk;

/**
 * What some work took.
 *
 * @param cpu seconds of all processors, JVM and server
 * @param wall seconds on the clock
 * @param rows how many rows it went through
 */
record Cost(double cpu, double wall, long rows) {

    /** Work that is measured. */
    interface Work {
        void run() throws Exception;
    }

    static Cost of(Cpu counter, long rows, Work work) throws Exception {
        double cpu = counter.seconds();
        long start = System.nanoTime();
        work.run();
        return new Cost(counter.seconds() - cpu, (System.nanoTime() - start) / 1e9, rows);
    }

    double cpuPerRow() {
        return cpu / rows;
    }

    double wallPerRow() {
        return wall / rows;
    }
}
