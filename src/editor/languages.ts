import type { DocumentSelector } from 'vscode';

/** Code of any scheme: files, unsaved ones, cells of notebooks, virtual workspaces. */
export const codeLanguages: DocumentSelector = ['python', 'typescript', 'typescriptreact', 'javascript', 'javascriptreact'].map(
  (language) => ({
    language,
  }),
);
