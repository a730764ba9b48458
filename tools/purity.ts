import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What the ES library still offers of clock, chance and locale; the compiler cannot keep these out of domain and core. */
const GLOBALS = new Set(['Date', 'Intl', 'globalThis', 'performance', 'crypto']);
const LOCALE_METHODS = /^(localeCompare|toLocale\w+)$/;

const PURE = ['src/domain/**/*.ts', 'src/core/**/*.ts'];

export type Impurity = { line: number; text: string };

function isTypePosition(node: ts.Identifier): boolean {
  return (
    ts.findAncestor(node, (above) => ts.isTypeNode(above) || ts.isExpressionWithTypeArguments(above)) !== undefined
  );
}

/** `x.Date`, `{ Date: … }` and a declaration called Date name something else than the global. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isPropertySignature(parent) && parent.name === node) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent)
  );
}

function isUseOfGlobal(node: ts.Node): boolean {
  return ts.isIdentifier(node) && GLOBALS.has(node.text) && !isOnlyAName(node) && !isTypePosition(node);
}

/** `Math.random`, and `Math` passed on as a value, through which it would come in. */
function isChance(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || node.text !== 'Math' || isOnlyAName(node)) return false;
  const { parent } = node;
  return !ts.isPropertyAccessExpression(parent) || parent.name.text === 'random';
}

function isLocaleCall(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return LOCALE_METHODS.test(node.name.text);
  return ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)
    ? LOCALE_METHODS.test(node.argumentExpression.text)
    : false;
}

/** @returns every use of the clock, of chance and of the locale in a module, by line (from 1). */
export function impuritiesOf(source: string): Impurity[] {
  const file = ts.createSourceFile('module.ts', source, ts.ScriptTarget.Latest, true);
  const found: Impurity[] = [];
  const visit = (node: ts.Node): void => {
    if (isUseOfGlobal(node) || isChance(node) || isLocaleCall(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push({ line: line + 1, text: node.getText() });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const files = globSync(PURE, { cwd: root });
  let problems = 0;
  for (const file of files) {
    for (const { line, text } of impuritiesOf(readFileSync(join(root, file), 'utf8'))) {
      console.log(`${file}:${line} uses ${text}: clock, chance and locale come in as dependencies`);
      problems += 1;
    }
  }
  if (files.length === 0) console.log('no file was looked at');
  process.exitCode = problems > 0 || files.length === 0 ? 1 : 0;
}
