-- First 64 bits of the SHA-256 of a row's exact text. Consoles count the same over what they hold (SY4).
CREATE FUNCTION row_digest(doc text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ('x' || encode(substr(sha256(convert_to(doc, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
$$;
--> statement-breakpoint
-- Words of a text, folded, each once: what `searchWords` of the store makes of a question. Independent of the database's
-- collation: marks are taken off first, and beyond ASCII every letter counts.
CREATE FUNCTION search_words(source text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT left(word, 60)), '{}')
  FROM regexp_split_to_table(
    lower(regexp_replace(normalize(source, NFD), '[\u0300-\u036f]', '', 'g')),
    '[^a-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2070-\u2fff\u3040-\U0010ffff]+'
  ) AS word
  WHERE word <> ''
$$;
--> statement-breakpoint
-- What a closed ticket is found by. The requester's name is that of the moment.
CREATE FUNCTION ticket_search_words(desk uuid, number text, doc text) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT array_to_tsvector(search_words(concat_ws(' ', number, d.doc ->> 'provisionalCode', d.doc ->> 'vendorCase',
    d.doc ->> 'subject', d.doc ->> 'solution', d.doc #>> '{requester,unlisted,name}',
    (SELECT p.doc::jsonb ->> 'name' FROM people p
     WHERE p.desk_id = desk AND p.id = (d.doc #>> '{requester,personId}')::uuid))))
  FROM (SELECT doc::jsonb AS doc) d
$$;
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "digest" bigint NOT NULL DEFAULT 0;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "search_words" "tsvector";--> statement-breakpoint
-- No version changes here and nothing is news, so neither the log nor the guard of versions has a say.
ALTER TABLE "tickets" DISABLE TRIGGER USER;--> statement-breakpoint
UPDATE "tickets" t SET
  "digest" = row_digest(t.doc) # coalesce(
    (SELECT bit_xor(row_digest(e.doc)) FROM entries e WHERE e.desk_id = t.desk_id AND e.ticket_id = t.id), 0),
  "search_words" = CASE WHEN t.closed_recorded_at IS NOT NULL THEN ticket_search_words(t.desk_id, t.number, t.doc) END;
--> statement-breakpoint
ALTER TABLE "tickets" ENABLE TRIGGER USER;--> statement-breakpoint
ALTER TABLE "tickets" ALTER COLUMN "digest" DROP DEFAULT;--> statement-breakpoint
CREATE INDEX "tickets_closed" ON "tickets" USING btree ("desk_id","closed_recorded_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE closed_recorded_at is not null;--> statement-breakpoint
CREATE INDEX "tickets_search" ON "tickets" USING gin ("search_words") WHERE search_words is not null;--> statement-breakpoint
CREATE FUNCTION index_closed_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search_words := ticket_search_words(NEW.desk_id, NEW.number, NEW.doc);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tickets_search_words BEFORE INSERT OR UPDATE ON tickets
  FOR EACH ROW WHEN (NEW.closed_recorded_at IS NOT NULL) EXECUTE FUNCTION index_closed_ticket();
