package io.cloister.vault.hibernate;

import io.cloister.codec.Bytes;
import io.cloister.vault.ColumnSpec;
import io.cloister.vault.ColumnType;
import io.cloister.vault.TableSpec;
import io.cloister.vault.VaultException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.hibernate.persister.entity.AbstractEntityPersister;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Where the declared columns of a table lie in the state array of its entity. Checks that mapping and declaration
 * agree.
 */
final class EntityLayout {
    /** Stands for the id, which is not in the state array. */
    private static final int ID = -1;

    private final TableSpec table;
    private final int[] places;
    private final int version;
    private final int keyEpoch;
    private final int tag;

    private EntityLayout(TableSpec table, int[] places, int version, int keyEpoch, int tag) {
        this.table = table;
        this.places = places;
        this.version = version;
        this.keyEpoch = keyEpoch;
        this.tag = tag;
    }

    /** The name of the only table of an entity. */
    static String tableName(EntityPersister persister) {
        if (!(persister instanceof AbstractEntityPersister single)
                || single.getTableNames().length != 1
                || !ProtectedEntity.class.isAssignableFrom(persister.getMappedClass())) {
            throw new VaultException(
                    persister.getEntityName() + " must be a ProtectedEntity mapped to exactly one table");
        }
        return single.getRootTableName();
    }

    /** @throws VaultException when entity and declaration differ */
    static EntityLayout of(EntityPersister persister, TableSpec table) {
        String entity = persister.getEntityName();
        if (persister.canReadFromCache() || persister.canWriteToCache()) {
            throw new VaultException(entity + " must not be in a second-level cache, which would hold it opened");
        }
        String[] ids = persister.getIdentifierColumnNames();
        List<String> keys = table.keyColumns().stream().map(ColumnSpec::name).toList();
        if (!keys.equals(Arrays.asList(ids))) {
            throw new VaultException(entity + " has the id " + Arrays.toString(ids) + ", declared is " + keys);
        }
        List<String> columns = columns((AbstractEntityPersister) persister);
        int[] places = new int[table.columns().size()];
        for (int i = 0; i < places.length; i++) {
            ColumnSpec column = table.columns().get(i);
            if (column.protection() == ColumnSpec.Protection.KEY) {
                places[i] = ID;
                continue;
            }
            places[i] = place(entity, columns, column.name());
            requireAnnotated(persister, places[i], column);
        }
        int expected = places.length - keys.size() + TableSpec.COMMON.size();
        if (columns.size() != expected) {
            throw new VaultException(entity + " maps " + columns.size() + " columns, declared are " + expected);
        }
        return new EntityLayout(
                table,
                places,
                place(entity, columns, "version"),
                place(entity, columns, "key_epoch"),
                place(entity, columns, "tag"));
    }

    TableSpec table() {
        return table;
    }

    long version(Object[] state) {
        return (long) state[version];
    }

    Bytes tag(Object[] state) {
        return Bytes.of((byte[]) state[tag]);
    }

    Bytes key(Object id) {
        return table.key(List.of(value(table.keyColumns().getFirst(), id)));
    }

    /** The declared columns, for the codec; sealed ones stay {@code byte[]}. */
    List<Object> declared(Object id, Object[] state) {
        List<Object> values = new ArrayList<>(places.length);
        for (int i = 0; i < places.length; i++) {
            ColumnSpec column = table.columns().get(i);
            Object value = places[i] == ID ? id : state[places[i]];
            values.add(column.sealed() ? value : value(column, value));
        }
        return values;
    }

    /** The declared columns and the common ones, as they were fetched. */
    List<Object> stored(Object id, Object[] state) {
        List<Object> values = new ArrayList<>(places.length + TableSpec.COMMON.size());
        for (int i = 0; i < places.length; i++) {
            values.add(value(table.columns().get(i), places[i] == ID ? id : state[places[i]]));
        }
        values.add(state[version]);
        values.add(state[keyEpoch]);
        values.add(tag(state));
        return values;
    }

    /** Puts the sealed columns (only these) of a row into the state array; Bytes become arrays, arrays stay. */
    void putSealed(Object[] state, List<Object> values) {
        for (int i = 0; i < places.length; i++) {
            if (table.columns().get(i).sealed()) {
                Object value = values.get(i);
                state[places[i]] = value instanceof Bytes bytes ? bytes.toArray() : value;
            }
        }
    }

    void putTag(Object[] state, int epoch, Bytes newTag) {
        state[keyEpoch] = epoch;
        state[tag] = newTag.toArray();
    }

    /** Lets the entity itself show what the listener put into the state array. */
    void copyTag(EntityPersister persister, Object entity, Object[] state) {
        persister.setValue(entity, keyEpoch, state[keyEpoch]);
        persister.setValue(entity, tag, ((byte[]) state[tag]).clone());
    }

    private static Object value(ColumnSpec column, Object value) {
        return column.type() == ColumnType.BYTES ? Bytes.of((byte[]) value) : value;
    }

    private static List<String> columns(AbstractEntityPersister persister) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < persister.getPropertyNames().length; i++) {
            String[] names = persister.getPropertyColumnNames(i);
            if (names.length != 1) {
                throw new VaultException(
                        persister.getEntityName() + "." + persister.getPropertyNames()[i] + " is not one column");
            }
            columns.add(names[0]);
        }
        return columns;
    }

    private static int place(String entity, List<String> columns, String name) {
        int place = columns.indexOf(name);
        if (place < 0) {
            throw new VaultException(entity + " has no attribute for the declared column " + name);
        }
        return place;
    }

    private static void requireAnnotated(EntityPersister persister, int place, ColumnSpec column) {
        String attribute = persister.getPropertyNames()[place];
        Field field = field(persister.getMappedClass(), attribute)
                .orElseThrow(() -> new VaultException(persister.getEntityName() + "." + attribute + " is no field"));
        Class<? extends Annotation> wanted = column.sealed() ? Sealed.class : Authenticated.class;
        Class<? extends Annotation> other = column.sealed() ? Authenticated.class : Sealed.class;
        boolean type = column.type() != ColumnType.BYTES || field.getType() == byte[].class;
        if (!field.isAnnotationPresent(wanted) || field.isAnnotationPresent(other) || !type) {
            throw new VaultException(persister.getEntityName() + "." + attribute + " must be @" + wanted.getSimpleName()
                    + ", as column " + column.name() + " is declared");
        }
    }

    private static Optional<Field> field(Class<?> type, String name) {
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            Optional<Field> found = Arrays.stream(at.getDeclaredFields())
                    .filter(it -> it.getName().equals(name))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
