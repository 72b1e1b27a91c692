// Documents of the server's own (explanations, reports) are shown as Markdown previews beside the code. They grow
// while they are shown, which this preview follows; an editor with a preview in it would not.

import { commands, TabInputWebview, Uri, window } from 'vscode';
import type { ShowDocumentRequest } from 'vscode-languageclient/node';

/** `window/showDocument`. */
export const showDocument: ShowDocumentRequest.MiddlewareSignature = async (params, token, next) => {
  if (params.external === true || !params.uri.endsWith('.md')) return next(params, token);
  // From within a preview, "to the side" would cut the window into a third column.
  const command = isPreviewActive() ? 'markdown.showPreview' : 'markdown.showPreviewToSide';
  try {
    await commands.executeCommand(command, Uri.parse(params.uri));
    return { success: true };
  } catch {
    return next(params, token); // The editor's own Markdown extension is switched off.
  }
};

function isPreviewActive(): boolean {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputWebview && input.viewType.endsWith('markdown.preview');
}
