package io.cloister.ledger.receipt.bundle;

import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.Opening;
import io.cloister.consensus.ValidatorSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A change of the validators: a block that the set before has certified and that names the next set; or the first block of
 * an epoch, whose opening makes a new set of the one before.
 *
 * @param next the set that the header names next
 */
public record Link(CertifiedHeader header, Optional<Opening> opening, ValidatorSet next) {

    Tree tree() {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("header", Parts.blob(header::encode));
        opening.ifPresent(it -> fields.put("opening", Parts.blob(it::encode)));
        fields.put("next", Parts.blob(next::encode));
        return new Tree.Fields(fields);
    }

    static Link of(Tree tree) {
        Tree.Fields fields = tree.fields();
        fields.only(Set.of("header", "opening", "next"));
        return new Link(
                Parts.whole(fields.bytes("header"), CertifiedHeader::decode),
                fields.optional("opening").map(it -> Parts.whole(it.bytes(), Opening::decode)),
                Parts.whole(fields.bytes("next"), ValidatorSet::decode));
    }
}
