package io.budmetrics.metric;

/** What headline values of a metric may be summed over. */
public enum Additivity {
    /** Buckets and groups: the sum is the value of all of them together. */
    BUCKETS_AND_GROUPS("buckets and groups"),
    /** Only the groups of one bucket, as rates per second. */
    GROUPS("the groups of one bucket"),
    /** Nothing: ask for coarser buckets or fewer dimensions instead. */
    NONE("nothing");

    private final String words;

    Additivity(String words) {
        this.words = words;
    }

    /**
     * Returns a description in words.
     *
     * @return human-readable, such as <code>buckets and groups</code>
     */
    public String words() {
        return words;
    }
}
