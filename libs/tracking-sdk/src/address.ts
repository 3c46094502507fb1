/** Of the page, without an anchor; `#/…` and `#!…` are routes. Some sign-ins leave a token in the fragment. */
export function address(): string {
  return location.href.replace(/#(?![/!]).*$/, '');
}
