package io.budmetrics.clickhouse.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StorageClausesTest {
    @Test
    void everyClauseIsFound() {
        StorageClauses clauses = StorageClauses.parse("ReplacingMergeTree(ingested_at) PARTITION BY toYYYYMM(at)"
                + " PRIMARY KEY (a, b) ORDER BY (a, b, c) SAMPLE BY c TTL at + toIntervalDay(90), at + toIntervalDay(30)"
                + " SETTINGS allow_nullable_key = 1, storage_policy = 'a, b = (c', index_granularity = 8192");
        assertThat(clauses.engine()).isEqualTo("ReplacingMergeTree(ingested_at)");
        assertThat(clauses.ttl()).isEqualTo("at + toIntervalDay(90), at + toIntervalDay(30)");
        assertThat(clauses.settings())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "allow_nullable_key", "1", "storage_policy", "'a, b = (c'", "index_granularity", "8192"));
    }

    @Test
    void parse_missingClausesAreEmpty() {
        assertThat(StorageClauses.parse("Memory")).isEqualTo(new StorageClauses("Memory", "", Map.of()));
        assertThat(StorageClauses.parse("")).isEqualTo(new StorageClauses("", "", Map.of()));
        assertThat(StorageClauses.parse("MergeTree ORDER BY tuple()"))
                .isEqualTo(new StorageClauses("MergeTree", "", Map.of()));
    }

    @Test
    void keywordsInQuotesAndParenthesesAreNone() {
        StorageClauses clauses = StorageClauses.parse(
                "MergeTree ORDER BY (`a TTL b`, if(c = ') TTL d \\' SETTINGS e = 1', 1, 2)) TTL f SETTINGS g = '\\' , h = 2'");
        assertThat(clauses.ttl()).isEqualTo("f");
        assertThat(clauses.settings()).isEqualTo(Map.of("g", "'\\' , h = 2'"));
    }

    /** How a cloud and a replicated database write the same engine. */
    @Test
    void aReplicatedEngineReadsLikeThePlainOne() {
        assertThat(StorageClauses.parse(
                                "SharedReplacingMergeTree('/clickhouse/{uuid}/{shard}', '{replica}', ingested_at)"
                                        + " ORDER BY a")
                        .engine())
                .isEqualTo("ReplacingMergeTree(ingested_at)");
        assertThat(StorageClauses.parse("ReplicatedMergeTree('/clickhouse/{uuid}', '{replica}') ORDER BY a")
                        .engine())
                .isEqualTo("MergeTree");
        assertThat(StorageClauses.parse("ReplicatedReplacingMergeTree ORDER BY a")
                        .engine())
                .isEqualTo("ReplacingMergeTree");
    }
}
