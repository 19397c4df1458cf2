package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trees as CBOR in the core deterministic encoding (RFC 8949, 4.2.1). */
final class Cbor {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int LIST = 4;
    static final int MAP = 5;
    static final int TAG = 6;

    /** A text's encoding begins with its length, so shorter names come first. */
    private static final Comparator<String> BY_ENCODING =
            Comparator.<String>comparingInt(name -> Bytes.utf8(name).length()).thenComparing(Bytes::utf8);

    private Cbor() {}

    static Bytes write(Tree tree) {
        Writer out = new Writer();
        write(out, tree);
        return out.toBytes();
    }

    private static void write(Writer out, Tree tree) {
        switch (tree) {
            case Tree.Number number -> head(out, UNSIGNED, number.value());
            case Tree.Blob blob -> bytes(out, blob.value());
            case Tree.Items items -> {
                head(out, LIST, items.values().size());
                items.values().forEach(each -> write(out, each));
            }
            case Tree.Fields fields -> {
                head(out, MAP, fields.values().size());
                fields.values().keySet().stream().sorted(BY_ENCODING).forEach(name -> {
                    text(out, name);
                    write(out, fields.get(name));
                });
            }
        }
    }

    static void bytes(Writer out, Bytes value) {
        head(out, BYTES, value.length());
        out.fixed(value);
    }

    static void text(Writer out, String value) {
        Bytes encoded = Bytes.utf8(value);
        head(out, TEXT, encoded.length());
        out.fixed(encoded);
    }

    /** The first bytes of a value: its kind and its number or length, in the shortest form. */
    static void head(Writer out, int kind, long value) {
        int major = kind << 5;
        if (value < 24) {
            out.u8(major | (int) value);
        } else if (value < 1 << 8) {
            out.u8(major | 24).u8((int) value);
        } else if (value < 1 << 16) {
            out.u8(major | 25).u16((int) value);
        } else if (value < 1L << 32) {
            out.u8(major | 26).u32(value);
        } else {
            out.u8(major | 27).u64(value);
        }
    }

    /** The one encoding of a tree and nothing behind it: what is read is written again and must be the same. */
    static Tree read(Bytes document) {
        Reader in = new Reader(document);
        Tree tree = read(in, 0);
        in.end();
        if (!write(tree).equals(document)) {
            throw new CodecException(Reason.NOT_CANONICAL, "not the deterministic encoding of CBOR");
        }
        return tree;
    }

    private static Tree read(Reader in, int depth) {
        if (depth > Tree.MAX_DEPTH) {
            throw new CodecException(Reason.TOO_LONG, "too deep");
        }
        int first = in.u8();
        long value = value(in, first & 31);
        return switch (first >> 5) {
            case UNSIGNED -> new Tree.Number(value);
            case BYTES -> new Tree.Blob(fixed(in, value));
            case LIST -> {
                List<Tree> items = new ArrayList<>();
                for (long i = 0; i < value; i++) {
                    items.add(read(in, depth + 1));
                }
                yield new Tree.Items(items);
            }
            case MAP -> {
                Map<String, Tree> fields = new LinkedHashMap<>();
                for (long i = 0; i < value; i++) {
                    String name = fixed(in, expect(in, TEXT)).asUtf8();
                    if (fields.put(name, read(in, depth + 1)) != null) {
                        throw new CodecException(Reason.NOT_CANONICAL, "a name stands twice");
                    }
                }
                yield new Tree.Fields(fields);
            }
            default -> throw new CodecException(Reason.UNKNOWN, "a value that has no place in bundles");
        };
    }

    /** Reads the head of a value of this kind. */
    static long expect(Reader in, int kind) {
        int first = in.u8();
        if (first >> 5 != kind) {
            throw new CodecException(Reason.UNKNOWN, "another kind of value than belongs here");
        }
        return value(in, first & 31);
    }

    static Bytes fixed(Reader in, long length) {
        if (length > in.remaining()) {
            throw new CodecException(Reason.TRUNCATED, "a string longer than what is left");
        }
        return in.fixed((int) length);
    }

    private static long value(Reader in, int info) {
        return switch (info) {
            case 24 -> in.u8();
            case 25 -> in.u16();
            case 26 -> in.u32();
            case 27 -> in.u64();
            default -> {
                if (info > 23) {
                    throw new CodecException(Reason.NOT_CANONICAL, "an indefinite length");
                }
                yield info;
            }
        };
    }
}
