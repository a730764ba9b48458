-- The change log in commit order. The trigger is deferred, so it runs at COMMIT; there it takes the desk's lock, which the
-- transaction keeps until its commit is visible. Hence: numbers of a desk appear in the order of their commits, a reader
-- never sees a hole, and the rows of one transaction are neighbours. The sequence hands out one number at a time: a cache
-- per connection would undo the order. Never hold the lock across network I/O: nothing follows it but the commit.
CREATE SEQUENCE change_seq AS bigint CACHE 1;
--> statement-breakpoint
CREATE FUNCTION log_change(desk uuid, entity_name text, row_id uuid, new_version integer, old_version integer, keys_before text, keys_after text, digest text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  next_seq bigint;
  last_hash text;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    -- With an older snapshot the last hash of the log could not be seen, and the chain would fork.
    RAISE EXCEPTION 'changes to a desk need READ COMMITTED';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(desk::text, 8101));
  next_seq := nextval('change_seq');
  SELECT hash INTO last_hash FROM change_log WHERE desk_id = desk ORDER BY seq DESC LIMIT 1;
  INSERT INTO change_log (desk_id, seq, txid, entity, entity_id, version, previous_version, before, after, hash)
  VALUES (
    desk, next_seq, pg_current_xact_id()::text::bigint, entity_name, row_id, new_version, old_version, keys_before, keys_after,
    encode(sha256(convert_to(concat_ws('|', coalesce(last_hash, repeat('0', 64)), next_seq, entity_name, row_id, new_version, digest), 'UTF8')), 'hex')
  );
  -- Equal notices of one transaction are sent once.
  PERFORM pg_notify('chasqui_news', desk::text);
END $$;
--> statement-breakpoint
CREATE FUNCTION log_directory_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM log_change(NEW.desk_id, TG_ARGV[0], NEW.id, NEW.version, OLD.version, NULL, NULL, NULL);
  ELSE
    PERFORM log_change(NEW.desk_id, TG_ARGV[0], NEW.id, NEW.version, 0, NULL, NULL, NULL);
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION ticket_keys(t tickets) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT json_build_object(
    'siteId', t.site_id, 'teamId', t.team_id, 'assigneeId', t.assignee_id,
    'registeredBy', t.registered_by, 'registeredAt', t.registered_at, 'closed', t.closed_recorded_at IS NOT NULL
  )::text
$$;
--> statement-breakpoint
-- What a change added to the audit trail goes into the log's hash, so no entry can be edited afterwards without it showing.
CREATE FUNCTION entries_digest(desk uuid, ticket uuid, after_seq integer, up_to_seq integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(coalesce(string_agg(doc, E'\n' ORDER BY seq), ''), 'UTF8')), 'hex')
  FROM entries WHERE desk_id = desk AND ticket_id = ticket AND seq > after_seq AND seq <= up_to_seq
$$;
--> statement-breakpoint
CREATE FUNCTION log_ticket_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM log_change(NEW.desk_id, 'ticket', NEW.id, NEW.version, OLD.version, ticket_keys(OLD), ticket_keys(NEW),
      entries_digest(NEW.desk_id, NEW.id, OLD.version, NEW.version));
  ELSE
    PERFORM log_change(NEW.desk_id, 'ticket', NEW.id, NEW.version, 0, NULL, ticket_keys(NEW),
      entries_digest(NEW.desk_id, NEW.id, 0, NEW.version));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER tickets_log AFTER INSERT OR UPDATE ON tickets
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_ticket_change();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER sites_log AFTER INSERT OR UPDATE ON sites
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_directory_change('site');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER org_units_log AFTER INSERT OR UPDATE ON org_units
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_directory_change('orgUnit');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER services_log AFTER INSERT OR UPDATE ON services
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_directory_change('service');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER people_log AFTER INSERT OR UPDATE ON people
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_directory_change('person');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER assets_log AFTER INSERT OR UPDATE ON assets
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_directory_change('asset');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER teams_log AFTER INSERT OR UPDATE ON teams
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_directory_change('team');
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER memberships_log AFTER INSERT OR UPDATE ON memberships
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log_directory_change('membership');
--> statement-breakpoint
-- The audit trail, the commands with their outcomes and the log itself are written once.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is insert only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER entries_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER commands_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON commands FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER change_log_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON change_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- A row's version never goes back (SY8), whoever writes.
CREATE FUNCTION refuse_older_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <= OLD.version THEN
    RAISE EXCEPTION 'version % of % % does not follow %', NEW.version, TG_TABLE_NAME, NEW.id, OLD.version USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_version BEFORE UPDATE ON tickets FOR EACH ROW EXECUTE FUNCTION refuse_older_version();
