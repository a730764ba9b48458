// Stands where a console is started: never ready, or ready and never answering, as its first argument says.
if (process.argv[2] === 'mute') process.send?.({ kind: 'ready' });
setInterval(() => undefined, 1_000);
process.on('disconnect', () => process.exit(0));
