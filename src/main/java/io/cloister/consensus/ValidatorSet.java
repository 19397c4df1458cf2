package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The validators of one height, in strictly rising order of slots. Node ids and vote keys are distinct, so that nobody
 * sits twice.
 */
public record ValidatorSet(List<Validator> validators) {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/validators/v1");

    public ValidatorSet {
        validators = List.copyOf(validators);
        Limits.require(
                !validators.isEmpty() && validators.size() <= Limits.VALIDATORS, validators.size() + " validators");
        Set<Bytes> keys = new HashSet<>();
        int last = 0;
        for (Validator validator : validators) {
            if (validator.slot() <= last) {
                throw new CodecException(Reason.NOT_CANONICAL, "slots not in rising order");
            }
            last = validator.slot();
            if (!keys.add(Bytes.concat(Bytes.of((byte) 0), validator.nodeId()))
                    || !keys.add(Bytes.concat(Bytes.of((byte) 1), validator.voteKey()))) {
                throw new CodecException(Reason.NOT_CANONICAL, "slot " + last + " has another slot's key");
            }
        }
    }

    public int size() {
        return validators.size();
    }

    public Validator at(int index) {
        return validators.get(index);
    }

    public long totalWeight() {
        long total = 0;
        for (Validator validator : validators) {
            total += validator.weight();
        }
        return total;
    }

    /** Whether a weight is strictly more than two thirds of all. */
    public boolean isQuorum(long weight) {
        return 3 * weight > 2 * totalWeight();
    }

    /** Whether a weight is strictly more than one third of all, so that an honest validator is part of it. */
    public boolean hasHonest(long weight) {
        return 3 * weight > totalWeight();
    }

    /** The position of a slot in this list, from 0. */
    public Optional<Integer> indexOf(int slot) {
        for (int i = 0; i < validators.size(); i++) {
            if (validators.get(i).slot() == slot) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    public Optional<Validator> bySlot(int slot) {
        return indexOf(slot).map(validators::get);
    }

    public Optional<Validator> byVoteKey(Bytes voteKey) {
        return validators.stream().filter(v -> v.voteKey().equals(voteKey)).findFirst();
    }

    public Optional<Validator> byNodeId(Bytes nodeId) {
        return validators.stream().filter(v -> v.nodeId().equals(nodeId)).findFirst();
    }

    /** SHA-256 over the domain and the encoding; stands in headers. */
    public Bytes hash() {
        return Hashes.sha256(DOMAIN, encode());
    }

    public Bytes encode() {
        Writer writer = new Writer();
        encode(writer);
        return writer.toBytes();
    }

    public void encode(Writer writer) {
        writer.list(validators, (w, validator) -> validator.encode(w));
    }

    public static ValidatorSet decode(Reader reader) {
        return new ValidatorSet(reader.list(Limits.VALIDATORS, Validator::decode));
    }
}
