package dev.changeover.console.connect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Passwords, which are taken out of every message before it is shown: drivers quote what they could not use. */
public final class Secrets {
    private static final Pattern PARAMETER = Pattern.compile("(?i)[?&;][a-z]*password=([^&;\\s]*)");
    private static final Pattern LOGIN = Pattern.compile("//[^/?\\s:@]*:([^/?\\s]*)@");
    private static final String HIDDEN = "***";

    private final List<String> secrets = new ArrayList<>();

    /** Keeps the passwords of this target out of sight from now on. */
    public void of(Target target) {
        add(target.password());
        for (Pattern pattern : List.of(PARAMETER, LOGIN)) {
            for (Matcher found = pattern.matcher(target.url()); found.find(); ) {
                add(found.group(1));
                add(decoded(found.group(1)));
            }
        }
    }

    private static @Nullable String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null; // then the driver cannot decode it either
        }
    }

    private void add(@Nullable String secret) {
        if (secret != null && !secret.isEmpty()) {
            secrets.add(secret);
        }
    }

    /** Tells whether a password is in the URL. */
    static boolean in(String url) {
        return PARAMETER.matcher(url).find() || LOGIN.matcher(url).find();
    }

    /** Returns the text without any password. */
    public String hide(String text) {
        String hidden = PARAMETER.matcher(text).replaceAll(match -> "?password=" + HIDDEN);
        for (String secret : secrets) {
            hidden = hidden.replace(secret, HIDDEN);
        }
        return hidden;
    }
}
