package io.cloister.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void findsTypesMethodsNestedTypesAndFolders() {
        String text = "`Names`, `documents.Names`, `Names.requireAll`, then `requireType`, `Document.Rule`, `vault.store`";
        assertThat(Names.requireAll(text, "here", Optional.empty())).isEqualTo(6);
        assertThat(Names.requireAll("`requireAll` and no `other.c`", "here", Optional.of("Names")))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"`NoSuch" + "Type`", "`vault.Names`", "`Names.noSuch" + "Method`", "`Names`, `noSuch" + "Method`", "`vault.nowhere`"})
    void refusesWhatIsNotThere(String text) {
        assertThatThrownBy(() -> Names.requireAll(text, "here", Optional.empty())).isInstanceOf(AssertionError.class);
    }
}
