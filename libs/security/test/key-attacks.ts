const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const STRANGE = ['_', '-', '.', '=', '+', '/', ' ', '\0', 'é', '０', 'А', '%30'];

/** Every character of a key replaced by every other, dropped, doubled, its case changed, swapped with the next; every cut. */
export function mutatedKeys(text: string): string[] {
  const mutations = new Set<string>();
  for (let at = 0; at < text.length; at += 1) {
    const [before, old, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
    for (const other of [...BASE62, ...STRANGE]) mutations.add(before + other + after);
    mutations.add(before + after);
    mutations.add(before + old + old + after);
    mutations.add(before + (after.charAt(0) || '0') + old + after.slice(1));
    mutations.add(before);
    mutations.add(after);
  }
  for (const suffix of ['0', ' ', '\n', '\0', '=', `,${text}`, text]) {
    mutations.add(text + suffix);
    mutations.add(suffix + text);
  }
  mutations.add(text.toUpperCase());
  mutations.add(text.toLowerCase());
  mutations.delete(text);
  return [...mutations];
}
