// What a form goes on showing as typed when the server's next text of the block comes: what is being typed and was not sent
// yet, and what was refused; not what stands there now.
export function stillTyped(
  typed: Record<string, string>,
  sent: Record<string, string>,
  stands: Map<string, string>,
  refused: Record<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typed).filter(([path, value]) => stands.get(path) !== value && (path in refused || sent[path] !== value)),
  );
}
