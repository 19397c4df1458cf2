package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.crypto.MerkleTree;
import io.cloister.ledger.history.SetEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** An entry of the validators' history and its way to the root of that log. */
public record LoggedSet(SetEntry entry, MerkleTree.Path path) {

    /** Whether it stands at its own index in the log of this size and root. */
    boolean isOf(long size, Bytes root) {
        return path.size() == size && path.index() == entry.index() && path.proves(entry.encode(), root);
    }

    Tree tree() {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("entry", new Tree.Blob(entry.encode()));
        fields.put("path", Parts.blob(path::encode));
        return new Tree.Fields(fields);
    }

    static LoggedSet of(Tree tree) {
        Tree.Fields fields = tree.fields();
        fields.only(Set.of("entry", "path"));
        return new LoggedSet(
                SetEntry.decode(fields.bytes("entry")), Parts.whole(fields.bytes("path"), MerkleTree.Path::decode));
    }
}
