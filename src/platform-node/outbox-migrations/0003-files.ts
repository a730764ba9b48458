/**
 * Attachments: files of drafts, files on their way to the store, and files that may go when room is wanted. The bytes lie in the
 * profile's `blobs` folder. `ticket_id` of a staged file is null while its ticket is being registered.
 */
export const files = `
create table staged_files (
  attachment_id text primary key,
  draft_key text not null,
  ticket_id text,
  name text not null,
  media_type text not null,
  size integer not null,
  sha256 text,
  thumbnail text,
  added_at integer not null
) strict;
create index staged_of_draft on staged_files (draft_key);

create table uploads (
  attachment_id text primary key,
  ticket_id text not null,
  command_id text not null,
  name text not null,
  sha256 text not null,
  size integer not null,
  state text not null check (state in ('waiting', 'held', 'done')),
  upload_url text,
  epoch text,
  added_at integer not null,
  settled_at integer
) strict;
create index uploads_waiting on uploads (size) where state = 'waiting';
create index uploads_of_ticket on uploads (ticket_id);

create table fetched_files (
  sha256 text primary key,
  ticket_id text not null,
  size integer not null,
  read_at integer not null
) strict;
`;
