package io.budmetrics.internal.sql;

import java.util.function.Consumer;

/**
 * An item of a SELECT. One that differs from statement to statement is written when the statement is, straight into its text:
 * a text of its own would be copied once more.
 */
public sealed interface Item {
    /** Writes it behind the statement so far. */
    void append(StringBuilder out);

    /** About how many characters it has. */
    int length();

    /**
     * An item whose text is known.
     *
     * @param text an expression with its name
     * @return the item
     */
    static Item of(String text) {
        return new Known(text);
    }

    /**
     * An item that is written with the statement.
     *
     * @param length about how many characters it has
     * @param writer appends an expression with its name
     * @return the item
     */
    static Item of(int length, Consumer<StringBuilder> writer) {
        return new Late(length, writer);
    }

    /**
     * An item whose text is known.
     *
     * @param text the text
     */
    record Known(String text) implements Item {
        @Override
        public void append(StringBuilder out) {
            out.append(text);
        }

        @Override
        public int length() {
            return text.length();
        }
    }

    /**
     * An item that is written with the statement.
     *
     * @param length about how many characters it has
     * @param writer appends it
     */
    record Late(int length, Consumer<StringBuilder> writer) implements Item {
        @Override
        public void append(StringBuilder out) {
            writer.accept(out);
        }
    }
}
