package io.budmetrics.internal.record;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Addresses as text. <code>InetAddress.getByName</code> looks up in the DNS whatever it does not take for a literal, so
 * literals are parsed here and only their bytes are handed on: no text can cause a lookup.
 */
final class Addresses {
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int LONGEST = 45;

    private Addresses() {}

    /** Without a scope, which names an interface of one machine. */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    /** The address; null when the text is not a literal of IPv4 or IPv6. */
    static @Nullable InetAddress parse(String text) {
        byte[] bytes = text.length() > LONGEST ? null : text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
        if (bytes == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }

    /** Four decimal numbers without leading zeros, which some take for octal. */
    private static byte @Nullable [] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != IPV4_BYTES) {
            return null;
        }
        byte[] bytes = new byte[IPV4_BYTES];
        for (int i = 0; i < IPV4_BYTES; i++) {
            int number = number(parts[i], 10, 3);
            if (number < 0 || number > 0xFF || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
                return null;
            }
            bytes[i] = (byte) number;
        }
        return bytes;
    }

    /** Eight groups of 16 bits; one "::" leaves out groups of zeros, and the last two groups may be written as IPv4. */
    private static byte @Nullable [] ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] bytes = groups(text);
            return bytes != null && bytes.length == IPV6_BYTES ? bytes : null;
        }
        byte[] before = groups(text.substring(0, gap));
        byte[] after = groups(text.substring(gap + 2));
        if (before == null || after == null || before.length + after.length > IPV6_BYTES - 2) {
            return null;
        }
        if (text.substring(0, gap).indexOf('.') >= 0) {
            return null;
        }
        byte[] bytes = new byte[IPV6_BYTES];
        System.arraycopy(before, 0, bytes, 0, before.length);
        System.arraycopy(after, 0, bytes, IPV6_BYTES - after.length, after.length);
        return bytes;
    }

    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] last = parts[parts.length - 1].indexOf('.') >= 0 ? ipv4(parts[parts.length - 1]) : new byte[0];
        if (last == null) {
            return null;
        }
        int count = last.length == 0 ? parts.length : parts.length - 1;
        byte[] bytes = new byte[2 * count + last.length];
        for (int i = 0; i < count; i++) {
            int number = number(parts[i], 16, 4);
            if (number < 0) {
                return null;
            }
            bytes[2 * i] = (byte) (number >> 8);
            bytes[2 * i + 1] = (byte) number;
        }
        System.arraycopy(last, 0, bytes, 2 * count, last.length);
        return bytes;
    }

    /** One to so many ASCII digits; -1 for anything else. */
    private static int number(String text, int radix, int most) {
        if (text.isEmpty() || text.length() > most) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }
}
