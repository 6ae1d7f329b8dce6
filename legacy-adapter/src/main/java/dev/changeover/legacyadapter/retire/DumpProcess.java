package dev.changeover.legacyadapter.retire;

import dev.changeover.core.ChangeoverException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A program that was run to its end.
 *
 * @param exit its exit code
 * @param output the beginning of what it said, in one line
 */
record DumpProcess(int exit, String output) {

    private static final int MOST = 400;

    /** Runs a program without a shell; of the variables for PostgreSQL it sees only these and the password file. */
    static DumpProcess run(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") && !name.equals("PGPASSFILE"));
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = beginning(process.getInputStream());
            return new DumpProcess(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChangeoverException("The backup was interrupted while " + command.get(0) + " ran", e);
        } finally {
            process.destroyForcibly(); // one that has ended does not mind
        }
    }

    /** Reads all of it, so that the program never waits, and keeps a little. */
    private static String beginning(InputStream in) throws IOException {
        byte[] kept = in.readNBytes(MOST);
        in.transferTo(OutputStream.nullOutputStream());
        return new String(kept, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    }
}
