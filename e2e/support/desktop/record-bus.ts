import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "../wait.ts";

/** What went over a bus so far. */
export interface RecordedBus {
  recorded(): string;
  close(): Promise<void>;
}

/** Listens to everything on a bus of this desktop. */
export async function recordBus(
  env: Readonly<Record<string, string>>,
  bus: "session" | "system",
): Promise<RecordedBus> {
  const child: ChildProcess = spawn("dbus-monitor", [`--${bus}`], { env, stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout?.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
  });
  await until("the monitor listens", () => text.length > 0);
  return {
    recorded: () => text,
    async close() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
