/** The bridge between window and main process, derived from the contract: named functions, never `ipcRenderer` itself. */
import { contextBridge, ipcRenderer } from "electron";
import { BRIDGE_NAME, callNames, channelOf, eventNames } from "../shared/view/contract.ts";

const calls = callNames().map((name) => [
  name,
  (...args: readonly unknown[]) => ipcRenderer.invoke(channelOf(name), ...args),
]);

const events = eventNames().map((name) => [
  name,
  (listener: (payload: unknown) => void) => {
    // The event object would hand `ipcRenderer` over to the page.
    const hear = (_event: unknown, payload: unknown) => listener(payload);
    ipcRenderer.on(channelOf(name), hear);
    return () => {
      // Nothing is given back: it would be `ipcRenderer`.
      ipcRenderer.removeListener(channelOf(name), hear);
    };
  },
]);

contextBridge.exposeInMainWorld(BRIDGE_NAME, Object.fromEntries([...calls, ...events]));
