-- The vault's own tables. Every column is either sealed (AES-256-GCM, bound to table, key, version and column) or in clear and
-- authenticated by the row's tag; io.cloister.vault.Schema declares which. No column may be null.

CREATE TABLE vault_keyset (
    level       text    PRIMARY KEY,
    version     bigint  NOT NULL,
    key_epoch   integer NOT NULL,
    tag         bytea   NOT NULL,
    vault_id    bytea   NOT NULL,
    measurement bytea   NOT NULL,
    policy      bytea   NOT NULL,
    tcb         bytea   NOT NULL,
    aead        bytea   NOT NULL, -- sealed under the level's key-encryption key
    prf         bytea   NOT NULL  -- sealed under the level's key-encryption key
);

-- Records are rewritten with every change of their table: room for updates in place, and no detour through TOAST.
CREATE TABLE vault_registry (
    name      text    PRIMARY KEY,
    version   bigint  NOT NULL,
    key_epoch integer NOT NULL,
    tag       bytea   NOT NULL,
    level     text    NOT NULL,
    state     bytea   NOT NULL    -- sealed
) WITH (fillfactor = 40);
ALTER TABLE vault_registry ALTER COLUMN state SET STORAGE PLAIN;

CREATE TABLE vault_journal (
    journal   text    NOT NULL,
    seq       bigint  NOT NULL,
    version   bigint  NOT NULL,
    key_epoch integer NOT NULL,
    tag       bytea   NOT NULL,
    kind      integer NOT NULL,
    chain     bytea   NOT NULL,
    entry     bytea   NOT NULL,   -- sealed
    PRIMARY KEY (journal, seq)
);

CREATE TABLE vault_journal_head (
    journal      text    PRIMARY KEY,
    version      bigint  NOT NULL,
    key_epoch    integer NOT NULL,
    tag          bytea   NOT NULL,
    anchor_seq   bigint  NOT NULL,
    anchor_chain bytea   NOT NULL,
    last_seq     bigint  NOT NULL,
    last_chain   bytea   NOT NULL
) WITH (fillfactor = 40);

CREATE TABLE vault_identity (
    id           text    PRIMARY KEY,
    version      bigint  NOT NULL,
    key_epoch    integer NOT NULL,
    tag          bytea   NOT NULL,
    node_id      bytea   NOT NULL,
    slot_key     bytea   NOT NULL, -- sealed
    epoch_key    bytea   NOT NULL, -- sealed
    boot_counter bytea   NOT NULL  -- sealed
);

CREATE TABLE vault_part (
    owner      text    PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    generation bigint  NOT NULL,
    part       bytea   NOT NULL   -- sealed
);

CREATE TABLE vault_key_share (
    id        text    PRIMARY KEY,
    version   bigint  NOT NULL,
    key_epoch integer NOT NULL,
    tag       bytea   NOT NULL,
    epoch     bigint  NOT NULL,
    kind      text    NOT NULL,
    share     bytea   NOT NULL    -- sealed
);
