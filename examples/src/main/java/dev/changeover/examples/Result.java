package dev.changeover.examples;

import dev.changeover.examples.blue.Blue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The last line of the job and what it is worth.
 *
 * @param acknowledged writes that callers saw succeed
 * @param lost keys whose last acknowledged write is gone
 * @param divergent keys whose two sides differ
 * @param callerErrors errors that reached callers
 * @param perStage acknowledged writes by stage of the walk
 * @param readCommittedPerStage those of them that ran under READ COMMITTED
 * @param marksPerStage those of them that ended as marks
 * @param marked all marks
 * @param newReadsAt100 the share of eligible reads that new served at 100 %
 * @param compared shadow reads that were compared
 * @param rehearsed rehearsals by operation
 * @param retried units of work that were done again
 * @param stages where each repository ended
 * @param seconds how long the job took, or its last life
 * @param oldBuild what became of the build without the library
 * @param fault what became of the fault in release 1 of the new code
 * @param retired how many repositories have no legacy tables any more
 * @param lives how many lives the job had; what is counted within one process is only required of a job that had one
 */
record Result(
        long acknowledged,
        long lost,
        long divergent,
        long callerErrors,
        Map<String, Long> perStage,
        Map<String, Long> readCommittedPerStage,
        Map<String, Long> marksPerStage,
        long marked,
        double newReadsAt100,
        long compared,
        Map<String, Long> rehearsed,
        long retried,
        Map<String, String> stages,
        long seconds,
        Blue.Figures oldBuild,
        Fault fault,
        int retired,
        int lives) {

    /**
     * The fault of release 1 of the new code.
     *
     * @param planted whether the job began with that release
     * @param found how many groups of divergences there are in the end
     * @param gateStops how often they stopped a move
     */
    record Fault(boolean planted, long found, int gateStops) {}

    private static final double MOST_MARKS = 0.01;
    private static final double LEAST_NEW_READS = 0.9;

    String line() {
        return "RESULT acknowledged=" + acknowledged + " lost=" + lost + " divergent=" + divergent + " caller_errors="
                + callerErrors + " per_stage=" + pairs(perStage) + " marked=" + marked + " new_reads_at_100="
                + String.format(Locale.ROOT, "%.3f", newReadsAt100) + " compared=" + compared + " rehearsed="
                + pairs(rehearsed) + " retried=" + retried + " stages=" + pairs(stages) + " seconds=" + seconds
                + " foreign_writes=" + oldBuild.foreignWrites() + " found=" + fault.found()
                + " gate_stops=" + fault.gateStops() + (retired > 0 ? " retired=" + retired : "")
                + (lives > 1 ? " lives=" + lives : "");
    }

    /** Returns the same after the old tables are gone. */
    Result retired(long lostNow, long secondsNow) {
        return new Result(
                acknowledged,
                lostNow,
                divergent,
                callerErrors,
                perStage,
                readCommittedPerStage,
                marksPerStage,
                marked,
                newReadsAt100,
                compared,
                rehearsed,
                retried,
                stages,
                secondsNow,
                oldBuild,
                fault,
                stages.size(),
                lives);
    }

    private static String pairs(Map<String, ?> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    /** Returns what was done to data and callers, whatever way was gone; empty if nothing. */
    List<String> damage() {
        List<String> failures = new ArrayList<>();
        require(failures, lost == 0, lost + " keys lost an acknowledged write");
        require(failures, divergent == 0, divergent + " keys differ between the two sides");
        require(failures, callerErrors == 0, callerErrors + " errors reached callers");
        return failures;
    }

    /** Returns why the job failed; empty if it did not. */
    List<String> failures() {
        List<String> failures = damage();
        require(failures, fault.planted() || fault.found() == 0, "the sides differed, and nobody planted it");
        perStage.forEach((stage, n) -> require(failures, n > 0, "no write was acknowledged in " + stage));
        if (lives == 1) {
            withinOneLife(failures);
        }
        if (oldBuild.ran()) {
            besideTheOldBuild(failures);
        }
        return failures;
    }

    private void withinOneLife(List<String> failures) {
        require(failures, newReadsAt100 >= LEAST_NEW_READS, "new served too few of the reads at 100 %");
        require(failures, compared > 0, "no shadow read was compared");
        rehearsed.forEach((operation, n) -> require(failures, n > 0, operation + " was never rehearsed"));
        require(failures, !fault.planted() || fault.found() > 0, "the fault of release 1 was not found");
        require(failures, !fault.planted() || fault.gateStops() > 0, "no gate was closed by the fault of release 1");
        require(
                failures,
                fault.planted() || fault.gateStops() == 0,
                "a gate was closed by a fault that nobody planted");
        marksPerStage.forEach((stage, n) -> require(failures, fewMarks(stage, n), tooMany(stage, n)));
    }

    private void besideTheOldBuild(List<String> failures) {
        require(failures, oldBuild.acknowledged() > 0, "the old build wrote nothing before new led");
        require(failures, oldBuild.foreignWrites() > 0, "sentinels saw nothing of the old build");
        require(failures, oldBuild.refused() > 0, "the old build was never refused");
    }

    private static void require(List<String> failures, boolean holds, String failure) {
        if (!holds) {
            failures.add(failure);
        }
    }

    private boolean fewMarks(String stage, long marks) {
        return marks <= readCommittedPerStage.getOrDefault(stage, 0L) * MOST_MARKS;
    }

    private String tooMany(String stage, long marks) {
        return marks + " of " + readCommittedPerStage.getOrDefault(stage, 0L) + " writes of " + stage
                + " ended as marks";
    }
}
