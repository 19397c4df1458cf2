-- The highest head that each peer has signed, as this node has witnessed it: counters and signatures, nothing secret. Declared in
-- io.cloister.vault.Schema.
CREATE TABLE vault_peer_head (
    owner      text    PRIMARY KEY,
    version    bigint  NOT NULL,
    key_epoch  integer NOT NULL,
    tag        bytea   NOT NULL,
    head       bytea   NOT NULL
) WITH (fillfactor = 40);
