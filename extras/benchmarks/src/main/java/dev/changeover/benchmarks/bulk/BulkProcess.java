package dev.changeover.benchmarks.bulk;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One job in a process of its own, which tells at its end how much memory it had at most. */
final class BulkProcess {

    private static final String PEAK = "VmHWM:";

    private BulkProcess() {}

    /** Arguments: the URL of the database, the job. */
    public static void main(String[] arguments) throws Exception {
        Job job = Job.valueOf(arguments[1]);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(8);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            job.run(pool);
        }
        System.out.println(PEAK + " " + peakKilobytes());
        System.exit(0);
    }

    private static long peakKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(PEAK))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /** Runs the job in a JVM with so small a heap and returns its greatest resident set in MB. */
    static long megabytes(String url, Job job, int heapMegabytes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heapMegabytes + "m",
                        "-XX:+UseSerialGC",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        BulkProcess.class.getName(),
                        url,
                        job.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(job + " failed in a heap of " + heapMegabytes + " MB: " + output);
        }
        return output.lines()
                .filter(line -> line.startsWith(PEAK))
                .mapToLong(line -> Long.parseLong(line.substring(PEAK.length()).strip()) / 1024)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(output));
    }
}
