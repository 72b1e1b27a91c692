// Documents of the server's own (explanations, reports) are shown as Markdown previews beside the code.

import { commands, Uri } from 'vscode';
import type { ShowDocumentRequest } from 'vscode-languageclient/node';

/** `window/showDocument`. */
export const showDocument: ShowDocumentRequest.MiddlewareSignature = async (params, token, next) => {
  if (params.external === true || !params.uri.endsWith('.md')) return next(params, token);
  try {
    await commands.executeCommand('markdown.showPreviewToSide', Uri.parse(params.uri));
    return { success: true };
  } catch {
    return next(params, token); // The editor's own Markdown extension is switched off.
  }
};
