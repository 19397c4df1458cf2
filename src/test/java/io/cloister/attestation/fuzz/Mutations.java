package io.cloister.attestation.fuzz;

import io.cloister.codec.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes to valid inputs, chosen by a seeded generator. */
final class Mutations {
    private static final int[] TELLING = {0x00, 0x01, 0x7F, 0x80, 0xFF, 0x30, 0x04, 0x22};
    private static final long[] LENGTHS = {
        0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x1_0000, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL
    };
    private static final int MAX_GROWTH = 64 << 10;

    private Mutations() {}

    /** One input for a target; the same random numbers give the same input. */
    static Bytes next(FuzzTarget target, Random random) {
        if (random.nextInt(50) == 0) {
            byte[] noise = new byte[random.nextInt(2048)];
            random.nextBytes(noise);
            return Bytes.wrap(noise);
        }
        Bytes seed = pick(target.seeds(), random);
        Bytes other = pick(target.seeds(), random);
        boolean structured = random.nextInt(3) > 0;
        Bytes changed = switch (target.format()) {
            case DER -> structured ? DerMutation.of(seed, other, random) : seed;
            case JSON -> structured ? JsonMutation.of(seed, other, random) : seed;
            case BINARY -> seed;
        };
        boolean done = structured && target.format() != FuzzTarget.Format.BINARY && random.nextInt(4) > 0;
        for (int i = done ? 0 : 1 + random.nextInt(3); i > 0; i--) {
            changed = bytes(changed, other, random);
        }
        return changed;
    }

    static <T> T pick(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static Bytes bytes(Bytes original, Bytes other, Random random) {
        if (original.isEmpty()) {
            return other;
        }
        byte[] bytes = original.toArray();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(10)) {
            case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = (byte) TELLING[random.nextInt(TELLING.length)];
            case 3, 4 -> length(bytes, random);
            case 5 -> {
                return original.slice(0, at);
            }
            case 6 -> {
                return splice(original, other, random);
            }
            case 7 -> {
                return insert(original, at, random);
            }
            case 8 -> {
                int cut = Math.min(1 + random.nextInt(64), bytes.length - at);
                return Bytes.concat(original.slice(0, at), original.slice(at + cut, bytes.length - at - cut));
            }
            default -> {
                return repeat(original, at, random);
            }
        }
        return Bytes.wrap(bytes);
    }

    /** Overwrites what may be a length: of one, two or four bytes in either order, by a nearby or a telling value. */
    private static void length(byte[] bytes, Random random) {
        int width = 1 << random.nextInt(3);
        if (bytes.length < width) {
            return;
        }
        boolean little = random.nextBoolean();
        int at = random.nextInt(bytes.length - width + 1);
        for (int tries = 0; tries < 40 && !plausible(get(bytes, at, width, little), bytes.length); tries++) {
            at = random.nextInt(bytes.length - width + 1);
        }
        long found = get(bytes, at, width, little);
        long value = switch (random.nextInt(4)) {
            case 0 -> found + 1 + random.nextInt(4);
            case 1 -> found - 1 - random.nextInt(4);
            case 2 -> bytes.length - at - random.nextInt(8);
            default -> LENGTHS[random.nextInt(LENGTHS.length)];
        };
        for (int i = 0; i < width; i++) {
            bytes[little ? at + i : at + width - 1 - i] = (byte) (value >>> 8 * i);
        }
    }

    private static boolean plausible(long value, int size) {
        return value > 0 && value <= size;
    }

    private static long get(byte[] bytes, int at, int width, boolean little) {
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | bytes[little ? at + width - 1 - i : at + i] & 0xFF;
        }
        return value;
    }

    private static Bytes splice(Bytes one, Bytes other, Random random) {
        int head = random.nextInt(one.length() + 1);
        int from = random.nextBoolean() ? Math.min(head, other.length()) : random.nextInt(other.length() + 1);
        return Bytes.concat(one.slice(0, head), other.slice(from, other.length() - from));
    }

    private static Bytes insert(Bytes original, int at, Random random) {
        byte[] more = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? MAX_GROWTH : 32)];
        if (random.nextBoolean()) {
            random.nextBytes(more);
        } else {
            Arrays.fill(more, (byte) TELLING[random.nextInt(TELLING.length)]);
        }
        return Bytes.concat(original.slice(0, at), Bytes.wrap(more), original.slice(at, original.length() - at));
    }

    private static Bytes repeat(Bytes original, int at, Random random) {
        Bytes block = original.slice(at, Math.min(1 + random.nextInt(128), original.length() - at));
        int times = 1 + random.nextInt(random.nextInt(20) == 0 ? MAX_GROWTH / block.length() : 8);
        Bytes[] copies = new Bytes[times];
        Arrays.fill(copies, block);
        return Bytes.concat(original.slice(0, at), Bytes.concat(copies), original.slice(at, original.length() - at));
    }
}
