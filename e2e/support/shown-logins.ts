/** Logins for pictures, in opencode's format for several accounts. */
import type { Pair } from "../../app/ports/credential-file.ts";
import type { AppScene } from "./app.ts";
import { expired } from "./entries.ts";

const DAY_S = 86_400;

interface Shown {
  readonly label: string;
  readonly pair: Pair;
}

async function putLogins({ home }: AppScene, logins: readonly Shown[]): Promise<void> {
  const now = Date.now();
  await home.putEntries({
    version: 2,
    providers: {
      anthropic: {
        type: "oauth",
        active: { default: logins[0]?.label },
        order: { default: logins.map(({ label }) => label) },
        records: logins.map(({ label, pair }) => ({
          id: label,
          namespace: "default",
          label,
          refresh: pair.refresh,
          access: pair.access,
          expires: pair.expires,
          createdAt: now,
          updatedAt: now,
          health: { successCount: 0, failureCount: 0 },
        })),
      },
    },
  });
}

/** One that was refreshed and pinged, one that ended, one that is limited, one whose pings are paused. */
export async function fourLogins(scene: AppScene): Promise<void> {
  const { server, home } = scene;
  const [work, private_, laptop, team] = [
    await server.issue({ endsIn: 19 * DAY_S }),
    await server.issue(),
    await server.issue(),
    await server.issue({ endsIn: 200 * DAY_S }),
  ];
  await server.revoke(private_.refresh);
  await putLogins(scene, [
    { label: "work", pair: work },
    { label: "private", pair: private_ },
    { label: "laptop", pair: laptop },
    { label: "team", pair: team },
  ]);
  await home.run("refresh", "anthropic/work", "anthropic/private");
  await server.script("token", { kind: "answer", status: 429, headers: { "retry-after": "5400" }, body: "{}" });
  await home.run("refresh", "anthropic/laptop");
  await home.run("ping", "anthropic/work", "anthropic/team");
  await home.run("pause", "anthropic/team");
}

export async function oneLogin(scene: AppScene): Promise<void> {
  await putLogins(scene, [{ label: "work", pair: expired(await scene.server.issue({ endsIn: 19 * DAY_S })) }]);
  await scene.home.run("refresh", "--all");
  await scene.home.run("ping", "--all");
}

/** Twelve, of which one has ended, and one ends soon. */
export async function twelveLogins(scene: AppScene): Promise<void> {
  const { server, home } = scene;
  const logins: Shown[] = [];
  for (let n = 1; n <= 12; n += 1) {
    const pair = await server.issue({ endsIn: n === 2 ? 3 * DAY_S : null });
    logins.push({ label: n === 5 ? "the laptop that stands in the office by the window" : `login ${n}`, pair });
  }
  const ended = logins[8];
  if (ended !== undefined) await server.revoke(ended.pair.refresh);
  await putLogins(scene, logins);
  await home.run("refresh", "anthropic/login 2", `anthropic/${ended?.label}`);
  await home.run("ping", "anthropic/login 2");
}

/** Many, with names as people give them: long ones, and some in another direction. */
export async function thirtyLogins(scene: AppScene): Promise<void> {
  const { server, home } = scene;
  const logins: Shown[] = [];
  for (let n = 1; n <= 30; n += 1) {
    const label = NAMES[n % 7]?.(n) ?? `login ${n}`;
    logins.push({ label, pair: await server.issue({ endsIn: n === 9 ? 2 * DAY_S : null }) });
  }
  const ended = logins[11];
  if (ended !== undefined) await server.revoke(ended.pair.refresh);
  await putLogins(scene, logins);
  await home.run("refresh", `anthropic/${ended?.label}`);
}

const NAMES: readonly (((n: number) => string) | undefined)[] = [
  undefined,
  (n) => `the laptop number ${n} that stands in the office by the window, second floor`,
  undefined,
  (n) => `המחשב הנייד ${n} במשרד הגדול שליד החלון`,
];
