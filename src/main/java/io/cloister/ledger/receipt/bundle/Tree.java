package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What JSON and CBOR have in common, as far as bundles need it. */
sealed interface Tree {
    /** Lists and objects inside one another. */
    int MAX_DEPTH = 8;

    /** A number from 0 on. */
    record Number(long value) implements Tree {}

    /** A byte string, in JSON its hex digits after 0x. */
    record Blob(Bytes value) implements Tree {}

    record Items(List<Tree> values) implements Tree {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** @param values in the order in which they are written as JSON */
    record Fields(Map<String, Tree> values) implements Tree {
        public Fields {
            values = new LinkedHashMap<>(values);
        }

        void only(Set<String> names) {
            if (!names.containsAll(values.keySet())) {
                throw new CodecException(Reason.UNKNOWN, "a field that has no place here");
            }
        }

        Optional<Tree> optional(String name) {
            return Optional.ofNullable(values.get(name));
        }

        Tree get(String name) {
            return optional(name).orElseThrow(() -> new CodecException(Reason.TRUNCATED, "no " + name));
        }

        Bytes bytes(String name) {
            return get(name).bytes();
        }

        List<Tree> items(String name) {
            return optional(name).map(Tree::items).orElse(List.of());
        }
    }

    default Bytes bytes() {
        if (this instanceof Blob blob) {
            return blob.value();
        }
        throw new CodecException(Reason.BAD_TEXT, "no byte string where one belongs");
    }

    default long number() {
        if (this instanceof Number number) {
            return number.value();
        }
        throw new CodecException(Reason.BAD_TEXT, "no number where one belongs");
    }

    default List<Tree> items() {
        if (this instanceof Items items) {
            return items.values();
        }
        throw new CodecException(Reason.BAD_TEXT, "no list where one belongs");
    }

    default Fields fields() {
        if (this instanceof Fields fields) {
            return fields;
        }
        throw new CodecException(Reason.BAD_TEXT, "no object where one belongs");
    }
}
