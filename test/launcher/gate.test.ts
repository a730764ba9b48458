import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { describe, expect, test, vi } from 'vitest';
import { refusal } from '../../launcher/gate.js';

const launcher = join(import.meta.dirname, '..', '..', 'launcher');
const source = (name: string) => readFileSync(join(launcher, name), 'utf8');

/** Loads the gate as a Node of that version would. */
function gateUnder(version: string) {
  const write = vi.fn();
  const fake = { versions: { node: version }, stderr: { write }, argv: ['node', 'start.js'], exitCode: 0 };
  const module = { exports: { open: (_first: string[], _load: () => unknown) => undefined } };
  runInContext(source('gate.js'), createContext({ process: fake, module, parseInt, String }));
  return { fake, write, open: module.exports.open };
}

describe('a Node that is too old', () => {
  test.each(['0.12.18', '8.17.0', '14.21.3', '18.20.4'])('%s gets a sentence, and nothing is loaded', (version) => {
    const { fake, write, open } = gateUnder(version);
    const load = vi.fn();
    open([], load);
    expect(write.mock.calls).toEqual([
      [
        `Chasqui needs Node 20 or newer, and this is Node ${version}. Install a newer one from https://nodejs.org and start again.\n`,
      ],
    ]);
    expect(fake.exitCode).toBe(1);
    expect(load).not.toHaveBeenCalled();
  });

  test.each(['20.0.0', '22.3.0', '24.21.0', '101.0.0'])('%s passes', (version) => {
    expect(refusal(version)).toBeNull();
  });

  /** Everything that came after ES5 and that a formatter or a hand might bring in. */
  const NEWER = new Set([
    ts.SyntaxKind.ArrowFunction,
    ts.SyntaxKind.ConstKeyword,
    ts.SyntaxKind.LetKeyword,
    ts.SyntaxKind.TemplateExpression,
    ts.SyntaxKind.NoSubstitutionTemplateLiteral,
    ts.SyntaxKind.ClassDeclaration,
    ts.SyntaxKind.SpreadElement,
    ts.SyntaxKind.ShorthandPropertyAssignment,
    ts.SyntaxKind.QuestionDotToken,
    ts.SyntaxKind.QuestionQuestionToken,
    ts.SyntaxKind.AsyncKeyword,
    ts.SyntaxKind.ImportDeclaration,
    ts.SyntaxKind.ImportKeyword,
    ts.SyntaxKind.ObjectBindingPattern,
    ts.SyntaxKind.ForOfStatement,
  ]);

  test.each(['start.js', 'test.js', 'run.js', 'gate.js'])('%s is written so that any Node parses it', (name) => {
    const newer: string[] = [];
    const visit = (node: ts.Node): void => {
      const isLexical = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) !== 0;
      if (NEWER.has(node.kind) || isLexical) newer.push(node.getText());
      const last = ts.isCallExpression(node) ? node.arguments : undefined;
      if (last?.hasTrailingComma) newer.push(`trailing comma: ${node.getText()}`);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(name, source(name), ts.ScriptTarget.Latest, true, ts.ScriptKind.JS));
    expect(newer).toEqual([]);
  });
});
