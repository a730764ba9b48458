/**
 * Tickets that point to another one: few, so they lie apart from the rows that the queue walks over. In files from before, only
 * problems were pointed to.
 */
export const relatives = `
create table relatives (
  ref integer primary key,
  merged_into integer,
  split_from integer,
  problem integer
) strict;
create index relatives_merged on relatives (merged_into) where merged_into is not null;
create index relatives_split on relatives (split_from) where split_from is not null;
create index relatives_problem on relatives (problem) where problem is not null;

insert into ids (id)
  select distinct doc ->> '$.problemId' from ticket_docs where doc ->> '$.problemId' is not null
  on conflict do nothing;
insert into relatives (ref, problem)
  select d.ref, i.ref from ticket_docs d join ids i on i.id = d.doc ->> '$.problemId';
`;
