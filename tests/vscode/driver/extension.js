// Runs in VS Code's extension host what a test says over a socket: one JSON object a line, `script` the body of an
// async function of `vscode` and `given`. It sets the stage; what a test is about goes through keys and the screen.
'use strict';
const fs = require('node:fs');
const net = require('node:net');
const readline = require('node:readline');
const vscode = require('vscode');

const Script = Object.getPrototypeOf(async () => {}).constructor;

exports.activate = () => {
  const path = process.env.PILOTFISH_TEST_SOCKET;
  fs.rmSync(path, { force: true });
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
    .listen(path);
};
