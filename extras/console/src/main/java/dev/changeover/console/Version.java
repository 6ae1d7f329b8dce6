package dev.changeover.console;

import dev.changeover.core.control.ControlSchema;
import picocli.CommandLine.IVersionProvider;

/** The version of the jar, and that of the control schema that it speaks. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "changeover " + (version == null ? "of a class path" : version), "control schema " + ControlSchema.VERSION
        };
    }
}
