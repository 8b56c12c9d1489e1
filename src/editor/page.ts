import { env, Uri, type Webview, type WebviewOptions } from 'vscode';

/** Where the page is shown: beside the code in a narrow side bar, or as an editor. */
export type Place = 'side' | 'editor';

const pageFolder = (extensionUri: Uri): Uri => Uri.joinPath(extensionUri, 'dist/webview');

export function pageOptions(extensionUri: Uri): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pageFolder(extensionUri)] };
}

/** The page's shell. Its policy lets it load its own script and style sheet and nothing else: no inline code or style, no network. */
export function pageHtml(webview: Webview, extensionUri: Uri, place: Place): string {
  const resource = (name: string): string => webview.asWebviewUri(Uri.joinPath(pageFolder(extensionUri), name)).toString();
  const nonce = randomNonce();
  const policy = [
    `default-src 'none'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loss Inspector</title>
<link rel="stylesheet" href="${attribute(resource('view.css'))}">
</head>
<body data-place="${place}">
<main id="view"></main>
<script nonce="${nonce}" src="${attribute(resource('view.js'))}"></script>
</body>
</html>`;
}

function randomNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
