package io.budmetrics.clickhouse.internal.decode;

import java.io.IOException;
import java.net.InetAddress;

/** IPv4: a number of 32 bits whose highest byte is the first of the address. */
final class Ipv4Column extends NativeColumn {
    private final IntegerColumn cells = new IntegerColumn(4, false);

    @Override
    void fill(NativeInput in, int base, int rows) throws IOException {
        cells.fill(in, base, rows);
    }

    @Override
    void clear(int row) {
        cells.clear(row);
    }

    @Override
    boolean same(int row, int other) {
        return cells.same(row, other);
    }

    private byte[] bytes(int row) {
        int address = (int) cells.values[row];
        return new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address};
    }

    @Override
    boolean isText() {
        return true;
    }

    @Override
    String textAt(int row) {
        return AddressText.ofIpv4(bytes(row), 0);
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
