/** Rows by the keyboard: Up and Down go from one to the next, Escape closes the one that one is in. */
export function walkRows(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { target, currentTarget, key } = event;
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return;
  const openers = [...currentTarget.querySelectorAll<HTMLElement>(".opener")];
  const at = openers.findIndex((opener) => target.closest("li")?.contains(opener));
  const here = openers[at];
  if (here === undefined) return;
  switch (key) {
    case "Escape":
      if (here.ariaExpanded !== "true") return;
      here.click();
      here.focus();
      break;
    case "ArrowDown":
    case "ArrowUp": {
      const next = openers[at + (key === "ArrowDown" ? 1 : -1)];
      // At either end the keys scroll, as they do elsewhere.
      if (next === undefined) return;
      next.focus();
      break;
    }
    default:
      return;
  }
  event.preventDefault();
}
