-- Every statement of the knowledge base, by name.

-- name: last_load
SELECT library_version, model FROM kb_loads ORDER BY id DESC LIMIT 1;

-- name: chunk_hashes
SELECT entry_id, ordinal, content_hash FROM kb_chunks WHERE model = :model;

-- name: put_entry
INSERT INTO kb_entries (id, kind, title, context, text, confidence, sources,
                        effective_from, effective_to, content_hash)
VALUES (:id, :kind, :title, :context, :text, :confidence, CAST(:sources AS jsonb),
        :effective_from, :effective_to, :content_hash)
ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, title = excluded.title, context = excluded.context,
    text = excluded.text, confidence = excluded.confidence, sources = excluded.sources,
    effective_from = excluded.effective_from, effective_to = excluded.effective_to,
    content_hash = excluded.content_hash;

-- name: put_chunk
INSERT INTO kb_chunks (entry_id, ordinal, model, text, content_hash, embedding)
VALUES (:entry_id, :ordinal, :model, :text, :content_hash, CAST(:embedding AS vector))
ON CONFLICT (entry_id, ordinal, model) DO UPDATE SET
    text = excluded.text, content_hash = excluded.content_hash, embedding = excluded.embedding;

-- name: drop_entries_but
DELETE FROM kb_entries WHERE NOT (id = ANY(:ids));

-- name: drop_chunk
DELETE FROM kb_chunks WHERE model = :model AND entry_id = :entry_id AND ordinal = :ordinal;

-- name: note_load
INSERT INTO kb_loads (library_version, model, entries, chunks)
VALUES (:library_version, :model, :entries, :chunks);

-- name: count_chunks
SELECT count(*) FROM kb_chunks WHERE model = :model;

-- name: scan_wide
SELECT set_config('hnsw.ef_search', :ef, true),
       set_config('hnsw.iterative_scan', 'strict_order', true);

-- name: nearest
SELECT entry_id, ordinal, -(embedding::halfvec(384) <#> CAST(:query AS halfvec(384))) AS score
FROM kb_chunks
WHERE vector_dims(embedding) = 384 AND model = :model
ORDER BY embedding::halfvec(384) <#> CAST(:query AS halfvec(384))
LIMIT :k;

-- name: nearest_exact
SELECT entry_id, ordinal, -(embedding <#> CAST(:query AS vector)) AS score
FROM kb_chunks WHERE model = :model
ORDER BY embedding <#> CAST(:query AS vector), entry_id, ordinal
LIMIT :k;

-- name: nearest_of
WITH visible AS MATERIALIZED (
    SELECT entry_id, ordinal, embedding FROM kb_chunks
    WHERE model = :model AND entry_id = ANY(:ids)
)
SELECT entry_id, ordinal, -(embedding <#> CAST(:query AS vector)) AS score
FROM visible
ORDER BY embedding <#> CAST(:query AS vector), entry_id, ordinal
LIMIT :k;
