import { expect, test } from 'vitest';
import { createIntent } from '../../src/renderer/client/intent.ts';

test('SY2 threat 29: sent again after a line that broke, the same content has the same id; saved or changed, a new one', () => {
  let ids = 0;
  const intent = createIntent(() => `id-${++ids}`);
  const first = intent.idFor('Llamé al proveedor.');
  // The answer never came: whether it was saved is not known, and the engine tells by the id.
  expect(intent.idFor('Llamé al proveedor.')).toBe(first);
  const corrected = intent.idFor('Llamé al proveedor, sin respuesta.');
  expect(corrected).not.toBe(first);
  intent.done();
  expect(intent.idFor('Llamé al proveedor, sin respuesta.')).not.toBe(corrected);
});
