/** Runs code that a server has sent, for pages that were written for N2O's own runtime. */

/** As a script of the page, so that its variables are the page's, and a policy may forbid it. */
export function runScript(code: string): void {
  const script = document.createElement('script');
  script.textContent = code;
  document.head.append(script);
  script.remove();
}
