import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHistory } from '../../simulator/run/history.ts';
import { readRegression, regressionFiles } from '../../simulator/run/regression.ts';
import { beginning } from '../../simulator/run/sweep.ts';
import { fromMacrotask } from '../../simulator/time/drain.ts';

describe('plans that once broke a rule', () => {
  for (const path of regressionFiles()) {
    const { rule, taught, plan } = readRegression(path);
    it(`${rule}: ${basename(path, '.json')}: ${taught}`, async () => {
      const start = await beginning();
      const result = await fromMacrotask(() => runHistory(plan, { beginning: start, strict: true }));
      expect(result.violation).toBeNull();
    });
  }
});
