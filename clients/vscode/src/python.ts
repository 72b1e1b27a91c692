// What Python and pip say, read.

/** Whether `python --version` speaks of 3.11 or newer. */
export function isNewEnough(said: string): boolean {
  const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(said) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 11);
}

const OFFLINE = /NewConnectionError|ConnectTimeout|Failed to establish a new connection|Temporary failure in name resolution|getaddrinfo failed|ProxyError|Connection refused|Network is unreachable/i;
const NO_VENV = /ensurepip is not available|No module named venv/i;

/** Why setting up did not work, and what to do. */
export function whyNot(stderr: string, otherwise: string): string {
  if (OFFLINE.test(stderr)) {
    return 'The package index could not be reached, so the server is not set up. When you are online (or pip knows your own index or proxy), choose “Set Up the Server” in the menu of pilotfish.';
  }
  if (NO_VENV.test(stderr)) {
    return 'This Python cannot make virtual environments. Install what it lacks (on Debian and Ubuntu: the package python3-venv), and try again.';
  }
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return `The server could not be set up: ${last === '' ? otherwise : last}. The log says more.`;
}
