package io.budmetrics.clickhouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.budmetrics.clickhouse.synthetic.SyntheticTraffic;
import io.budmetrics.record.InferenceRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PieceTest {
    private static List<InferenceRecord> records(int count, long seed) {
        return SyntheticTraffic.builder()
                .records(count)
                .days(28)
                .until(Instant.parse("2026-11-02T00:00:00Z"))
                .batchSize(count)
                .seed(seed)
                .build()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Pinned: a change here changes what is written, or everybody's demonstration data. Every JVM must come to the same.
     */
    @ParameterizedTest
    @CsvSource({
        "1000, 42, 85445cf332923c2fb24a9e03c087a84989c9892199020da5c953fd4241d0d847",
        "100000, -7, 10cf42fc510952eec4a3b062d09a59e74ac7f490655cd50ea5fd2a07129569bc"
    })
    void writeTo_syntheticRecords_givesTheSameBytesAsEver(int count, long seed, String expected)
            throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Piece piece = new Piece();
        records(count, seed).forEach(piece::add);
        assertThat(piece.columnNames()).contains("inference_id", "cost").doesNotContain("raw_request");
        piece.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(expected);
    }

    @Test
    void token_sameInferencesInTheSameOrder_isTheSame() {
        List<InferenceRecord> records = records(50, 1);
        Piece first = new Piece();
        records.forEach(first::add);
        Piece again = new Piece();
        again.add(records.get(7));
        again.clear();
        records.forEach(again::add);
        assertThat(again.token()).isEqualTo(first.token()).matches("budmetrics-[0-9a-f]{32}");
    }

    @Test
    void token_otherInferencesOrAnotherOrder_isAnother() {
        List<InferenceRecord> records = records(50, 1);
        Piece all = new Piece();
        records.forEach(all::add);
        Piece fewer = new Piece();
        records.subList(0, 49).forEach(fewer::add);
        Piece turned = new Piece();
        for (int i = records.size() - 1; i >= 0; i--) {
            turned.add(records.get(i));
        }
        assertThat(List.of(all.token(), fewer.token(), turned.token())).doesNotHaveDuplicates();
    }
}
