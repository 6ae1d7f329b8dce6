package dev.changeover.console;

import dev.changeover.console.terminal.Plain;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what was not understood, without quoting what may be a password. */
final class Usage implements IParameterExceptionHandler {
    private static final int LONGEST = 500;

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String message = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched.getUnmatched())
                : String.valueOf(failure.getMessage());
        command.getErr().println("changeover: " + Plain.of(message, LONGEST));
        command.getErr()
                .println("Try: " + command.getCommandSpec().qualifiedName().strip() + " --help");
        command.getErr().flush();
        return Exit.USAGE;
    }

    private static String unmatched(List<String> arguments) {
        if (arguments.stream().anyMatch(each -> each.toLowerCase(Locale.ROOT).contains("pass"))) {
            return "There is no option for a password, which every user of this machine could see. Set"
                    + " CHANGEOVER_PASSWORD, or use --config or a .pgpass file. Change the password if it was real";
        }
        String options = arguments.stream()
                .filter(each -> each.startsWith("-"))
                .map(each -> each.replaceFirst("=.*", ""))
                .map(each -> each.startsWith("--") ? each : each.substring(0, Math.min(2, each.length())))
                .collect(Collectors.joining(", "));
        return options.isEmpty()
                ? arguments.size() + " argument" + (arguments.size() == 1 ? " is" : "s are") + " too many, or no verb"
                : "Unknown: " + options;
    }
}
