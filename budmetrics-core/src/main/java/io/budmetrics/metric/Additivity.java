package io.budmetrics.metric;

/** Whether headline values may be added up. */
public enum Additivity {
    /** Over buckets and over groups: the sum is the value of all of them together. */
    BUCKETS_AND_GROUPS("buckets and groups"),
    /** Over the groups of one bucket only. */
    GROUPS("the groups of one bucket"),
    /** Never: ask for the coarser buckets or the fewer dimensions instead. */
    NONE("nothing");

    private final String words;

    Additivity(String words) {
        this.words = words;
    }

    /**
     * Over what values may be summed.
     *
     * @return for people
     */
    public String words() {
        return words;
    }
}
