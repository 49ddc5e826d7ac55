package io.budmetrics.clickhouse.internal.decode;

import java.net.InetAddress;

/** IPv6: sixteen bytes in the order of the address. */
final class Ipv6Column extends WordsColumn {
    Ipv6Column() {
        super(2);
    }

    private byte[] bytes(int row) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 16; i++) {
            // words are read with their lowest byte first
            bytes[i] = (byte) (values[2 * row + i / 8] >>> (8 * (i % 8)));
        }
        return bytes;
    }

    @Override
    boolean isText() {
        return true;
    }

    @Override
    String textAt(int row) {
        return AddressText.ofIpv6(bytes(row));
    }

    @Override
    InetAddress addressAt(int row) {
        return AddressText.address(bytes(row));
    }

    @Override
    Object valueAt(int row) {
        return addressAt(row);
    }

    @Override
    String accessors() {
        return "addressAt or textAt";
    }
}
