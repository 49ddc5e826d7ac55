package io.budmetrics.examples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.budmetrics.examples.support.TraceFile.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
    private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens\n";

    @TempDir
    Path folder;

    @Test
    void timesAreCutToMicroseconds() throws IOException {
        List<Request> requests =
                read(HEADER + "2023-11-16 18:17:03.9799609,4808,10\r\n\n2023-11-16 18:17:04,0,4294967295\n");

        assertThat(requests)
                .extracting(Request::arrival)
                .containsExactly(Instant.parse("2023-11-16T18:17:03.979960Z"), Instant.parse("2023-11-16T18:17:04Z"));
        assertThat(requests).extracting(Request::inputTokens).containsExactly(4808L, 0L);
        assertThat(requests).extracting(Request::outputTokens).containsExactly(10L, 4294967295L);
    }

    @Test
    void theSameLineIsTheSameRequest() throws IOException {
        String text = HEADER + "2023-11-16 18:17:03.9,1,2\n2023-11-16 18:17:03.9,1,2\n";
        List<Request> once = read(text);

        assertThat(read(text)).isEqualTo(once);
        assertThat(once.get(0).id()).isNotEqualTo(once.get(1).id());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '^',
            value = {
                "2023-11-16 18:17:03.9;1;2 | three values",
                "2023-11-16 18:17:03.9#1#2#3 | three values",
                "16.11.2023 18:17#1#2 | a time such as 2023-11-16 18:17:03.9799600",
                "2023-02-30 18:17:03.9#1#2 | a time such as",
                "2105-01-01 00:00:00#1#2 | a time in the years 1970 to 2104",
                "2023-11-16 18:17:03.9#-1#2 | a whole number from 0 to 4294967295 in ContextTokens",
                "2023-11-16 18:17:03.9#1#many | in GeneratedTokens"
            },
            delimiter = '|')
    void aBadLineIsNamed(String line, String expected) {
        assertThatThrownBy(() -> read(HEADER + "2023-11-16 18:17:03.9,1,2\n" + line.replace('#', ',') + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("code.csv, line 3: expected ")
                .hasMessageContaining(expected);
    }

    @Test
    void aFileOfAnotherFormatIsRefused() {
        assertThatThrownBy(() -> read("a,b\n1,2\n")).hasMessageContaining("line 1: expected the header TIMESTAMP,");
        assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> TraceFile.at(folder.resolve("none.csv")).read(request -> {}))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> TraceFile.at(folder).read(request -> {})).hasMessageContaining("is a folder");
    }

    private List<Request> read(String text) throws IOException {
        Path path = folder.resolve("code.csv");
        Files.writeString(path, text);
        List<Request> requests = new ArrayList<>();
        TraceFile.at(path).read(requests::add);
        return requests;
    }
}
