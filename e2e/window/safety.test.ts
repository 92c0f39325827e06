import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chromiumMissing } from "../support/window/browser.ts";
import { windowSuite } from "../support/window/suite.ts";
import { accountIn, fourLogins, NOON, NOTICE, viewOf } from "../support/window/views.ts";

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
/** Turns the writing direction, rings, hides, ends a line. */
const HIDDEN = "\u202e\u0007\u200b\u2028\u{e0041}";

describe.skipIf(chromiumMissing())("the window lets nothing in and nothing out", () => {
  const suite = windowSuite();

  it("is three small files, without the schemas of the contract", async () => {
    const names = await readdir(suite.folder());
    expect(names.toSorted()).toEqual(["index.css", "index.html", "index.js"]);
    const files = await Promise.all(names.map((name) => readFile(join(suite.folder(), name))));
    const packed = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
    console.info(`The window is ${(packed / 1_024).toFixed(1)} KiB, packed with gzip.`);
    expect(packed).toBeLessThanOrEqual(60 * 1_024);
    // Every schema of valibot carries this.
    expect(Buffer.concat(files).includes("~standard")).toBe(false);
  });

  it("loads these and asks for nothing else, whatever is shown and done", async () => {
    const window = await suite.open({ view: viewOf(fourLogins(), { notice: NOTICE, tray: "missing" }) });
    const { page } = window;
    for (const button of ["Settings", "Refresh all now", "Refresh now: anthropic · work"])
      await page.getByRole("button", { name: button, exact: true }).click();
    const base = pathToFileURL(suite.folder()).href;
    expect(window.requests.toSorted()).toEqual([`${base}/index.css`, `${base}/index.html`, `${base}/index.js`]);
  });

  it("forbids by its policy what the page never does", async () => {
    const window = await suite.open({ view: viewOf([accountIn("healthy")]) }, "expected");
    const { page } = window;
    const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
    expect(policy?.split("; ")).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/` : "";
    const tried = await page.evaluate(`(async () => {
      const inline = document.createElement("script");
      inline.textContent = "document.title = 'inline script ran'";
      document.body.append(inline);
      const image = new Image();
      const refused = new Promise((resolve) => document.addEventListener("securitypolicyviolation", resolve, { once: true }));
      image.src = "${url}x.png";
      await refused;
      const fetched = await fetch("${url}").then(() => "fetched", () => "refused");
      return [document.title, fetched];
    })()`);
    expect(tried).toEqual(["Pilot Light", "refused"]);
    server.close();
    expect(url).not.toBe("");
    expect(connections).toBe(0);
    expect(window.complaints.join("\n")).toContain("Content Security Policy");
  });

  it("shows text of others as text, and nothing of it that hides or turns", async () => {
    const odd = `${MARKUP}${HIDDEN}`;
    const account = (state: Parameters<typeof accountIn>[0], at: number) =>
      accountIn(state, `${odd}/${at}`, { provider: odd, label: `${at}${odd}`, reason: odd, sharedWith: odd });
    const { page } = await suite.open({
      view: viewOf(
        [
          account("healthy", 1),
          account("shared", 2),
          account("signIn", 3),
          account("unreadable", 4),
          account("unmanaged", 5),
        ],
        {
          problem: odd,
          answers: { [`${odd}/1`]: { at: NOON, sentence: odd }, "*": { at: NOON, sentence: odd } },
          settingsProblem: { sentence: odd, maySetAside: true },
          notice: NOTICE,
          names: { [`${odd}/1`]: odd },
          startAtLogin: { on: false, locked: { kind: "foreignFile", path: odd } },
          version: odd,
          stateDir: odd,
          settingsFile: odd,
          logFile: odd,
          providers: [
            {
              id: odd,
              name: odd,
              signInHint: odd,
              signInNote: odd,
              signInNeeds: odd,
              termsNote: odd,
              tokenUrl: odd,
              apiUrl: odd,
              pingTarget: odd,
              pingDefault: odd,
            },
          ],
        },
        { path: odd, problem: odd },
      ),
    });
    const closed = page.locator("[aria-expanded=false]");
    while ((await closed.count()) > 0) await closed.first().click();
    await page.getByRole("button", { name: /^Copy sign-in command/ }).click();
    await page.getByText("Copied: <img src=x").waitFor();
    const shown = await page.content();
    expect(Array.from(HIDDEN).filter((char) => shown.includes(char))).toEqual([]);
    expect(await page.locator("img, body script").count()).toBe(0);
    expect(await page.title()).toBe("Pilot Light");
    expect(await page.getByText(MARKUP).count()).toBeGreaterThan(10);
  });

  it("says what it is when something else opens it", async () => {
    const { page } = await suite.open({ view: viewOf([]) });
    // The same page without a bridge: as a person would find it in the folder.
    const other = await page.context().newPage();
    await other.goto(pathToFileURL(join(suite.folder(), "index.html")).href);
    await other.getByText("This page belongs to Pilot Light and works only inside it.").waitFor();
  });
});
