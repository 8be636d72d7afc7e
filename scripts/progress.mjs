/** Says what is being done: one line that lives on a terminal, plain lines elsewhere. */
const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 80;
/** On a terminal, what is done sooner than this is not worth a line. */
const WORTH_SAYING_MS = 150;

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Runs one step and says so on stderr: stdout belongs to what is run.
 * @param {string} doing what is done, as in "installing dependencies"
 * @param {(note: (line: string) => void) => Promise<unknown>} work may note what it is at
 */
export async function step(doing, work) {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const line = process.stderr.isTTY ? liveLine(doing, elapsed) : plainLine(doing);
  try {
    await work(line.note);
    line.end('✔', elapsed());
  } catch (thrown) {
    line.end('✘', elapsed());
    throw thrown;
  }
}

function plainLine(doing) {
  process.stderr.write(`${doing} …\n`);
  return {
    note() {},
    end: (mark, ms) => process.stderr.write(`${mark} ${doing} (${seconds(ms)})\n`),
  };
}

function liveLine(doing, elapsed) {
  let at = '';
  let frame = 0;
  const draw = () => {
    const text = `${FRAMES[frame++ % FRAMES.length]} ${doing} ${seconds(elapsed())} ${at}`;
    process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    note: (line) => {
      at = `· ${line}`;
    },
    end: (mark, ms) => {
      clearInterval(timer);
      const worth = mark !== '✔' || ms > WORTH_SAYING_MS;
      process.stderr.write(`\r\x1b[K${worth ? `${mark} ${doing} (${seconds(ms)})\n` : ''}`);
    },
  };
}
