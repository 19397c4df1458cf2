package io.cloister.node.heads;

import io.cloister.codec.Bytes;
import io.cloister.crypto.SigningKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Slot keys of a committee, and heads of its members. */
final class TestHeads {
    static final String CHAIN = "heads-test";

    final List<SigningKey> keys = new ArrayList<>();

    TestHeads(int members) {
        for (int i = 0; i < members; i++) {
            keys.add(SigningKey.generate());
        }
    }

    Bytes id(int member) {
        return keys.get(member).id();
    }

    Set<Bytes> ids() {
        Set<Bytes> ids = new HashSet<>();
        keys.forEach(key -> ids.add(key.id()));
        return ids;
    }

    Set<Bytes> othersOf(int member) {
        Set<Bytes> ids = ids();
        ids.remove(id(member));
        return ids;
    }

    /** After so many changes; height and journal follow from them. */
    static Position at(long changes) {
        return new Position(changes, filled(36, changes), changes / 10, filled(32, changes / 10), 0, changes * 3);
    }

    static Bytes filled(int length, long value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return Bytes.wrap(bytes);
    }

    SignedHead head(int member, long boot, Position position) {
        return SignedHead.sign(keys.get(member), CHAIN, boot, position);
    }

    SignedHead head(int member, long boot, long changes) {
        return head(member, boot, at(changes));
    }
}
