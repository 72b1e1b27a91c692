// Bundles the tests, with a stand-in for the editor's own module, and runs them by Node's test runner.
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';

import { build } from 'esbuild';

const tests = readdirSync('test').filter((name) => name.endsWith('.test.ts'));
rmSync('dist/test', { recursive: true, force: true });
await build({
  entryPoints: tests.map((name) => `test/${name}`),
  outdir: 'dist/test',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  alias: { vscode: './test/vscode.ts' },
  logLevel: 'warning',
});
const built = tests.map((name) => `dist/test/${name.replace(/ts$/, 'js')}`);
process.exitCode = spawnSync(process.execPath, ['--test', ...built], { stdio: 'inherit' }).status ?? 1;
