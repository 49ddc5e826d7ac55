CREATE TABLE IF NOT EXISTS BudMetricsMigration
(
    version UInt32,
    name String,
    checksum String,
    attempt UInt32,
    finished Bool,
    recorded_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (version, checksum, attempt, finished)
