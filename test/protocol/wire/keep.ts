import { differences, keepShapes, keptShapes } from './kept.ts';
import { wireGroups } from './shapes.ts';

// node launcher/run.js test/protocol/wire/keep.ts [--replace]
// Keeps the shapes of each version that has none yet. `--replace`: of one that no program out there speaks, over what was kept.
for (const group of wireGroups()) {
  const kept = keptShapes(group.name, group.version);
  const changed = kept === null ? Object.keys(group.shapes) : differences(kept, group.shapes);
  const what = `${group.name} version ${group.version}`;
  if (changed.length === 0) console.log(`${what}: as kept`);
  else if (kept !== null && !process.argv.includes('--replace')) {
    console.log(
      `${what}: differs from what was kept (${changed.join(', ')}). Raise ${group.constant}, or say --replace.`,
    );
    process.exitCode = 1;
  } else {
    keepShapes(group);
    console.log(`${what}: kept (${kept === null ? `${changed.length} shapes` : changed.join(', ')})`);
  }
}
