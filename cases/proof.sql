-- What proves a record: heads, seals, checkpoints.

-- name: take_seals
SELECT relation, row_key, sha256 FROM cmis_take_seals(:case_id, :seq);
-- name: sealed_rows
SELECT relation, row_key, seq, salt, sha256, content FROM cmis_sealed_rows(:case_id);
-- name: tombstones
SELECT relation, row_key, reason, buried_at FROM row_tombstones WHERE case_id = :case_id;
-- name: add_tombstone
INSERT INTO row_tombstones (id, case_id, relation, row_key, reason, buried_by)
VALUES (:id, :case_id, :relation, :row_key, :reason, :buried_by);
-- name: bury
SELECT cmis_bury(:case_id, :relation, :row_key);
-- name: noted_lately
SELECT EXISTS (SELECT FROM audit_events WHERE case_id = :case_id AND actor_id = :actor_id
    AND subject = :subject AND action = :action AND at > now() - make_interval(mins => :minutes));
-- name: case_behind
SELECT cmis_case_behind(:key);
-- name: cases_of_agency
SELECT id, number FROM cases WHERE agency_id = :agency_id ORDER BY number;
-- name: case_called
SELECT id, number FROM cases WHERE agency_id = :agency_id AND :called IN (id, number);

-- name: hold_checkpoints
SELECT pg_advisory_xact_lock(hashtextextended('cmis checkpoint', 2));
-- name: moved_heads
SELECT h.case_id, h.seq, h.hash FROM chain_heads h
WHERE NOT EXISTS (SELECT FROM checkpoint_leaves l
                  WHERE l.case_id = h.case_id AND l.seq = h.seq AND l.hash = h.hash)
ORDER BY h.case_id;
-- name: last_checkpoint
SELECT number, at, cases, root, prev_hash, hash FROM audit_checkpoints
ORDER BY number DESC LIMIT 1;
-- name: checkpoints
SELECT number, at, cases, root, prev_hash, hash FROM audit_checkpoints ORDER BY number;
-- name: checkpoints_since
SELECT number, at, cases, root, prev_hash, hash FROM audit_checkpoints
WHERE number >= :number ORDER BY number;
-- name: add_checkpoint
INSERT INTO audit_checkpoints (number, at, cases, root, prev_hash, hash)
VALUES (:number, :at, :cases, :root, :prev_hash, :hash);
-- name: add_leaves
INSERT INTO checkpoint_leaves (number, case_id, seq, hash)
SELECT :number, * FROM unnest(CAST(:case_ids AS text[]), CAST(:seqs AS integer[]),
                              CAST(:hashes AS text[]));
-- name: leaves
SELECT case_id, seq, hash FROM checkpoint_leaves WHERE number = :number ORDER BY case_id;
-- name: numbered_leaves
SELECT number, case_id, seq, hash FROM checkpoint_leaves ORDER BY number, case_id;
-- name: newest_leaf_of_case
SELECT number FROM checkpoint_leaves WHERE case_id = :case_id ORDER BY number DESC LIMIT 1;
-- name: all_leaves
SELECT case_id, seq, hash FROM checkpoint_leaves ORDER BY case_id, seq;
