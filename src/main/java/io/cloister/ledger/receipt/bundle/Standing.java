package io.cloister.ledger.receipt.bundle;

import io.cloister.codec.Bytes;
import io.cloister.codec.CodecException;
import io.cloister.codec.CodecException.Reason;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.ledger.state.StateProof;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a newer certified state says: which set was in force at the receipt's block, and with which evidence members got
 * their seats.
 *
 * @param header whose state root the rest is proved under
 * @param history the value of the validators' history in that state
 * @param at the entry that was in force at the receipt's block
 * @param after the entry behind it; empty when it is the last
 * @param members their entries in that state
 */
public record Standing(
        CertifiedHeader header, StateProof history, LoggedSet at, Optional<LoggedSet> after, List<StateProof> members) {
    static final int MAX_MEMBERS = 256;

    /** The key of the validators' history: the frame is module 0. */
    static final Bytes HISTORY = Bytes.concat(Bytes.of((byte) 0), Bytes.utf8("history"));

    /** What the keys of members begin with: membership is module 1. */
    static final Bytes MEMBER = Bytes.concat(Bytes.of((byte) 1), Bytes.utf8("member/"));

    public Standing {
        members = List.copyOf(members);
        if (members.size() > MAX_MEMBERS) {
            throw new CodecException(Reason.TOO_LONG, members.size() + " members");
        }
    }

    Tree tree() {
        Map<String, Tree> fields = new LinkedHashMap<>();
        fields.put("header", Parts.blob(header::encode));
        fields.put("history", new Tree.Blob(history.encode()));
        fields.put("at", at.tree());
        after.ifPresent(it -> fields.put("after", it.tree()));
        fields.put(
                "members",
                new Tree.Items(members.stream()
                        .<Tree>map(it -> new Tree.Blob(it.encode()))
                        .toList()));
        return new Tree.Fields(fields);
    }

    static Standing of(Tree tree) {
        Tree.Fields fields = tree.fields();
        fields.only(Set.of("header", "history", "at", "after", "members"));
        return new Standing(
                Parts.whole(fields.bytes("header"), CertifiedHeader::decode),
                Parts.whole(fields.bytes("history"), StateProof::decode),
                LoggedSet.of(fields.get("at")),
                fields.optional("after").map(LoggedSet::of),
                fields.items("members").stream()
                        .map(it -> Parts.whole(it.bytes(), StateProof::decode))
                        .toList());
    }
}
