package io.cloister.consensus;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import io.cloister.crypto.Hashes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The validators of one height, in strictly rising order of slots. Node ids and vote keys are distinct, so that nobody
 * sits twice.
 */
public final class ValidatorSet {
    private static final Bytes DOMAIN = Bytes.utf8("cloister/validators/v1");

    private final List<Validator> validators;
    private final Map<Integer, Integer> indexes = new HashMap<>();
    private final long totalWeight;
    private final Bytes hash;

    public ValidatorSet(List<Validator> validators) {
        this.validators = List.copyOf(validators);
        Limits.require(
                !validators.isEmpty() && validators.size() <= Limits.VALIDATORS, validators.size() + " validators");
        Set<Bytes> keys = new HashSet<>();
        int last = 0;
        long total = 0;
        for (Validator validator : validators) {
            if (validator.slot() <= last) {
                throw new CodecException(Reason.NOT_CANONICAL, "slots not in rising order");
            }
            last = validator.slot();
            if (!keys.add(Bytes.concat(Bytes.of((byte) 0), validator.nodeId()))
                    || !keys.add(Bytes.concat(Bytes.of((byte) 1), validator.voteKey()))) {
                throw new CodecException(Reason.NOT_CANONICAL, "slot " + last + " has another slot's key");
            }
            indexes.put(last, indexes.size());
            total += validator.weight();
        }
        this.totalWeight = total;
        this.hash = Hashes.sha256(DOMAIN, encode());
    }

    public List<Validator> validators() {
        return validators;
    }

    public int size() {
        return validators.size();
    }

    public Validator at(int index) {
        return validators.get(index);
    }

    public long totalWeight() {
        return totalWeight;
    }

    /** Whether a weight is strictly more than two thirds of all. */
    public boolean isQuorum(long weight) {
        return 3 * weight > 2 * totalWeight;
    }

    /** Whether a weight is strictly more than one third of all, so that an honest validator is part of it. */
    public boolean hasHonest(long weight) {
        return 3 * weight > totalWeight;
    }

    /** The position of a slot in this list, from 0. */
    public Optional<Integer> indexOf(int slot) {
        return Optional.ofNullable(indexes.get(slot));
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
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValidatorSet set && set.hash.equals(hash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return "validators " + hash + " of " + validators.size();
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
