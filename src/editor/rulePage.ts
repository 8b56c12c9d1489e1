/** The page that explains a rule: it comes with the extension. */
import { commands, Uri } from 'vscode';

export function pageOfRule(rule: string, extension: Uri): Uri {
  // No rule: what is interpreted, which a loss that cannot be run leads to.
  if (rule === 'supported') return Uri.joinPath(extension, 'docs', 'supported.md');
  return Uri.joinPath(extension, 'docs', 'rules', `${rule}.md`);
}

/** Shows the page as it is meant to be read; as text where the editor has no Markdown preview. */
export async function openRulePage(rule: unknown, extension: Uri): Promise<void> {
  // A link may hold anything: only the id of a rule names a page.
  if (typeof rule !== 'string' || !/^[a-z]+(?:-[a-z]+)*$/u.test(rule)) return;
  const page = pageOfRule(rule, extension);
  try {
    await commands.executeCommand('markdown.showPreview', page);
  } catch {
    await commands.executeCommand('vscode.open', page);
  }
}
