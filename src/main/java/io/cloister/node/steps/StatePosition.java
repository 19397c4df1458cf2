package io.cloister.node.steps;

import io.cloister.codec.Bytes;
import io.cloister.consensus.CertifiedHeader;
import io.cloister.consensus.store.StoredTip;
import io.cloister.node.heads.Position;
import io.cloister.vault.Head;
import io.cloister.vault.Level;
import io.cloister.vault.file.FileJournal;
import io.cloister.vault.store.Vault;
import java.util.Optional;

/** Reads how far a node's state has come; what it reads is durable. */
record StatePosition(Vault vault, FileJournal journal) {
    private static final Bytes NO_BLOCK = Bytes.zeros(32);

    Position now() {
        long durable = journal.durable();
        Optional<CertifiedHeader> last = StoredTip.read(vault).map(StoredTip::last);
        return of(vault.head(Level.STATE), last, durable);
    }

    /**
     * How far it had come when it was opened.
     *
     * @param head as it was before this boot changed anything
     */
    Position found(Head head) {
        return of(head, StoredTip.read(vault).map(StoredTip::last), journal.last());
    }

    private static Position of(Head head, Optional<CertifiedHeader> last, long record) {
        return new Position(
                head.changes(),
                head.root(),
                last.map(it -> it.header().height()).orElse(0L),
                last.map(it -> it.header().id()).orElse(NO_BLOCK),
                last.map(it -> it.certificate().epoch()).orElse(0L),
                record);
    }
}
