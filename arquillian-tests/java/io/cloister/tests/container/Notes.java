package io.cloister.tests.container;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** Reads and writes {@link Note} in transactions of the server. */
@ApplicationScoped
@Transactional
public class Notes {
    @PersistenceContext(unitName = "cloister")
    private EntityManager entities;

    /** Writes a row, and throws afterwards when told to. */
    public void add(long id, String text, boolean fail) {
        entities.persist(new Note(id, text));
        entities.flush();
        if (fail) {
            throw new IllegalStateException("told to fail");
        }
    }

    /** The text of a row, when it is there. */
    public Optional<String> text(long id) {
        return Optional.ofNullable(entities.find(Note.class, id)).map(Note::text);
    }
}
