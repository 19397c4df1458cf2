package io.cloister.consensus;

import io.cloister.codec.Reader;
import io.cloister.codec.Writer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The highest polka that a validator holds above its last decided block, as its {@link Statement} shows it.
 *
 * @param epoch in which the prevotes were given
 * @param header of the block that they are for
 * @param keys the keys of that epoch while no block of the chain carries its opening, else empty; together with those of
 *     the block's own opening, for a block that begins an earlier epoch
 */
public record HeldPolka(long epoch, Header header, Polka polka, List<KeyClaim> keys) {
    public HeldPolka {
        keys = List.copyOf(keys);
        Limits.require(epoch >= header.epoch(), "a polka of epoch " + epoch);
        Limits.require(polka.blockId().equals(header.id()), "a polka of another block");
        Limits.require(keys.size() <= Limits.VALIDATORS, keys.size() + " key claims");
    }

    /** Whether more than two thirds prevoted it; {@code named} is the set that the block before names next. */
    public boolean proves(ValidatorSet named, SignatureCheck check) {
        Optional<ValidatorSet> voters = keys.isEmpty()
                ? Optional.of(named).filter(it -> it.hash().equals(header.validatorsHash()) && epoch == header.epoch())
                : KeyClaim.apply(named, header.chainId(), recoveries(), keys, check);
        return voters.filter(set -> polka.isGenuine(header.chainId(), epoch, header.height(), set, check))
                .isPresent();
    }

    private Set<Long> recoveries() {
        return header.opens() && header.epoch() < epoch ? Set.of(header.epoch(), epoch) : Set.of(epoch);
    }

    /** By epoch, then by round. */
    public boolean isLaterThan(HeldPolka other) {
        return epoch != other.epoch ? epoch > other.epoch : polka.round() > other.polka.round();
    }

    public void encode(Writer writer) {
        writer.u64(epoch);
        header.encode(writer);
        polka.encode(writer);
        writer.list(keys, (w, it) -> it.encode(w));
    }

    public static HeldPolka decode(Reader reader) {
        return new HeldPolka(
                reader.u64(),
                Header.decode(reader),
                Polka.decode(reader),
                reader.list(Limits.VALIDATORS, KeyClaim::decode));
    }
}
