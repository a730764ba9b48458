import type { IForbiddenRuleType } from 'dependency-cruiser';
import { type Layer, layers } from './layers.ts';

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A folder allows what is below it, a file allows itself. */
const pathPattern = (path: string) => `^${literal(path)}${/\.\w+$/.test(path) ? '$' : '/'}`;

/** A package and its types, wherever npm nested them. */
const packagePattern = (name: string) =>
  `(^|/)node_modules/(@types/)?${name.endsWith('/') ? literal(name) : `${literal(name)}(/|$)`}`;

function allowedTargets(layer: Layer): string[] {
  const paths = layer.imports === 'any' ? ['^(?!.*node_modules/)'] : [layer.dir, ...layer.imports].map(pathPattern);
  const packages = layer.npm === 'any' ? ['(^|/)node_modules/'] : layer.npm.map(packagePattern);
  return [...paths, ...packages];
}

function ruleOf(layer: Layer): IForbiddenRuleType {
  const from = { path: pathPattern(layer.dir) };
  const comment = `see tools/layers.ts for what ${layer.dir} may import`;
  const pathNot = allowedTargets(layer);
  return {
    name: `layer ${layer.dir}`,
    severity: 'error',
    comment,
    from,
    to: layer.node ? { pathNot, dependencyTypesNot: ['core'] } : { pathNot },
  };
}

/** The import table as dependency-cruiser's rules, and what holds everywhere. */
export const layerRules: IForbiddenRuleType[] = [
  ...layers.map(ruleOf),
  {
    name: 'resolvable',
    severity: 'error',
    comment: 'an import that leads nowhere is in no layer',
    // The peers of a bench have packages of their own, which are installed when they are measured.
    from: { pathNot: '^bench/peers/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'no cycles',
    severity: 'error',
    comment: 'modules that need each other at run time are one module; a cycle of types alone is harmless',
    from: { path: '^(src|launcher)/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
];
