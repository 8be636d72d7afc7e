/** The page's side: what is dropped is sent, the bar follows, and files are fetched. */
const element = (id) => document.getElementById(id);

/** Whether this page has our runtime, and not N2O's own `ftp.js`. */
const isOurs = () => window.n2o !== undefined;

const [zone, input, bar, problem] = ['zone', 'file', 'progress', 'problem'].map(element);

zone.addEventListener('dragover', (event) => event.preventDefault());

zone.addEventListener('drop', (event) => {
  event.preventDefault();
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event('change'));
  // The other has to wait for an answer first.
  if (isOurs()) element('ftp_start').click();
});

input.addEventListener('change', () => {
  bar.value = 0;
  problem.textContent = '';
});

// The other says how far it is beside its buttons.
bar.hidden = true;
document.addEventListener('n2o-progress', ({ detail: { done, total } }) => {
  bar.hidden = false;
  bar.value = total === 0 ? 1 : done / total;
});

document.addEventListener('n2o-error', ({ detail }) => {
  // That there is no connection, the badge says; what was lost with it is sent again.
  if (!detail.code.startsWith('N2O_CLIENT_')) problem.textContent = detail.message;
});

element('files').addEventListener('click', async ({ target }) => {
  const { name } = target.dataset;
  if (name === undefined) return;
  if (!isOurs()) {
    problem.textContent = 'N2O’s own ftp.js sends files, and cannot fetch them.';
    return;
  }
  target.disabled = true;
  try {
    save(await window.n2o.download({ name }), name);
  } catch (error) {
    problem.textContent = error.message;
  } finally {
    target.disabled = false;
  }
});

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
