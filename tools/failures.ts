import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

const LINES = 12;

const assertionSchema = z.object({
  status: z.string(),
  fullName: z.string(),
  failureMessages: z.array(z.string()).nullish(),
});

const vitestSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(assertionSchema),
    }),
  ),
});

const specSchema = z.object({
  title: z.string(),
  file: z.string(),
  line: z.int(),
  ok: z.boolean(),
  tests: z.array(
    z.object({
      projectName: z.string(),
      results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
    }),
  ),
});

const suiteSchema = z.object({
  specs: z.array(specSchema).default([]),
  get suites() {
    return z.array(suiteSchema).default([]);
  },
});

const playwrightSchema = z.object({
  suites: z.array(suiteSchema),
  errors: z.array(z.object({ message: z.string().optional() })),
});

function readReport<T>(file: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** A title and the first lines of what was said, indented below it; frames of the runner say nothing. */
function entry(title: string, said: string | undefined): string {
  const lines = stripVTControlCharacters(said ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*(node_modules|new Promise|node:internal)/.test(line));
  return [title, ...lines.slice(0, LINES).map((line) => `    ${line}`)].join('\n');
}

/**
 * What failed in a report of vitest, an entry each: file and test, and the first lines of its error.
 * @returns none where there is no such report
 */
export function vitestFailures(root: string, file: string): string[] {
  const report = readReport(file, vitestSchema);
  return (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const where = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [entry(where, message)];
    return failed.map((test) => entry(`${where} > ${test.fullName}`, test.failureMessages?.[0]));
  });
}

const specsOf = (suite: z.infer<typeof suiteSchema>): z.infer<typeof specSchema>[] => [
  ...suite.specs,
  ...suite.suites.flatMap(specsOf),
];

/**
 * What failed in a report of Playwright, an entry each: project, file and test, and the first lines of its error.
 * @returns none where there is no such report
 */
export function playwrightFailures(file: string): string[] {
  const report = readReport(file, playwrightSchema);
  if (report === null) return [];
  const failed = report.suites.flatMap(specsOf).filter(({ ok }) => !ok);
  return [
    ...failed.flatMap(({ title, file: spec, line, tests }) =>
      tests.map(({ projectName, results }) =>
        entry(`[${projectName}] ${spec}:${line} > ${title}`, results.at(-1)?.error?.message),
      ),
    ),
    ...report.errors.map(({ message }) => entry('outside the tests', message)),
  ];
}

/**
 * What a suite has to say of its failure at the end of everything.
 * @param named what its own report names; may be empty
 * @param where the suite in words, for one that has no such report or ended without it
 */
export const saidOfSuite = (failed: number, named: readonly string[], where: string): readonly string[] =>
  failed > 0 && named.length === 0 ? [where] : named;
