/** `wire` is the exact text that was hashed and travels; the columns beside it are copies for queries. */
export const tables = `
create table state (
  one integer primary key check (one = 1),
  revision integer not null,
  seen_baseline integer
) strict;
insert into state (one, revision, seen_baseline) values (1, 0, null);

create table identity (
  one integer primary key check (one = 1),
  device_id text not null,
  device_prefix text not null,
  incarnation text not null,
  last_n integer not null,
  last_hash text not null,
  provisional_counter integer not null
) strict;

create table commands (
  pos integer primary key autoincrement,
  id text not null unique,
  ticket_id text not null,
  type text not null,
  incarnation text not null,
  n integer not null,
  wire text not null,
  hash text not null,
  label_code text not null,
  label_subject text not null,
  created_at integer not null,
  state text not null check (state in ('waiting', 'sending', 'held', 'applied', 'merged', 'parked', 'refused')),
  outcome text,
  settled_at integer,
  ack_epoch text,
  ack_head integer,
  dismissed_at integer,
  quarantined integer not null default 0 check (quarantined in (0, 1)),
  unique (incarnation, n)
) strict;
create index commands_unanswered on commands (pos) where state in ('waiting', 'sending', 'held');
create index commands_ticket on commands (ticket_id, state);
create index commands_acknowledged on commands (ack_epoch, ack_head) where ack_head is not null;
create index commands_shown on commands (pos) where state in ('merged', 'parked', 'refused') and dismissed_at is null;

create table requests (id text primary key, answer text not null, at integer not null) strict;
create table drafts (key text primary key, ticket_id text, content text not null, updated_at integer not null) strict;
create table seen (ticket_id text primary key, version integer not null) strict, without rowid;
create table settings (key text primary key, value text not null) strict;
`;
