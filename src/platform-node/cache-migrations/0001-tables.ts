/**
 * Ids become small integers (`ids.ref`), so that rows, indexes and full text stay narrow. `tickets` holds what the queue
 * filters and sorts by, of the ticket as shown; its document lies apart in `ticket_docs`. A ticket under an overlay has its
 * base in `base_docs`; any other ticket's row is its base.
 * Full text keeps no copy of the text (contentless); a changed ticket is deleted from it by its ref and inserted anew.
 */
export const tables = `
create table meta (
  one integer primary key check (one = 1),
  revision integer not null,
  generation integer not null,
  indexed integer not null check (indexed in (0, 1)),
  value text
) strict;
insert into meta values (1, 0, 0, 0, null);

create table ids (ref integer primary key, id text not null unique) strict;

create table tickets (
  ref integer primary key,
  version integer not null,
  generation integer not null,
  open integer not null,
  status integer not null,
  kind integer not null,
  tier integer not null,
  team integer not null,
  site integer not null,
  assignee integer,
  priority integer not null,
  senior integer not null,
  citizen integer not null,
  to_accept integer not null,
  offered_to integer,
  requester integer,
  registered_at integer not null,
  updated_at integer not null,
  recorded_at integer,
  number_key integer not null,
  subject_key text not null,
  requester_key text not null,
  assignee_key text not null,
  site_key text not null
) strict;
create table ticket_docs (ref integer primary key, doc text not null) strict;
create table base_docs (
  ref integer primary key,
  version integer not null,
  generation integer not null,
  doc text not null
) strict;
create table overlays (ref integer primary key) strict;
create table overlay_entries (ref integer not null, pos integer not null, id text not null, command_id text not null,
  doc text not null, primary key (ref, pos)) strict, without rowid;
create table doubts (command_id text primary key, ref integer not null, refusal text not null) strict;
create index doubts_ticket on doubts (ref);

create table entries (
  rid integer primary key,
  ticket integer not null,
  seq integer not null,
  generation integer not null,
  actor integer not null,
  command_key integer not null,
  recorded_at integer,
  worded integer not null,
  doc text not null
) strict;

create table directory (
  ref integer primary key,
  entity text not null,
  version integer not null,
  generation integer not null,
  active integer not null,
  name text not null,
  name_key text not null,
  doc text not null
) strict;
create index directory_entity on directory (entity, name_key);
create table memberships (ref integer primary key, team integer not null, person integer not null) strict;
create index memberships_person on memberships (person, team);
create index memberships_team on memberships (team, person);
create table assets (ref integer primary key, person integer, tag_key text not null) strict;
create index assets_person on assets (person);

create virtual table ticket_search using fts5 (codes, subject, requester, notes, content='', contentless_delete=1,
  tokenize='unicode61 remove_diacritics 2', prefix='2 3');
create virtual table directory_search using fts5 (words, content='', contentless_delete=1,
  tokenize='unicode61 remove_diacritics 2', prefix='2 3');
`;
