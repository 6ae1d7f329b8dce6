package dev.changeover.console.terminal;

/** Colours are for the words that say whether something is well, and for nothing else. */
enum Style {
    GOOD("32", "PASS OK DONE MATCH SAFE FIXED"),
    DOUBTFUL("33", "WARN UNKNOWN NOT_MET EXPIRED CANCELLED INCOMPLETE SAFE_AFTER_DRAIN"),
    BAD("31", "FAIL FAILED REFUSED DIVERGED ERROR LOSSY REGRESSION");

    private final String code;
    private final String words;

    Style(String code, String words) {
        this.code = code;
        this.words = ' ' + words + ' ';
    }

    /** Returns the text in the colour of the word that it is, padded or not. */
    static String paint(String text) {
        String word = text.strip();
        for (Style style : values()) {
            if (!word.isEmpty() && style.words.contains(' ' + word + ' ')) {
                return "\u001b[" + style.code + "m" + text + "\u001b[0m";
            }
        }
        return text;
    }
}
