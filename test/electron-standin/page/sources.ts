import { createBridgePeer } from './bridge-peer.ts';
import { createCodec } from './codec.ts';
import { installMainWorld } from './main-world.ts';
import { installPreloadWorld, type PreloadWorldConfig } from './preload-world.ts';

/** The scripts of both worlds, as source. They need Node's own type stripping: a bundler's helpers would not travel. */
export function mainWorldSource(config: PreloadWorldConfig): string {
  const names = [JSON.stringify(config.fromPage), JSON.stringify(config.toPage)].join(', ');
  return `(${installMainWorld})(${createCodec}, ${createBridgePeer}, ${names});`;
}

export function preloadWorldSource(config: PreloadWorldConfig): string {
  return `(${installPreloadWorld})(${createCodec}, ${createBridgePeer}, ${JSON.stringify(config)});`;
}

/** Kept apart from the world's own script, so that a syntax error in it stays its own. */
export function preloadSource(config: PreloadWorldConfig, preload: string): string {
  const entrance = `globalThis[${JSON.stringify(config.entrance)}]`;
  return `${entrance} && ${entrance}.run(function (exports, require, module, process) {${preload}\n});`;
}
