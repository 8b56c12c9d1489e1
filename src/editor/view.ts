/** The two places where the comparison is shown: the view in its own container, and an editor. */
import { commands, l10n, ViewColumn, window, type ExtensionContext, type WebviewPanel, type WebviewView } from 'vscode';
import { viewId, type Comparison } from './comparison';
import type { Disposing } from './disposing';
import { pageOptions } from './page';

export interface ComparisonPlaces extends Disposing {
  /** Brings the comparison into sight, where the person last had it; the keyboard stays in the code. */
  reveal(): Promise<void>;
  openInEditor(): void;
}

export function createPlaces(context: ExtensionContext, comparison: Comparison): ComparisonPlaces {
  let view: WebviewView | null = null;
  let panel: WebviewPanel | null = null;

  const provider = window.registerWebviewViewProvider(viewId, {
    resolveWebviewView(resolved) {
      view = resolved;
      const attached = comparison.attach(resolved.webview, 'side');
      resolved.onDidDispose(() => {
        attached.dispose();
        view = null;
      });
    },
  });

  function adopt(adopted: WebviewPanel): void {
    panel = adopted;
    const attached = comparison.attach(adopted.webview, 'editor');
    adopted.onDidDispose(() => {
      attached.dispose();
      if (panel === adopted) panel = null;
    });
  }

  const serializer = window.registerWebviewPanelSerializer(viewId, {
    deserializeWebviewPanel(restored) {
      adopt(restored);
      return Promise.resolve();
    },
  });

  return {
    async reveal() {
      if (panel?.visible) return;
      if (view) view.show(true);
      else if (panel) panel.reveal(undefined, true);
      else await commands.executeCommand(`${viewId}.focus`, { preserveFocus: true });
    },
    openInEditor() {
      if (panel) panel.reveal();
      else {
        const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
        adopt(window.createWebviewPanel(viewId, l10n.t('Loss comparison'), column, pageOptions(context.extensionUri)));
      }
    },
    dispose: () => {
      provider.dispose();
      serializer.dispose();
      panel?.dispose();
    },
  };
}
