import pg from 'pg';
import { expect, it } from 'vitest';
import { plainError } from '../../../src/store/cli/logger.ts';

const failure = (code: string, message: string) => {
  const error = new pg.DatabaseError(message, message.length, 'error');
  return Object.assign(error, { code, table: 'entries', constraint: 'entries_pk', detail: 'Key (id)=(zarzamora)' });
};

it.each(['22P02', '23505', '42601', '25P02'])('11.4 %s may quote a value: its words are not told', (code) => {
  const told = plainError(failure(code, 'invalid input syntax for type uuid: "zarzamora"'));
  expect(JSON.stringify(told)).not.toContain('zarzamora');
  expect(told).toMatchObject({ code, table: 'entries', constraint: 'entries_pk' });
});

it('11.4 what tells of the server is told whole, from under whatever wraps it', () => {
  const root = failure('53300', 'sorry, too many clients already');
  const wrapped = new Error('Failed query: insert … params: zarzamora', { cause: root });
  expect(plainError(wrapped)).toMatchObject({ code: '53300', message: 'sorry, too many clients already' });
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
  expect(plainError(refused)).toMatchObject({ code: 'ECONNREFUSED', message: refused.message });
});

it('11.4 a bug is told by its kind and its places', () => {
  const bug = new SyntaxError('Unexpected token in "zarzamora"');
  const told = plainError(bug);
  expect(told).toMatchObject({
    type: 'SyntaxError',
    at: expect.arrayContaining([expect.stringContaining('logger.test.ts:')]),
  });
  expect(JSON.stringify(told)).not.toContain('zarzamora');
});
