package io.cloister.tests.container;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of a table that only the test's own migration makes. */
@Entity
@Table(name = "test_note")
public class Note {
    @Id
    private long id;

    @Column(nullable = false)
    private String text = "";

    /** For the persistence provider. */
    protected Note() {}

    Note(long id, String text) {
        this.id = id;
        this.text = text;
    }

    String text() {
        return text;
    }
}
