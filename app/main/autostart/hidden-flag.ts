/** With it the app starts in the tray, without a window. The one word that is ever written into a start entry. */
export const HIDDEN_FLAG = "--hidden";
