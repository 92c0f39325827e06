/**
 * Keeps the place of who walks by keyboard: when what had the focus goes away (a button that the new state of a login does
 * not offer), what it stood in gets the focus, instead of the page as a whole. Such places carry `data-home`.
 */
export function keepFocus(root: HTMLElement): void {
  let last: { readonly element: Element; readonly homes: readonly HTMLElement[] } | null = null;
  root.addEventListener("focusin", ({ target }) => {
    if (target instanceof Element) last = { element: target, homes: homesOf(target) };
  });
  new MutationObserver(() => {
    if (last === null || last.element.isConnected) return;
    const { homes } = last;
    last = null;
    const { activeElement } = document;
    if (activeElement !== null && activeElement !== document.body) return;
    homes.find((home) => home.isConnected)?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}

/** Nearest first. */
function homesOf(element: Element): readonly HTMLElement[] {
  const home = element.closest<HTMLElement>("[data-home]");
  if (home === null) return [];
  return [home, ...(home.parentElement === null ? [] : homesOf(home.parentElement))];
}
