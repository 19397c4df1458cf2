-- The chain as one node holds it. Every column is either sealed (AES-256-GCM, bound to table, key, version and column) or in
-- clear and authenticated by the row's tag; io.cloister.consensus.store.ConsensusTables declares which. No column may be null.

-- Which chain this is; one row.
CREATE TABLE chain (
    id         text    PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    genesis_id bytea   NOT NULL
);

-- What the stored blocks follow when they do not begin with the first: the certified header before them. No row or one.
CREATE TABLE chain_base (
    id         text    PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    height     bigint  NOT NULL,    -- of the first stored block, or of the next one when none is
    round      integer NOT NULL,
    block_id   bytea   NOT NULL,
    header     bytea   NOT NULL,
    signatures bytea   NOT NULL
);

-- Decided headers with the precommits that decided them: hashes, times, slots and signatures, nothing secret. In partitions of
-- 16,384 heights, which the node makes ahead and drops whole; so are the blocks.
CREATE TABLE certificate (
    height     bigint  PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    round      integer NOT NULL,
    block_id   bytea   NOT NULL,
    header     bytea   NOT NULL,
    signatures bytea   NOT NULL
) PARTITION BY RANGE (height);

-- What the blocks hold. Already encrypted bytes do not compress.
CREATE TABLE block (
    height       bigint  PRIMARY KEY,
    version      bigint  NOT NULL,
    key_epoch    integer NOT NULL,
    tag          bytea   NOT NULL,
    block_id     bytea   NOT NULL,
    transactions bytea   NOT NULL    -- sealed
) PARTITION BY RANGE (height);
ALTER TABLE block ALTER COLUMN transactions SET STORAGE EXTERNAL;

-- The sets that headers name by their hash.
CREATE TABLE validator_set (
    hash       bytea   PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    validators bytea   NOT NULL
);

-- The headers after which other validators decide or with which an epoch begins: they stay when blocks go.
CREATE TABLE validator_change (
    height     bigint  PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    link       bytea   NOT NULL
);

-- The application's state after the last block. Keys may tell as much as values, so both are sealed; the row goes by the
-- SHA-256 of its key.
CREATE TABLE app_state (
    key_hash   bytea   PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    entry      bytea   NOT NULL      -- sealed
) WITH (fillfactor = 70);
