const WIDTH = 30;

/** A bar on a terminal; a line every tenth of the way elsewhere. On stderr: stdout belongs to the answer. */
export function showProgress(label: string): (done: number, total: number) => void {
  let tenth = -1;
  return (done, total) => {
    const share = total === 0 ? 1 : done / total;
    if (process.stderr.isTTY) {
      const filled = Math.round(share * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      process.stderr.write(`\r${label} ${bar} ${done}/${total}${done >= total ? '\n' : ''}`);
      return;
    }
    if (Math.floor(share * 10) === tenth) return;
    tenth = Math.floor(share * 10);
    process.stderr.write(`${label} ${done}/${total}\n`);
  };
}
