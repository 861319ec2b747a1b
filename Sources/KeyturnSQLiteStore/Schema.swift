import GRDB

/// The tables, as named migrations. A migration that has shipped is never edited: a new one follows it.
///
/// All times are milliseconds since the epoch, UTC. Plaintext appears in no column: `versions.record` and
/// `access_keys.record` are envelopes.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 secrets, versions, labels") { db in
            try db.execute(
                sql: """
                    CREATE TABLE secrets (
                        arn TEXT NOT NULL PRIMARY KEY,
                        name TEXT NOT NULL UNIQUE,
                        description TEXT,
                        type TEXT,
                        created_at INTEGER NOT NULL,
                        last_changed_at INTEGER NOT NULL,
                        last_accessed_at INTEGER,
                        last_rotated_at INTEGER,
                        deletion_date INTEGER
                    ) STRICT;
                    CREATE TABLE tags (
                        arn TEXT NOT NULL REFERENCES secrets ON DELETE CASCADE,
                        key TEXT NOT NULL,
                        value TEXT NOT NULL,
                        PRIMARY KEY (arn, key)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE versions (
                        arn TEXT NOT NULL REFERENCES secrets ON DELETE CASCADE,
                        version_id TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_accessed_at INTEGER,
                        record BLOB,
                        PRIMARY KEY (arn, version_id)
                    ) STRICT;
                    CREATE INDEX versions_by_age ON versions (arn, created_at);
                    CREATE TABLE labels (
                        arn TEXT NOT NULL,
                        label TEXT NOT NULL,
                        version_id TEXT NOT NULL,
                        PRIMARY KEY (arn, label),
                        FOREIGN KEY (arn, version_id) REFERENCES versions ON DELETE CASCADE
                    ) STRICT, WITHOUT ROWID;
                    CREATE INDEX labels_by_version ON labels (arn, version_id);
                    """)
        }
        migrator.registerMigration("0002 rotation settings, attempts, leases, journal") { db in
            try db.execute(
                sql: """
                    CREATE TABLE rotation_settings (
                        arn TEXT NOT NULL PRIMARY KEY REFERENCES secrets ON DELETE CASCADE,
                        is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
                        strategy TEXT NOT NULL,
                        admin_secret TEXT,
                        admin_place TEXT,
                        verification TEXT NOT NULL
                    ) STRICT;
                    CREATE TABLE attempts (
                        arn TEXT NOT NULL REFERENCES secrets ON DELETE CASCADE,
                        pending TEXT NOT NULL,
                        trigger TEXT NOT NULL,
                        status TEXT NOT NULL CHECK (status IN ('open', 'succeeded', 'abandoned')),
                        phase TEXT NOT NULL CHECK (phase IN ('planned', 'created', 'installed', 'verified')),
                        started_at INTEGER NOT NULL,
                        ended_at INTEGER,
                        runs INTEGER NOT NULL,
                        last_failure TEXT,
                        intent TEXT,
                        PRIMARY KEY (arn, pending)
                    ) STRICT;
                    CREATE INDEX attempts_by_age ON attempts (arn, started_at);
                    CREATE UNIQUE INDEX one_open_attempt ON attempts (arn) WHERE status = 'open';
                    CREATE TABLE leases (
                        arn TEXT NOT NULL PRIMARY KEY REFERENCES secrets ON DELETE CASCADE,
                        epoch INTEGER NOT NULL,
                        holder TEXT,
                        until INTEGER NOT NULL,
                        duration INTEGER NOT NULL
                    ) STRICT;
                    CREATE TABLE journal (
                        sequence INTEGER NOT NULL PRIMARY KEY,
                        arn TEXT NOT NULL REFERENCES secrets ON DELETE CASCADE,
                        pending TEXT NOT NULL,
                        epoch INTEGER NOT NULL,
                        step TEXT NOT NULL,
                        mark TEXT NOT NULL CHECK (mark IN ('begun', 'intent', 'done', 'failed')),
                        at INTEGER NOT NULL,
                        note TEXT
                    ) STRICT;
                    CREATE INDEX journal_by_attempt ON journal (arn, pending);
                    """)
        }
        migrator.registerMigration("0003 outbox") { db in
            // No reference to secrets: what happened to a secret is still true when the secret is gone.
            try db.execute(
                sql: """
                    CREATE TABLE outbox (
                        sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                        event_id TEXT NOT NULL UNIQUE,
                        arn TEXT NOT NULL,
                        name TEXT NOT NULL,
                        version_id TEXT,
                        at INTEGER NOT NULL,
                        detail TEXT NOT NULL
                    ) STRICT;
                    CREATE TABLE sink_cursors (
                        sink TEXT NOT NULL PRIMARY KEY,
                        sequence INTEGER NOT NULL,
                        holder TEXT,
                        until INTEGER NOT NULL
                    ) STRICT;
                    """)
        }
        migrator.registerMigration("0004 options of strategies") { db in
            // The JSON of StrategyOptions; the default is what every secret had before there were any.
            try db.execute(
                sql: """
                    ALTER TABLE rotation_settings
                    ADD COLUMN options TEXT NOT NULL DEFAULT '{"keepsOldPassword":false,"replicas":[]}'
                    """)
        }
        migrator.registerMigration("0005 schedules") { db in
            // `at` is when to act next: the moment in the window, or a further try. The index answers what is due without
            // a look at anything else.
            try db.execute(
                sql: """
                    ALTER TABLE rotation_settings ADD COLUMN schedule TEXT;
                    CREATE TABLE due (
                        arn TEXT NOT NULL PRIMARY KEY REFERENCES secrets ON DELETE CASCADE,
                        at INTEGER NOT NULL,
                        window_start INTEGER NOT NULL,
                        window_end INTEGER NOT NULL,
                        failures INTEGER NOT NULL,
                        target TEXT NOT NULL,
                        group_name TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX due_by_time ON due (at, target, group_name, failures);
                    CREATE INDEX secrets_to_delete ON secrets (deletion_date) WHERE deletion_date IS NOT NULL;
                    CREATE TABLE schedule_pause (
                        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
                        since INTEGER NOT NULL,
                        until INTEGER,
                        reason TEXT
                    ) STRICT;
                    """)
        }
        migrator.registerMigration("0006 access keys and resource policies") { db in
            // `record` is an envelope over the secret key and the session token; it is bound to the id, the policy and the
            // end. `policy` is a built-in policy's name, a document's text, or the JSON of RotationScope.
            try db.execute(
                sql: """
                    CREATE TABLE access_keys (
                        access_key_id TEXT NOT NULL PRIMARY KEY,
                        name TEXT,
                        policy_kind TEXT NOT NULL CHECK (policy_kind IN ('built-in', 'document', 'rotation')),
                        policy TEXT NOT NULL,
                        created_at INTEGER NOT NULL,
                        last_used_at INTEGER,
                        expires_at INTEGER,
                        record BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX access_keys_by_end ON access_keys (expires_at) WHERE expires_at IS NOT NULL;
                    CREATE TABLE resource_policies (
                        arn TEXT NOT NULL PRIMARY KEY REFERENCES secrets ON DELETE CASCADE,
                        policy TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("0008 providers of targets, ends of first windows") { db in
            // `serve_by` is the end of the first window that has not been served; `window_end` moves with each further try.
            // `provider` is empty until the rotation of a secret is configured again: no limit of a provider holds for it before.
            try db.execute(
                sql: """
                    ALTER TABLE due ADD COLUMN provider TEXT NOT NULL DEFAULT '';
                    ALTER TABLE due ADD COLUMN serve_by INTEGER NOT NULL DEFAULT 0;
                    UPDATE due SET serve_by = window_end;
                    DROP INDEX due_by_time;
                    CREATE INDEX due_by_time ON due (at, target, provider, group_name, failures);
                    """)
        }
        migrator.registerMigration("0009 keys and tags as the API shows them, functions") { db in
            // `was_tagged` stays when the last tag goes. `function_arn` is what a client of the API named.
            try db.execute(
                sql: """
                    ALTER TABLE secrets ADD COLUMN kms_key_id TEXT;
                    ALTER TABLE secrets ADD COLUMN was_tagged INTEGER NOT NULL DEFAULT 0 CHECK (was_tagged IN (0, 1));
                    UPDATE secrets SET was_tagged = 1 WHERE arn IN (SELECT arn FROM tags);
                    ALTER TABLE rotation_settings ADD COLUMN function_arn TEXT;
                    """)
        }
        return migrator
    }
}
