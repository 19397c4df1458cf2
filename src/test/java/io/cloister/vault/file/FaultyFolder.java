package io.cloister.vault.file;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A folder on a simulated disk. A power cut leaves of each file any of the sectors written since its last sync, and of
 * the names the oldest changes since the folder's last sync. Writes can fail after any number of bytes.
 */
final class FaultyFolder implements JournalFolder {
    private static final class Content {
        byte[] now;
        byte[] durable;
        final BitSet dirty = new BitSet();

        Content(byte[] now, byte[] durable) {
            this.now = now;
            this.durable = durable;
        }
    }

    private final Map<String, Content> files = new TreeMap<>();
    private final Map<String, Content> durableNames = new TreeMap<>();
    private final List<Consumer<Map<String, Content>>> pending = new ArrayList<>();
    private long room = Long.MAX_VALUE;
    private long acts = Long.MAX_VALUE;

    /** So many bytes can be written from now on. */
    void room(long bytes) {
        room = bytes;
    }

    /** The power goes after so many writes, syncs and changes of names. */
    void powerFor(long count) {
        acts = count;
    }

    /** What a machine finds that starts after the power has gone. */
    FaultyFolder afterPowerCut(RandomGenerator random) {
        FaultyFolder found = new FaultyFolder();
        Map<String, Content> names = new TreeMap<>(durableNames);
        int kept = random.nextInt(pending.size() + 1);
        pending.subList(0, kept).forEach(change -> change.accept(names));
        names.forEach((name, content) -> found.put(name, survived(content, random)));
        return found;
    }

    private static byte[] survived(Content content, RandomGenerator random) {
        byte[] found = content.durable.clone();
        int chance = random.nextInt(5);
        if (found.length != content.now.length) {
            int length = random.nextInt(Math.max(found.length, content.now.length) + 1);
            found = Arrays.copyOf(found, length);
        }
        for (int sector = content.dirty.nextSetBit(0); sector >= 0; sector = content.dirty.nextSetBit(sector + 1)) {
            int from = sector * Frame.SECTOR;
            int to = Math.min(Math.min(from + Frame.SECTOR, content.now.length), found.length);
            if (from < to && random.nextInt(4) < chance) {
                System.arraycopy(content.now, from, found, from, to - from);
            }
        }
        return found;
    }

    /** The same files, everything in them durable. */
    FaultyFolder copy() {
        FaultyFolder copy = new FaultyFolder();
        files.forEach((name, content) -> copy.put(name, content.now.clone()));
        return copy;
    }

    void put(String name, byte[] bytes) {
        Content content = new Content(bytes.clone(), bytes.clone());
        files.put(name, content);
        durableNames.put(name, content);
    }

    void remove(String name) {
        files.remove(name);
        durableNames.remove(name);
    }

    byte[] bytes(String name) {
        return files.get(name).now.clone();
    }

    @Override
    public List<String> names() {
        return List.copyOf(files.keySet());
    }

    @Override
    public JournalFile open(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new Handle(content);
    }

    @Override
    public JournalFile create(String name, int size) throws IOException {
        act();
        Content content = new Content(new byte[0], new byte[0]);
        change(names -> names.put(name, content));
        if (size > room) {
            throw new IOException("No space left on device");
        }
        room -= size;
        content.now = new byte[size];
        content.dirty.set(0, (size + Frame.SECTOR - 1) / Frame.SECTOR);
        return new Handle(content);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        act();
        change(names -> names.put(to, names.remove(from)));
    }

    @Override
    public void delete(String name) throws IOException {
        act();
        change(names -> names.remove(name));
    }

    private void change(Consumer<Map<String, Content>> change) {
        change.accept(files);
        pending.add(change);
    }

    @Override
    public void force() throws IOException {
        act();
        pending.forEach(change -> change.accept(durableNames));
        pending.clear();
    }

    @Override
    public void close() {
        // nothing is locked
    }

    private void act() throws IOException {
        if (acts == 0) {
            throw new IOException("the power is gone");
        }
        acts--;
    }

    private final class Handle implements JournalFile {
        private final Content content;

        Handle(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            return content.now.length;
        }

        @Override
        public byte[] read() {
            return content.now.clone();
        }

        @Override
        public void write(long at, byte[] bytes) throws IOException {
            boolean powerless = acts == 0;
            int written = (int) Math.min(room, bytes.length);
            System.arraycopy(bytes, 0, content.now, (int) at, written);
            content.dirty.set((int) at / Frame.SECTOR, (int) (at + written + Frame.SECTOR - 1) / Frame.SECTOR);
            room -= written;
            if (powerless) {
                throw new IOException("the power is gone");
            }
            if (written < bytes.length) {
                throw new IOException("No space left on device");
            }
            act();
        }

        @Override
        public void force() throws IOException {
            act();
            content.durable = content.now.clone();
            content.dirty.clear();
        }

        @Override
        public void close() {
            // nothing to give back
        }
    }
}
