package io.budmetrics.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {0x00, 0x0A, 0x1B, 0x7F, 0x85, 0x9B, 0xA0, 0xAD, 0x200B, 0x2028, 0x202E, 0x2066, 0xFEFF, 0xE0041})
    void printable_steeringOrInvisible_escaped(int point) {
        String shown = SafeText.printable("a" + Character.toString(point) + "b");

        assertThat(shown).matches("a\\\\[uU][0-9A-F]+b");
    }

    @Test
    void printable_ordinaryText_unchanged() {
        assertThat(SafeText.printable("gpt-4o (b\u00fcro) \u6f22 \ud83d\ude00"))
                .isEqualTo("gpt-4o (b\u00fcro) \u6f22 \ud83d\ude00");
        assertThat(SafeText.printable("cut \ud83d")).isEqualTo("cut \\uD83D");
    }

    @Test
    void name_emptyBlankAndMissing_toldApart() {
        assertThat(SafeText.name("")).isEqualTo("\"\"");
        assertThat(SafeText.name(" ")).isEqualTo("\" \"");
        assertThat(SafeText.name("(none)")).isEqualTo("\"(none)\"");
        assertThat(SafeText.name("Others")).isEqualTo("\"Others\"");
        assertThat(SafeText.name("gpt 4 ")).isEqualTo("\"gpt 4 \"");
        assertThat(SafeText.name("gpt 4")).isEqualTo("gpt 4");
    }
}
