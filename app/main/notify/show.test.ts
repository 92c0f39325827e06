import { expect, it } from "vitest";
import { notificationShower } from "./show.ts";

it.each([
  ["linux", "A &lt;a href='http://x'&gt;link&lt;/a&gt; &amp; more"],
  ["darwin", "A <a href='http://x'>link</a> & more"],
] as const)("A name in a notification is no link, on %s", async (platform, body) => {
  const asked: unknown[] = [];
  const shower = notificationShower({
    create: (options) => {
      asked.push(options.body);
      return null;
    },
    icon: "",
    platform,
    keep: new Set(),
  });
  await shower({ title: "t", body: "A <a href='http://x'>link</a> & more" }, () => undefined);
  expect(asked).toEqual([body]);
});
