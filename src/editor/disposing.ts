/** Whatever can be disposed of, without being an instance of VS Code's class. */
export interface Disposing {
  dispose(): void;
}
