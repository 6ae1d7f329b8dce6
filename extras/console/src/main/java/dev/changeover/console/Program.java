package dev.changeover.console;

import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** All verbs. */
final class Program {

    private Program() {}

    static CommandLine of(Surroundings around) {
        Root root = new Root();
        CommandLine program = new CommandLine(root)
                .addSubcommand(new InitVerb(root, around))
                .addSubcommand(new DdlVerb(root, around))
                .addSubcommand(new StatusVerb(root, around))
                .addSubcommand(new GatesVerb(root, around))
                .addSubcommand(new AttestVerb(root, around))
                .addSubcommand(new ReportVerb(root, around))
                .addSubcommand(new ChecklistVerb(root, around))
                .addSubcommand(new MoveVerb(root, around))
                .addSubcommand(new BackVerb(root, around))
                .addSubcommand(new RampVerb(root, around))
                .addSubcommand(new MaintainVerb(root, around))
                .addSubcommand(new PreflightVerb(root, around))
                .addSubcommand(new BackfillVerb(root, around))
                .addSubcommand(new AcceptVerb(root, around))
                .addSubcommand(new VerifyVerb(root, around))
                .addSubcommand(new RepairVerb(root, around))
                .addSubcommand(marks(root, around))
                .addSubcommand(divergences(root, around))
                .addSubcommand(new ExplainVerb(root, around))
                .addSubcommand(new SentinelsVerb(root, around))
                .addSubcommand(requests(root, around))
                .addSubcommand(new RetireVerb(root, around))
                .addSubcommand(new RestoreVerb(root, around))
                .addSubcommand(new UninstallVerb(root, around))
                .addSubcommand(new DoctorVerb(root, around))
                .addSubcommand(new CompletionVerb(root, around));
        return settled(program, around);
    }

    private static CommandLine marks(Root root, Surroundings around) {
        return new CommandLine(new MarksVerb(root, around))
                .addSubcommand("list", new MarksVerb(root, around))
                .addSubcommand(new MarksRetryVerb(root, around))
                .addSubcommand(new MarksDrainVerb(root, around));
    }

    private static CommandLine divergences(Root root, Surroundings around) {
        return new CommandLine(new DivergencesVerb(root, around))
                .addSubcommand("list", new DivergencesVerb(root, around))
                .addSubcommand(new DivergencesShowVerb(root, around))
                .addSubcommand(new DivergencesExplainVerb(root, around))
                .addSubcommand(new DivergencesToBeFixedVerb(root, around))
                .addSubcommand(new DivergencesFixedVerb(root, around))
                .addSubcommand(new DivergencesReopenVerb(root, around));
    }

    private static CommandLine requests(Root root, Surroundings around) {
        return new CommandLine(new RequestsVerb(root, around))
                .addSubcommand("list", new RequestsVerb(root, around))
                .addSubcommand(new RequestsShowVerb(root, around))
                .addSubcommand(new RequestsFollowVerb(root, around))
                .addSubcommand(new RequestsCancelVerb(root, around));
    }

    /** A reason may begin with an at sign, and is no name of a file then. */
    private static CommandLine settled(CommandLine program, Surroundings around) {
        return program.registerConverter(Duration.class, new Durations())
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(around.out())
                .setErr(around.err())
                .setUsageHelpWidth(around.width())
                .setUsageHelpAutoWidth(false)
                .setColorScheme(Help.defaultColorScheme(around.styled() ? Help.Ansi.ON : Help.Ansi.OFF))
                .setParameterExceptionHandler(new Usage());
    }
}
