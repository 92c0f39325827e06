import { describe, expect, it } from "vitest";
import { seekerOf } from "./seeker.ts";

const TOKEN = "sk-ant-ort01-planted-zV3n8sYq0PfLk2Wd9XbT7hRc5MgJ1aQe";
const ODD = `a"b/c\\d é planted-xyz0123456789`;
const seeker = seekerOf([TOKEN, ODD]);
const escaped = (text: string): string =>
  Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

describe("looking for a token", () => {
  it.for([
    ["whole", TOKEN],
    ["its first characters", TOKEN.slice(0, 22)],
    ["twelve characters out of its middle", TOKEN.slice(30, 42)],
    ["in base64", Buffer.from(TOKEN).toString("base64")],
    ["in base64, one byte in", Buffer.from(`x${TOKEN}`).toString("base64")],
    ["in base64, two bytes in", Buffer.from(`xy${TOKEN}`).toString("base64url")],
    ["a piece of it in base64", Buffer.from(TOKEN.slice(29, 44)).toString("base64")],
    [
      "percent-encoded, every byte",
      `%${Buffer.from(TOKEN)
        .toString("hex")
        .replace(/..(?=.)/g, "$&%")}`,
    ],
    ["in a URL", encodeURIComponent(ODD)],
    ["as JSON in JSON", JSON.stringify({ text: JSON.stringify({ ODD }) })],
    ["as escapes of JSON", escaped(TOKEN)],
    ["in base64 in a URL", encodeURIComponent(Buffer.from(`{"a":"${TOKEN}"}`).toString("base64"))],
    ["in hex", Buffer.from(TOKEN).toString("hex")],
    ["in UTF-16", Buffer.from(TOKEN, "utf16le").toString("latin1")],
    ["broken over two lines", `${TOKEN.slice(0, 16)}\r\n  ${TOKEN.slice(16, 40)}`],
  ] as const)("finds it %s", ([, dressed]) => {
    const found = seeker.findIn(`{"before": 1, "x": "${dressed}", "after": 2}`);
    expect(found).not.toEqual([]);
    expect(JSON.stringify(found)).not.toContain("planted");
  });

  it("finds nothing where there is none", () => {
    const text = `sk-ant-ort01-[redacted] ${Buffer.from("some other text, long enough").toString("base64")} %20 \\"`;
    expect(seeker.findIn(text)).toEqual([]);
    expect(seeker.findIn(TOKEN.slice(30, 41))).toEqual([]);
  });
});
