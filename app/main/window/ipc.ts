import type { IpcMain, IpcMainInvokeEvent } from "electron";
import * as v from "valibot";
import { sentenceOfError } from "../../shared/data/errors.ts";
import {
  type CallName,
  CONTRACT,
  callNames,
  channelOf,
  type Handlers,
  type Reply,
} from "../../shared/view/contract.ts";
import { IPC_WORDS } from "../../shared/words/window.ts";

export interface IpcDeps {
  readonly ipcMain: Pick<IpcMain, "handle">;
  readonly handlers: Handlers;
  /** Does this message come from the top frame of our own window, which still shows our own page? */
  readonly isOurPage: (event: IpcMainInvokeEvent) => boolean;
}

const REFUSED = { ok: false, sentence: IPC_WORDS.refused } as const;
const OUT_OF_SHAPE = { ok: false, sentence: IPC_WORDS.outOfShape } as const;

/** Answers every call of the contract: the sender and the arguments are checked, errors cross as one sentence. */
export function registerHandlers({ ipcMain, handlers, isOurPage }: IpcDeps): void {
  for (const name of callNames()) {
    ipcMain.handle(channelOf(name), async (event, ...args: readonly unknown[]) =>
      isOurPage(event) ? answer(handlers, name, args) : REFUSED,
    );
  }
}

/** @returns what the handler gave, cut to the contract's schema; never throws. */
export async function answer(handlers: Handlers, name: CallName, args: readonly unknown[]): Promise<Reply<unknown>> {
  const { takes, gives } = CONTRACT[name];
  const taken = v.safeParse(takes, args);
  if (!taken.success) return OUT_OF_SHAPE;
  // One name, so one shape; TypeScript cannot see through the union of all of them.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const handle = handlers[name] as (...all: readonly unknown[]) => unknown;
  try {
    return { ok: true, value: v.parse(gives, await handle(...taken.output)) };
  } catch (error) {
    return { ok: false, sentence: sentenceOfError(error) };
  }
}
