import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Environment, firstLine, type startOwn } from "./process.ts";

export interface BusOptions {
  readonly own: typeof startOwn;
  /** Where its socket and settings stand. */
  readonly folder: string;
  readonly name: "session" | "system";
  readonly env: Environment;
}

/** Starts a bus that starts no programs: it knows of no services. @returns its address. */
export async function startBus({ own, folder, name, env }: BusOptions): Promise<string> {
  const settings = join(folder, `${name}-bus.conf`);
  await writeFile(settings, busSettings(join(folder, `${name}-bus`)));
  const bus = await own("dbus-daemon", [`--config-file=${settings}`, "--nofork", "--print-address=1"], env);
  return firstLine(bus, `the ${name} bus`);
}

function busSettings(socket: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
`;
}
