package io.budmetrics.clickhouse.internal.decode;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses as the server's toString writes them, which is the form of RFC 5952: lower case, the longest run of two or more
 * zero groups as two colons, the last four bytes with dots where the address embeds one of IPv4.
 */
final class AddressText {
    private static final int GROUPS = 8;
    private static final int ALL_ONES = 0xffff;

    private AddressText() {}

    static String ofIpv4(byte[] bytes, int from) {
        return (bytes[from] & 0xff)
                + "."
                + (bytes[from + 1] & 0xff)
                + "."
                + (bytes[from + 2] & 0xff)
                + "."
                + (bytes[from + 3] & 0xff);
    }

    static String ofIpv6(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int start = 0;
        int length = 0;
        for (int at = 0; at < GROUPS; ) {
            int end = at;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - at > length) {
                start = at;
                length = end - at;
            }
            at = end + 1;
        }
        if (length < 2) {
            start = GROUPS;
            length = 0;
        }
        boolean embeds = start == 0 && (length == 6 || (length == 5 && groups[5] == ALL_ONES));
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else if (embeds && i == 6) {
                return separated(text).append(ofIpv4(bytes, 12)).toString();
            } else {
                separated(text).append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static StringBuilder separated(StringBuilder text) {
        boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
        return first ? text : text.append(':');
    }

    /** An address of 4 or 16 bytes; one of IPv4 that is mapped into IPv6 becomes one of IPv4. */
    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + bytes.length + " bytes", e);
        }
    }
}
