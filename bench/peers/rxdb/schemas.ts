/** Documents a batch of replication. */
export const BATCH = 1_000;

const text = (maxLength: number) => ({ type: 'string', maxLength });
const whole = (maximum: number) => ({ type: 'number', minimum: 0, maximum, multipleOf: 1 });

const ticketProperties = {
  id: text(64),
  open: whole(1),
  status: text(16),
  team: text(36),
  assignee: text(36),
  rank: whole(3),
  registeredAt: whole(10_000_000_000_000),
  doc: { type: 'object', additionalProperties: true },
};
const noteProperties = {
  id: text(64),
  ticketId: text(36),
  seq: whole(1_000_000),
  doc: { type: 'object', additionalProperties: true },
};
const schema = (properties: object, indexes: readonly (readonly string[])[]) => ({
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties,
  required: Object.keys(properties),
  indexes,
});

/** The queue's indexes: the whole, by status, by team, by assignee, each in the order of priority; a ticket's notes in theirs. */
export const schemas = {
  tickets: schema(ticketProperties, [
    ['open', 'rank', 'registeredAt'],
    ['status', 'rank', 'registeredAt'],
    ['team', 'open', 'rank', 'registeredAt'],
    ['assignee', 'open', 'rank', 'registeredAt'],
  ]),
  notes: schema(noteProperties, [['ticketId', 'seq']]),
};
