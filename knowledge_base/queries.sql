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

-- name: vectors
SELECT entry_id, ordinal, content_hash, vector_send(embedding) FROM kb_chunks WHERE model = :model;

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

-- name: become
SELECT set_config('cmis.agency_id', :agency, true);

-- name: agency_exists
SELECT EXISTS (SELECT FROM agencies WHERE id = :agency);

-- name: sources
SELECT id, agency_id, title, file_name, sha256, size_bytes, media_type, kind, passages,
       near_duplicate_of, similarity, added_by, added_at, review, reason, reviewed_by, reviewed_at
FROM kb_sources WHERE agency_id IS NULL OR agency_id = :agency
ORDER BY added_at DESC, id;

-- name: review_source
WITH done AS (
    UPDATE kb_sources SET review = :review, reason = :reason, reviewed_by = :by,
        reviewed_at = now()
    WHERE id = :id AND (agency_id IS NULL OR agency_id = :agency) RETURNING *
), noted AS (
    INSERT INTO source_reviews (source_id, agency_id, title, review, reason, done_by)
    SELECT id, agency_id, title, review, reason, reviewed_by FROM done
)
SELECT id, agency_id, title, file_name, sha256, size_bytes, media_type, kind, passages,
       near_duplicate_of, similarity, added_by, added_at, review, reason, reviewed_by, reviewed_at
FROM done;

-- name: decide_source
SELECT cmis_decide_source(:id, :was, :decision, :reason);

-- name: source_reviews
SELECT review, reason, done_by, done_at FROM source_reviews
WHERE source_id = :id ORDER BY number DESC;

-- name: pages_of
SELECT ordinal, context, text, page, section, law_title FROM kb_passages
WHERE source_id = :source AND ordinal >= :begin ORDER BY ordinal LIMIT :limit;

-- name: replaced_sections
SELECT DISTINCT p.law_title, p.section FROM kb_passages p
WHERE p.source_id = :source AND p.law_key IS NOT NULL AND EXISTS (
    SELECT FROM kb_passages o JOIN kb_sources s ON s.id = o.source_id
    WHERE o.law_key = p.law_key AND o.section = p.section AND s.kind = 'statute'
      AND s.review = 'accepted' AND s.agency_id IS NULL AND s.id <> p.source_id)
ORDER BY p.law_title, p.section;

-- name: remove_source
DELETE FROM kb_sources WHERE id = :id AND (agency_id IS NULL OR agency_id = :agency);

-- name: source_of_file
SELECT id FROM kb_sources WHERE agency_id IS NOT DISTINCT FROM :agency AND sha256 = :sha256;

-- name: signatures
SELECT id, signature FROM kb_sources
WHERE (agency_id IS NULL OR agency_id = :agency) AND review <> 'rejected';

-- name: put_source
INSERT INTO kb_sources (id, agency_id, title, file_name, sha256, size_bytes, media_type, kind,
                        passages, signature, near_duplicate_of, similarity, added_by)
VALUES (:id, :agency_id, :title, :file_name, :sha256, :size_bytes, :media_type, :kind,
        :passages, :signature, :near_duplicate_of, :similarity, :added_by)
ON CONFLICT (agency_id, sha256) DO NOTHING
RETURNING added_at;

-- name: put_passage
INSERT INTO kb_passages (source_id, ordinal, agency_id, context, text, page, law_title, law_key,
                         section, words, trigrams)
VALUES (:source_id, :ordinal, :agency_id, :context, :text, :page, :law_title, :law_key,
        :section, :words, :trigrams);

-- name: put_passage_chunk
INSERT INTO kb_passage_chunks (source_id, ordinal, part, model, agency_id, embedding)
VALUES (:source_id, :ordinal, :part, :model, :agency_id, CAST(:embedding AS vector));

-- name: is_embedded
SELECT EXISTS (SELECT FROM kb_passage_chunks WHERE source_id = :source AND model = :model);

-- name: passages_of
SELECT ordinal, context, text, section FROM kb_passages WHERE source_id = :source ORDER BY ordinal;

-- name: official
SELECT DISTINCT ON (p.section) p.section, p.text, p.law_title, p.source_id AS source
FROM kb_passages p JOIN kb_sources s ON s.id = p.source_id
WHERE p.law_key = :law_key AND p.section = ANY(:sections)
  AND s.kind = 'statute' AND s.review = 'accepted' AND s.agency_id IS NULL
ORDER BY p.section, s.reviewed_at DESC, p.source_id, p.ordinal;

-- name: shared_state
SELECT coalesce(md5(string_agg(id || ' ' || review, ',' ORDER BY id)), '')
FROM kb_sources WHERE agency_id IS NULL AND review <> 'rejected';

-- name: shared_tokens
SELECT p.source_id, p.ordinal, p.section, p.words, p.trigrams
FROM kb_passages p JOIN kb_sources s ON s.id = p.source_id
WHERE p.agency_id IS NULL AND s.review <> 'rejected'
ORDER BY p.source_id, p.ordinal;

-- name: private_tokens
SELECT p.source_id, p.ordinal, p.section, p.words, p.trigrams
FROM kb_passages p JOIN kb_sources s ON s.id = p.source_id
WHERE p.agency_id = cmis_agency_id() AND s.review <> 'rejected'
ORDER BY p.source_id, p.ordinal;

-- name: passages_at
SELECT p.source_id, p.ordinal, p.context, p.text, p.page, s.title, s.kind, s.review, p.law_key,
       p.section
FROM unnest(CAST(:sources AS text[]), CAST(:ordinals AS integer[])) AS wanted (source_id, ordinal)
JOIN kb_passages p USING (source_id, ordinal) JOIN kb_sources s ON s.id = p.source_id;

-- name: shared_nearest
SELECT source_id, ordinal, -(embedding::halfvec(384) <#> CAST(:query AS halfvec(384))) AS score
FROM kb_passage_chunks
WHERE agency_id IS NULL AND vector_dims(embedding) = 384 AND model = :model
ORDER BY embedding::halfvec(384) <#> CAST(:query AS halfvec(384))
LIMIT :k;

-- name: shared_nearest_exact
SELECT source_id, ordinal, -(embedding <#> CAST(:query AS vector)) AS score
FROM kb_passage_chunks
WHERE agency_id IS NULL AND model = :model
ORDER BY embedding <#> CAST(:query AS vector), source_id, ordinal
LIMIT :k;

-- name: private_products
WITH visible AS MATERIALIZED (
    SELECT source_id, ordinal, embedding FROM kb_passage_chunks
    WHERE agency_id = cmis_agency_id() AND model = :model
)
SELECT source_id, ordinal, -(embedding <#> CAST(:query AS vector)) AS score FROM visible;
