package dev.changeover.core;

/** A registration or a setting is wrong; thrown while building, with the path of the setting and the remedy. */
public final class ConfigurationException extends ChangeoverException {

    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * Creates the exception.
     *
     * @param path what is wrong, such as {@code users.save}
     * @param problem what is wrong with it
     * @param remedy what to write instead
     */
    public ConfigurationException(String path, String problem, String remedy) {
        super(path + ": " + problem + ". " + remedy);
        this.path = path;
    }

    /** Returns the path of the setting, such as {@code users.save}. */
    public String path() {
        return path;
    }
}
