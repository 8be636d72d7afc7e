/** What `npm start`, `npm test` and `npm run build|check|bench` do: needs nothing but Node and npm. */
const REQUIRED = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < REQUIRED[0] || (major === REQUIRED[0] && minor < REQUIRED[1])) {
  console.error(
    `n2o needs Node.js ${REQUIRED.join('.')} or newer; this is ${process.versions.node}, at ${process.execPath}.`,
  );
  process.exit(1);
}

// Loaded only now, so that an old Node says the line above and not that it cannot read the syntax.
void import('./commands.mjs').then(({ main }) => main(process.argv.slice(2)));
