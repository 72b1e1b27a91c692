// Documents of the server's own (explanations, reports) are shown as Markdown previews beside the code.

import { commands, TabInputCustom, Uri, ViewColumn, window } from 'vscode';
import type { ShowDocumentRequest } from 'vscode-languageclient/node';

const PREVIEW = 'vscode.markdown.preview.editor';

/** `window/showDocument`. */
export const showDocument: ShowDocumentRequest.MiddlewareSignature = async (params, token, next) => {
  if (params.external === true || !params.uri.endsWith('.md')) return next(params, token);
  const options = { viewColumn: columnOfPreviews(), preserveFocus: true, preview: true };
  try {
    await commands.executeCommand('vscode.openWith', Uri.parse(params.uri), PREVIEW, options);
    return { success: true };
  } catch {
    return next(params, token); // The editor's own Markdown extension is switched off.
  }
};

/** Where a preview is shown already, so that the window is not cut into more and more columns. */
function columnOfPreviews(): ViewColumn {
  const isPreview = (input: unknown): boolean => input instanceof TabInputCustom && input.viewType === PREVIEW;
  const group = window.tabGroups.all.find(({ tabs }) => tabs.some(({ input }) => isPreview(input)));
  return group?.viewColumn ?? ViewColumn.Beside;
}
