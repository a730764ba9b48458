/**
 * The one page that a cross-site navigation may reach. Its script trades the token in the fragment, which no server,
 * referrer or log sees, for the session cookie, and leaves neither page nor token in the history.
 */
export const launchPage = `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Chasqui</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="launch.css">
<script src="launch.js" defer></script>
</head>
<body><main role="status" id="word">Abriendo Chasqui…</main></body>
</html>
`;

export const launchScript = `const token = location.hash.slice(1);
history.replaceState(null, '', 'launch');
const say = (text) => { document.getElementById('word').textContent = text; };
const used = 'Este enlace ya se usó o venció. Abra Chasqui de nuevo. · This link was used or is too old. Open Chasqui again.';
fetch('launch', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) })
  .then((answer) => { if (answer.ok) location.replace('./'); else say(used); })
  .catch(() => say('Chasqui no responde. Ábralo de nuevo. · Chasqui does not answer. Open it again.'));
`;

export const launchStyle = `html { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 36rem; padding: 2rem; text-align: center; }
`;

/** What a page without a session is told. */
export const noSessionPage = `<!doctype html>
<html lang="es">
<head><meta charset="utf-8"><title>Chasqui</title><link rel="icon" href="data:,"><link rel="stylesheet" href="launch.css"></head>
<body><main>Esta ventana no tiene sesión con Chasqui. Ábralo de nuevo. · This window has no session with Chasqui. Open it again.</main></body>
</html>
`;
