// Runs in VS Code's extension host what a test says over a socket: one JSON object a line, `script` the body of an
// async function of `vscode` and `given`. It sets the stage; what a test is about goes through keys and the screen.
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const readline = require('node:readline');
const vscode = require('vscode');

const Script = Object.getPrototypeOf(async () => {}).constructor;

exports.activate = () => {
  vscode.workspace.registerFileSystemProvider('nowhere', nowhere, { isReadonly: true });
  const shown = vscode.workspace.workspaceFile ?? vscode.workspace.workspaceFolders[0].uri;
  const listened = path.join(process.env.PILOTFISH_TEST_SOCKETS, `${path.posix.basename(shown.path)}.sock`);
  fs.rmSync(listened, { force: true });
  net
    .createServer((socket) => {
      readline.createInterface({ input: socket }).on('line', async (line) => {
        const { script, given } = JSON.parse(line);
        let answer;
        try {
          answer = { value: (await new Script('vscode', 'given', script)(vscode, given)) ?? null };
        } catch (error) {
          answer = { error: String(error.stack ?? error) };
        }
        socket.end(JSON.stringify(answer) + '\n');
      });
    })
    .listen(listened);
};

// Folders that are on no disk, as of a service that keeps repositories: each path is an empty one.
const nothing = () => ({ dispose: () => {} });
const refuse = () => { throw vscode.FileSystemError.NoPermissions(); };
const nowhere = {
  onDidChangeFile: nothing,
  watch: nothing,
  stat: () => ({ type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 }),
  readDirectory: () => [],
  readFile: refuse,
  writeFile: refuse,
  createDirectory: refuse,
  delete: refuse,
  rename: refuse,
};
