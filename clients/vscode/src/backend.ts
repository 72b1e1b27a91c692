// Choosing who completes where the embedded engine is not sure.

import { type QuickPickItem, QuickPickItemKind, window } from 'vscode';

import services from './generated/services.json';
import type { Keys } from './keys';
import { set, setting } from './settings';

const EMBEDDED = 'embedded';

interface Service {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly key: string;
  readonly needsModel: boolean;
}

interface Choice extends QuickPickItem {
  readonly backend?: string[];
  readonly service?: Service;
}

/** Ask who is to complete, and for what that one needs.
 *
 * Returns whether the server must be started anew, since its environment has changed. */
export async function chooseBackend(keys: Keys): Promise<boolean> {
  const choice = await window.showQuickPick(choices(), {
    title: 'pilotfish: who completes where your own code does not say it?',
    matchOnDescription: true,
  });
  if (choice === undefined) return false;
  if (choice.service === undefined) {
    await set('backend', choice.backend);
    return false;
  }
  return use(choice.service, keys);
}

async function use(service: Service, keys: Keys): Promise<boolean> {
  const own = setting('backends')[service.name] ?? {};
  const said: Record<string, unknown> = { ...own };
  if (service.url === '' && own.url === undefined) {
    const url = await ask(service, 'Its address, for example http://127.0.0.1:8080/v1');
    if (url === undefined) return false;
    said.url = url;
  }
  if (service.needsModel && own.model === undefined) {
    const model = await ask(service, 'The model, by the name that it has there');
    if (model === undefined) return false;
    said.model = model;
  }
  const wantsKey = service.key !== '' && !keys.has(service.key);
  if (wantsKey && !(await keys.ask(service.key, service.title))) return false;
  if (Object.keys(said).length > 0) await set('backends', { ...setting('backends'), [service.name]: said });
  await set('backend', [EMBEDDED, service.name]);
  return wantsKey;
}

function choices(): Choice[] {
  const current = [setting('backend')].flat().join(', ');
  const known = new Set(services.map(({ name }) => name));
  const own = Object.keys(setting('backends')).filter((name) => !known.has(name));
  const marked = (backend: string[]): string => (backend.join(', ') === current ? '$(check) ' : '');
  return [
    {
      label: `${marked([EMBEDDED])}Nobody else`,
      description: 'the embedded engine alone: nothing leaves this machine',
      backend: [EMBEDDED],
    },
    ...own.map((name) => ({
      label: `${marked([EMBEDDED, name])}${name}`,
      description: 'a table of your own in pilotfish.backends',
      backend: [EMBEDDED, name],
    })),
    { label: 'Services', kind: QuickPickItemKind.Separator },
    ...services.map((service) => ({
      label: `${marked([EMBEDDED, service.name])}${service.title}`,
      description: service.name,
      detail: whereCodeGoes(service),
      service,
    })),
  ];
}

function whereCodeGoes({ url }: Service): string {
  if (url === '') return 'at an address that you say';
  const { hostname } = new URL(url);
  return hostname === '127.0.0.1' ? `on this machine, ${url}` : `parts of your code go to ${hostname}`;
}

async function ask(service: Service, prompt: string): Promise<string | undefined> {
  const said = await window.showInputBox({ title: `pilotfish: ${service.title}`, prompt, ignoreFocusOut: true });
  return said?.trim() === '' ? undefined : said?.trim();
}
