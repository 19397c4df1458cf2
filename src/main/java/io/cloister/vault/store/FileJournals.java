package io.cloister.vault.store;

import io.cloister.vault.file.FileJournal;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The open journals that lie in files. The registry's root knows how far each of them was durable. */
final class FileJournals implements AutoCloseable {
    private final Database database;
    private final Registry registry;
    private final Map<String, FileJournal> open = new ConcurrentHashMap<>();

    FileJournals(Database database, Registry registry) {
        this.database = database;
        this.registry = registry;
    }

    /** Called by one thread at a time. */
    FileJournal open(String name, Path folder, TinkEnvelope envelope) {
        FileJournal known = open.get(name);
        if (known != null) {
            return known;
        }
        Optional<Long> floor =
                database.snapshot("looking for journal " + name, connection -> registry.journalFloor(connection, name));
        FileJournal journal = FileJournal.open(
                folder, name, envelope, floor.map(OptionalLong::of).orElse(OptionalLong.empty()));
        open.put(name, journal);
        if (floor.isEmpty()) {
            note(name);
        }
        return journal;
    }

    /** After the files are there: whoever crashes between the two finds an empty journal that nobody misses. */
    private void note(String name) {
        database.transact("noting journal " + name, connection -> {
            registry.journalMade(connection, name);
            return name;
        });
    }

    Map<String, Long> durable() {
        Map<String, Long> durable = new TreeMap<>();
        open.forEach((name, journal) -> durable.put(name, journal.durable()));
        return durable;
    }

    @Override
    public void close() {
        open.values().forEach(FileJournal::close);
        open.clear();
    }
}
