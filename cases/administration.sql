-- name: nobody_yet
SELECT cmis_nobody_yet();
-- name: accounts
SELECT id, login, name, role, agency_id, profession, active, locked_until, last_seen_at
FROM cmis_accounts();
-- name: make_account
SELECT cmis_make_account(:id, :login, :hashed, :name, :role, :agency_id, :profession);
-- name: change_account
SELECT cmis_change_account(:id, :name, :role, :agency_id, :profession, :active);
-- name: reset_account
SELECT cmis_reset_account(:id, :hashed);
-- name: agencies
SELECT id, kind, name_th, name_en, two_person_approval, receives, region, contact
FROM agencies ORDER BY id;
-- name: add_agency
SELECT cmis_add_agency(:id, :kind, :name_th, :name_en, :two_person_approval, :receives, :region,
    :contact);
-- name: change_agency
SELECT cmis_change_agency(:id, :name_th, :name_en, :two_person_approval, :receives, :region,
    :contact);
-- name: jobs
SELECT j.id, j.queue_name, j.task_name, CAST(j.status AS text) AS status, j.attempts,
    j.scheduled_at, (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) AS last_at
FROM procrastinate_jobs j ORDER BY (j.status = 'failed') DESC, j.id DESC LIMIT :limit;
-- name: job_counts
SELECT CAST(status AS text) AS status, count(*) AS count FROM procrastinate_jobs GROUP BY 1;
-- name: job_status
SELECT CAST(status AS text) FROM procrastinate_jobs WHERE id = :id FOR UPDATE;
-- name: retry_job
SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL);
