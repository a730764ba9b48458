/**
 * Replays after a restore of the store (SY14), and drafts that two windows cannot overwrite unseen. A head of 0 was the mark of a
 * command that the console set aside by itself: the store never answered it, so no restore owes it anything.
 */
export const replays = `
alter table commands add column replay_for text;
alter table commands add column former_outcome text;
alter table state add column ack_mark text;
alter table drafts add column version integer not null default 0;
alter table drafts add column request_id text;
update drafts set version = rowid;
update commands set ack_epoch = null, ack_head = null where state = 'refused' and ack_head = 0;
create index commands_to_send on commands (pos) where state in ('waiting', 'sending', 'held') or replay_for is not null;
create index commands_owed on commands (replay_for) where replay_for is not null;
create index commands_counted on commands (state, dismissed_at, ack_head);
create index commands_replayed on commands (pos) where former_outcome is not null;
`;
